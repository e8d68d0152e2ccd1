extension Account {
    /// What is held of one subject: the running period and the grants that can be drawn on.
    public struct Balance: Hashable, Sendable {
        /// What a balance is of.
        public enum Subject: Hashable, Sendable {
            /// A meter's own units.
            case meter(Meter.ID)
            /// The credits of a pool, which meters draw on after their own units.
            case pool(CreditPool.ID)
        }

        /// What the balance is of.
        public let subject: Subject

        /// The running period as it was last written down, or `nil` while there was none.
        public private(set) var period: Period?

        /// The live grants, the one to be drawn on next last: so it leaves without the others being moved.
        private var stack: [Grant] = []

        /// What is known ahead of time.
        private var outlook = Derived(Outlook())

        /// What stays true of the balance for a while, so that nothing is added up with every command.
        private struct Outlook {
            /// The first instant of the while.
            var from = Timestamp(microseconds: .min)
            /// The first instant after it: the next at which a grant starts or ends.
            var until = Timestamp(microseconds: .min)
            /// The units that can be used in it; 128 bits, because grants of 63 bits are added up.
            var available: Int128 = 0
            /// The units that were given by the grants that can be used in it, used or not.
            var given: Int128 = 0
            /// The first instant at which something has to be written down; grants that have started since are
            /// not among it.
            var dueAt = Timestamp(microseconds: .min)
            /// The place of the grant that is drawn on next; those that burn before it cannot be used in the while.
            var next = -1
            /// Whether something has changed that the rest does not know of.
            var hasPassed = true

            func covers(_ now: Timestamp) -> Bool { !hasPassed && from <= now && now < until }
        }

        init(subject: Subject) {
            self.subject = subject
        }

        /// The grants with units left or set aside, in the order that they are drawn on.
        public var grants: [Grant] { stack.reversed() }

        /// The number of live grants.
        public var grantCount: Int { stack.count }
    }
}

// MARK: Reading

extension Account.Balance {
    /// Returns the units that can be used at an instant; more than an `Int64` holds count as its greatest.
    ///
    /// - Complexity: O(1) between two instants at which a grant starts or ends, else O(grants).
    public func available(at now: Timestamp) -> Int64 {
        Int64(clamping: exactlyAvailable(at: now))
    }

    /// Returns the same without a greatest: grants that each fit are added up.
    func exactlyAvailable(at now: Timestamp) -> Int128 {
        outlook.value.covers(now)
            ? outlook.value.available
            : stack.reduce(0) { $1.isUsable(at: now) ? $0 + Int128($1.remaining) : $0 }
    }

    /// Returns the units that were given by the grants that can be used at an instant, used or not.
    func given(at now: Timestamp) -> Int128 {
        outlook.value.covers(now)
            ? outlook.value.given
            : stack.reduce(0) { $1.isUsable(at: now) ? $0 + Int128($1.given) : $0 }
    }

    /// Returns whether nothing has to be written down for an instant, and what can be used is known for it.
    func isSettled(at now: Timestamp) -> Bool {
        outlook.value.covers(now) && now < outlook.value.dueAt
    }

    /// The earliest instant at which something happens to the balance by time alone.
    var dueAt: Timestamp {
        outlook.value.hasPassed ? Timestamp(microseconds: .min) : min(outlook.value.dueAt, outlook.value.until)
    }

    /// Returns the grants that meet a demand, as far as they suffice, in the order that they are drawn on.
    func parts(upTo amount: Int64, at now: Timestamp) -> [Account.Hold.Part] {
        var missing = amount
        var parts: [Account.Hold.Part] = []
        for grant in stack.reversed() where missing > 0 && grant.remaining > 0 && grant.isUsable(at: now) {
            let taken = min(grant.remaining, missing)
            parts.append(Account.Hold.Part(grant: grant.id, amount: taken))
            missing -= taken
        }
        return parts
    }

    /// What a decision has to know of a balance where nothing is due; the whole is much to copy.
    struct Prospect {
        /// When the running period began.
        let start: Timestamp
        /// The units used in it.
        let used: Int64
        /// The units that can be used.
        let available: Int128
        /// The units that were given by the grants that can be used.
        let given: Int128
        /// The grant that meets the demand alone, with more than that left, or `nil` where none does.
        let cover: Account.Draw.Cover?
    }

    /// Returns what a decision has to know, or `nil` where something has to be written down first.
    ///
    /// - Complexity: O(1).
    func prospect(of amount: Int64, at now: Timestamp) -> Prospect? {
        // Each part on its own: a whole period or grant is much to copy.
        guard isSettled(at: now), let start = period?.span.start, let used = period?.used else { return nil }
        let next = outlook.value.next
        let grants = stack.span
        var cover: Account.Draw.Cover?
        if next >= 0, grants[next].remaining > amount { cover = .grant(grants[next].id, grants[next].source) }
        return Prospect(
            start: start,
            used: used,
            available: outlook.value.available,
            given: outlook.value.given,
            cover: cover
        )
    }

    /// Units that a use takes of one grant.
    struct Taking {
        /// The grant as it is before.
        let grant: Account.Grant
        /// The units, 1 or more.
        let amount: Int64
        /// Whether nothing is left of it then and nothing set aside, so that it leaves the live grants.
        let finishesIt: Bool
    }

    /// Returns what a use takes of the grants that meet it, or `nil` where they do not suffice; for an instant that
    /// ``prospect(of:at:)`` has an answer for.
    ///
    /// - Complexity: O(grants that are drawn on), and those of them that cannot be used yet.
    func takings(of amount: Int64, at now: Timestamp) -> [Taking]? {
        var takings: [Taking] = []
        var missing = amount
        var index = outlook.value.next
        while missing > 0 {
            guard index >= 0 else { return nil }
            if stack.span[index].remaining > 0, isUsable(index, at: now) {
                let grant = stack[index]
                let taken = min(missing, grant.remaining)
                let finishesIt = taken == grant.remaining && grant.held == 0 && grant.id != period?.grant
                takings.append(Taking(grant: grant, amount: taken, finishesIt: finishesIt))
                missing -= taken
            }
            index -= 1
        }
        return takings
    }

    /// Returns a live grant.
    package func grant(_ id: Account.Grant.ID) -> Account.Grant? {
        index(of: id).map { stack[$0] }
    }

    /// Returns the grants that are over at an instant and have not been written off, next to be drawn on first.
    func grantsOver(at now: Timestamp) -> [Account.Grant] {
        stack.reversed().filter { $0.isOver(at: now) && ($0.remaining > 0 || $0.held == 0) }
    }

    private func index(of id: Account.Grant.ID) -> Int? {
        // Most often it is the one that is drawn on next.
        let next = outlook.value.next
        if stack.indices.contains(next), stack[next].id == id { return next }
        return stack.indices.last { stack[$0].id == id }
    }
}

// MARK: Changing

extension Account.Balance {
    /// Puts another running period in the place of the present one.
    mutating func open(_ period: Account.Period?) {
        self.period = period
        outlook.value.hasPassed = true
    }

    /// Changes the counters of the running period, or the grant that it gave.
    mutating func countInPeriod(_ body: (inout Account.Period) -> Void) {
        period?.count(body)
    }

    /// Lets the running period, and the grant that it gave, end at another instant.
    mutating func extendPeriod(until end: Timestamp) {
        guard var period else { return }
        let before = period.span.end
        period.span = TimeSpan(from: period.span.start, to: end)
        open(period)
        // What was left over from the period before ends with this one too.
        for grant in stack where grant.id == period.grant || grant.isOfPeriod && grant.expiry == before {
            guard var grant = remove(grant.id, keepingPeriod: true) else { continue }
            grant.expiry = period.span.end
            insert(grant)
        }
    }

    /// Adds a grant where the order wants it.
    mutating func insert(_ grant: Account.Grant) {
        // The first from the end that comes later in the stack, that is: burns before this one.
        var low = 0
        var high = stack.count
        while low < high {
            let middle = (low + high) / 2
            if Account.Grant.burnsBefore(grant, stack[middle]) { low = middle + 1 } else { high = middle }
        }
        stack.insert(grant, at: low)
        outlook.value.hasPassed = true
    }

    /// Counts units that were used.
    mutating func take(_ draw: borrowing Account.Draw) {
        let (amount, at) = (draw.amount, draw.at)
        if case .grant(let grant, _) = draw.cover, let index = index(of: grant) {
            let (before, given) = (stack.span[index].remaining, stack.span[index].given)
            stack[index].used.add(amount)
            note(before: before, givenBefore: given, at: index)
        }
        guard let start = period?.span.start else { return }
        if period?.lastUsed.map({ $0 < at }) ?? true { period?.lastUsed = at }
        // Work that began in an earlier period counts there, even when its end is told in this one.
        guard at >= start else { return }
        period?.used.add(amount)
        if case .nothing = draw.cover { period?.uncovered.add(amount) }
    }

    /// Changes the counters of a grant, and returns whether it is among these.
    mutating func count(in id: Account.Grant.ID, _ body: (inout Account.Grant) -> Void) -> Bool {
        guard let index = index(of: id) else { return false }
        let (before, givenBefore) = (stack[index].remaining, stack[index].given)
        body(&stack[index])
        note(before: before, givenBefore: givenBefore, at: index)
        return true
    }

    /// Returns whether the grant at a place can be used at an instant; field by field, for a grant is much to copy.
    private func isUsable(_ index: Int, at now: Timestamp) -> Bool {
        let grants = stack.span
        guard grants[index].effective <= now || grants[index].source == .allowance else { return false }
        return grants[index].expiry.map { now < $0 } ?? true
    }

    /// Finds the grant that is drawn on next, from where it was.
    private mutating func findNext() {
        var index = min(outlook.value.next, stack.count - 1)
        while index >= 0, stack.span[index].remaining <= 0 || !isUsable(index, at: outlook.value.from) { index -= 1 }
        outlook.value.next = index
    }

    /// Keeps what is known ahead of time true after the counters of a grant have changed.
    private mutating func note(before: Int64, givenBefore: Int64, at index: Int) {
        let (after, given) = (stack.span[index].remaining, stack.span[index].given)
        if isUsable(index, at: outlook.value.from) {
            outlook.value.available += Int128(after) - Int128(before)
            outlook.value.given += Int128(given) - Int128(givenBefore)
            // What had been used up and got something back comes first again; what is used up lets others come.
            if after > 0, index > outlook.value.next { outlook.value.next = index }
            if after == 0, index == outlook.value.next { findNext() }
        }
        // A grant that is over is due again when a hold gives it something back.
        if before == 0, let expiry = stack.span[index].expiry { outlook.value.dueAt = min(outlook.value.dueAt, expiry) }
    }

    /// Takes back what a grant has left and ends it, and returns whether it is among these.
    mutating func void(_ id: Account.Grant.ID, _ amount: Int64, at now: Timestamp) -> Bool {
        guard let index = index(of: id) else { return false }
        var grant = stack.remove(at: index)
        grant.voided.add(amount)
        grant.expiry = min(grant.expiry ?? now, now)
        insert(grant)
        return true
    }

    /// Puts a grant in the place of the one of its name, if there is one.
    mutating func restore(_ grant: Account.Grant) {
        _ = remove(grant.id, keepingPeriod: true)
        insert(grant)
    }

    /// Takes a grant out.
    mutating func remove(_ id: Account.Grant.ID, keepingPeriod: Bool = false) -> Account.Grant? {
        guard let index = index(of: id) else { return nil }
        let grant = stack.remove(at: index)
        if index <= outlook.value.next {
            outlook.value.next -= 1
            findNext()
        }
        if grant.isUsable(at: outlook.value.from) {
            outlook.value.available -= Int128(grant.remaining)
            outlook.value.given -= Int128(grant.given)
        }
        if !keepingPeriod, period?.grant == id { period?.grant = nil }
        // What was known ahead must not hang on a grant that has gone: an account is due when its stored rows say so.
        let turns = [grant.expiry, grant.effective]
        if turns.contains(outlook.value.until) || turns.contains(outlook.value.dueAt) { outlook.value.hasPassed = true }
        return grant
    }

    /// Looks ahead from an instant, unless what is known reaches beyond it.
    mutating func lookAhead(from now: Timestamp) {
        guard !isSettled(at: now) else { return }
        let end = Timestamp(microseconds: .max)
        var next = Outlook(from: now, until: end, dueAt: period?.span.end ?? end, hasPassed: false)
        next.next = stack.indices.last { stack[$0].remaining > 0 && stack[$0].isUsable(at: now) } ?? -1
        for grant in stack {
            if now < grant.effective, grant.source != .allowance { next.until = min(next.until, grant.effective) }
            if grant.isUsable(at: now) {
                next.available += Int128(grant.remaining)
                next.given += Int128(grant.given)
            }
            guard let expiry = grant.expiry else { continue }
            if now < expiry { next.until = min(next.until, expiry) }
            if now < expiry || grant.remaining > 0 { next.dueAt = min(next.dueAt, expiry) }
        }
        outlook.value = next
    }
}

extension Account.Balance.Subject: Comparable {
    /// Returns whether the first comes before the second.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.meter(let left), .meter(let right)): left < right
        case (.pool(let left), .pool(let right)): left < right
        case (.meter, .pool): true
        case (.pool, .meter): false
        }
    }
}

extension Account.Balance.Subject {
    /// The id of the meter or the pool.
    package var name: String {
        switch self {
        case .meter(let meter): meter.rawValue
        case .pool(let pool): pool.rawValue
        }
    }
}

extension Account.Balance.Subject: CustomStringConvertible {
    /// The subject in words, such as `meter documents`.
    public var description: String {
        switch self {
        case .meter(let meter): "meter \(meter)"
        case .pool(let pool): "pool \(pool)"
        }
    }
}
