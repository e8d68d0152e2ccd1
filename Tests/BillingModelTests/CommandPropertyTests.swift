import BillingModel
import Testing

/// Random lives of customers: every kind of command, in any order, with a clock that jumps both ways.
@Suite struct CommandPropertyTests {
    static let parts = 5
    static let livesPerPart = 50
    static let commandsPerLife = 200

    @Test(arguments: 0..<parts)
    func `whatever is asked, the books balance`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "commands, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var tally = Tally()
        for number in 0..<Self.livesPerPart {
            var life = try Life(customer: CustomerID("customer \(number)"))
            for step in 0..<Self.commandsPerLife {
                try life.step(using: &generator, tally: &tally)
                if step.isMultiple(of: 10) { try life.check() }
            }
            try life.check()
        }
        print("commands, part \(part):\n\(tally)")
        tally.check()
    }
}

/// How often each kind of command met each kind of answer.
private struct Tally: CustomStringConvertible {
    private var counts: [Account.Change.Kind: [String: Int]] = [:]

    mutating func count(_ kind: Account.Change.Kind, _ outcome: String) {
        counts[kind, default: [:]][outcome, default: 0] += 1
    }

    private func share(_ outcome: String, of kind: Account.Change.Kind) -> Double {
        let all = counts[kind, default: [:]].filter { !$0.key.hasPrefix("+") }.values.reduce(0, +)
        return all == 0 ? 0 : 100 * Double(counts[kind, default: [:]][outcome, default: 0]) / Double(all)
    }

    var description: String {
        Account.Change.Kind.allCases.map { kind in
            let outcomes = counts[kind, default: [:]].keys.sorted().map { outcome in
                "\(outcome) \(Int(share(outcome, of: kind).rounded()))%"
            }
            return "  \(kind.rawValue): \(outcomes.joined(separator: ", "))"
        }.joined(separator: "\n")
    }

    /// Easy lives prove nothing: what matters has to come up in one of twenty commands of its kind.
    func check() {
        let important: [(Account.Change.Kind, [String])] = [
            (.consume, ["applied", "denied", "repeated", "+partly", "+several"]),
            (.record, ["applied", "repeated", "+overage"]),
            (.reserve, ["held", "denied", "repeated", "error"]),
            (.capture, ["applied", "repeated", "+late", "+overage"]),
            (.release, ["applied", "already released"]),
            (.grant, ["granted", "already granted", "repeated"]),
            (.void, ["applied", "already over", "repeated"]),
            (.startUpgrade, ["upgrade"]),
            (.provider, ["taken", "already taken", "stale"]),
        ]
        for (kind, outcomes) in important {
            for outcome in outcomes {
                #expect(share(outcome, of: kind) >= 5, "\(kind.rawValue) was too seldom \(outcome)")
            }
        }
    }
}

/// One customer's random life.
private struct Life {
    private var ledger: Ledger
    private var clock = Fixture.opening
    private var works: [Work] = []
    private var sent: [Account.Command] = []
    private var nextKey = 0
    private var version = Fixture.opening
    private var period = Fixture.days(0, 31)

    init(customer: CustomerID) throws {
        ledger = try Ledger(customer)
    }

    /// Returns the account as a store gives it back: the same parts in another order.
    private func reloaded() -> Account {
        let account = ledger.account
        return Account(
            customer: account.customer,
            revision: account.revision,
            instant: account.instant,
            anchor: account.anchor,
            standing: account.standing,
            periods: account.periods.reversed(),
            grants: account.grants.reversed(),
            holds: account.holds.reversed(),
            subscriptions: account.subscriptions.reversed(),
            upgrades: account.upgrades.reversed()
        )
    }

    mutating func step(using generator: inout SeededGenerator, tally: inout Tally) throws {
        advance(using: &generator)
        let command = try command(using: &generator)
        let before = ledger.account
        do {
            let preview = try ledger.decide(command, at: clock)
            let slow = try ledger.decideStepByStep(command, at: clock)
            let decision = try ledger.send(command, at: clock)
            #expect(decision == preview, "the same inputs lead to the same decision")
            #expect(decision == slow, "the short way leads where the long way does")
            judge(decision, of: command, tally: &tally)
            if case .held(let receipt, let hold) = decision.answer, let key = command.key {
                works.append(Work(key: key, receipt: receipt, hold: hold))
            }
            if decision.change == nil { #expect(ledger.account == before) }
        } catch let error as Account.DecisionError {
            tally.count(command.kind, "error")
            #expect(ledger.account == before, "an error leaves no trace")
            switch error.code {
            case .keyReused, .workInProgress: break
            // A name that was made up may be an allowance's.
            case .grantNotAllowed where command.kind == .void: break
            default: Issue.record("\(command): \(error)")
            }
        }
        #expect(ledger.account.instant >= before.instant)
        sent.append(command)
    }

    private func judge(_ decision: Account.Decision, of command: Account.Command, tally: inout Tally) {
        let kind = command.kind
        switch decision.answer {
        case .applied(let receipt):
            tally.count(kind, "applied")
            if case .consumeAll(let uses) = command.action {
                #expect(receipt.lines.map(\.meter) == uses.map(\.meter))
                #expect(receipt.lines.map(\.amount) == uses.map(\.amount))
                if uses.count > 1 { tally.count(kind, "+several") }
            }
            if case .consume(let use) = command.action {
                #expect(receipt.amount == use.amount || use.isPartial && receipt.remaining == .units(0))
                if receipt.amount < use.amount { tally.count(kind, "+partly") }
            }
            if receipt.isLate { tally.count(kind, "+late") }
            if receipt.overage > 0 { tally.count(kind, "+overage") }
            #expect((0...receipt.amount).contains(receipt.overage))
            if case .units(let units) = receipt.remaining { #expect(units >= 0) }
            #expect(decision.change?.receipt == receipt && decision.change?.revision == receipt.revision)
        case .held: tally.count(kind, "held")
        case .repeated: tally.count(kind, "repeated")
        case .denied(let denial):
            tally.count(kind, "denied")
            #expect(decision.change == nil)
            #expect(denial.remaining >= 0 && denial.remaining < denial.requested)
            if let resetsAt = denial.resetsAt { #expect(resetsAt > ledger.account.instant) }
        case .granted(let receipt, let id):
            tally.count(kind, "granted")
            #expect(decision.change?.receipt == receipt)
            #expect(receipt.grant == id)
        case .alreadyGranted: tally.count(kind, "already granted")
        case .alreadyOver: tally.count(kind, "already over")
        case .alreadyReleased: tally.count(kind, "already released")
        case .upgrade: tally.count(kind, "upgrade")
        case .taken: tally.count(kind, "taken")
        case .alreadyTaken: tally.count(kind, "already taken")
        case .stale: tally.count(kind, "stale")
        }
    }

    // MARK: Laws

    func check() throws {
        ledger.audit.check(ledger.account)
        var folded = Account(customer: ledger.account.customer)
        for change in ledger.journal {
            let isNext = folded.apply(change)
            #expect(isNext)
        }
        #expect(folded == ledger.account, "the account is what its journal says")
        #expect(reloaded() == ledger.account, "a store may give the parts back in any order")
        for period in ledger.account.periods {
            let drawn = ledger.usage(of: period.meter, since: period.span.start).units
            #expect(period.used == drawn, "what was used in a period is what was drawn in it")
        }
        try checkThatNothingHappensBeforeItIsDue()
        let overview = try ledger.overview(at: max(clock, ledger.account.instant))
        for line in overview.meters {
            #expect(line.used >= 0 && line.held >= 0 && line.overage >= 0)
            #expect(line.period.contains(overview.at) || line.period.start > overview.at)
            guard case .limited(let units, per: _, overage: _, rollover: _) = line.allowance,
                case .units(let left) = line.remaining
            else { continue }
            let aside: Int64 = ledger.account.holds.reduce(0) { sum, hold in
                let isLive = hold.lapsesAt > overview.at && hold.reservedAt >= line.period.start
                return sum + (isLive && hold.meter == line.meter.id ? ownUnits(of: hold) : 0)
            }
            let used = line.used - ledger.usage(of: line.meter.id, since: line.period.start).fromOtherGrants
            let own = max(0, units - used - aside)
            let others = overview.grants.filter { grant in
                grant.source != .allowance && grant.subject == .meter(line.meter.id) && grant.span.contains(overview.at)
            }
            #expect(left == own + others.reduce(0) { $0 + $1.remaining }, "remaining = allowance - used - held")
        }
    }

    private func checkThatNothingHappensBeforeItIsDue() throws {
        let instant = ledger.account.instant
        guard !ledger.account.isNew, let dueAt = ledger.account.dueAt, dueAt > instant else { return }
        let (now, then) = (try ledger.overview(at: instant), try ledger.overview(at: dueAt - .tick))
        #expect(now.tier == then.tier && now.accessUntil == then.accessUntil)
        // A meter that was never used has nothing yet that could stay the same.
        let begun = Set(ledger.account.periods.map { Account.Balance.Subject.meter($0.meter) })
        let (here, there) = (
            now.grants.filter { begun.contains($0.subject) }, then.grants.filter { begun.contains($0.subject) }
        )
        #expect(here == there, "nothing happens before \(dueAt)")
        for line in now.meters where ledger.account.periods.contains(where: { $0.meter == line.meter.id }) {
            #expect(then[line.meter.id] == line, "nothing happens before \(dueAt)")
        }
    }

    /// The units of a hold that are of allowances, or of none.
    private func ownUnits(of hold: Account.Hold) -> Int64 {
        let others = Set(ledger.account.grants.filter { $0.source != .allowance }.map(\.id))
        return hold.parts.reduce(0) { sum, part in
            sum + (part.grant.map(others.contains) ?? false ? 0 : part.amount)
        }
    }

    // MARK: Commands

    private mutating func advance(using generator: inout SeededGenerator) {
        let step: Duration =
            switch Int.random(in: 0..<40, using: &generator) {
            case 0: .days(Int64.random(in: 1...60, using: &generator))
            case 1...4: .days(1)
            case 5: .zero - .hours(Int64.random(in: 1...48, using: &generator))
            case 6...15: .zero
            default: .minutes(Int64.random(in: 1...90, using: &generator))
            }
        clock = clock + step
    }

    private mutating func command(using generator: inout SeededGenerator) throws -> Account.Command {
        // A retry is the same command again: mostly one of the last few.
        if Int.random(in: 0..<8, using: &generator) == 0, let again = sent.suffix(6).randomElement(using: &generator) {
            return again
        }
        let meter: Meter.ID = Int.random(in: 0..<4, using: &generator) == 0 ? .searches : .documents
        switch Int.random(in: 0..<100, using: &generator) {
        case ..<6:
            return .consumeAll(
                [(.documents, amount(using: &generator)), (.searches, 1)],
                key: freshKey()
            )
        case ..<19: return .consume(amount(using: &generator), of: meter, key: freshKey())
        case ..<26: return .consume(upTo: 5 * amount(using: &generator), of: meter, key: freshKey())
        case ..<30: return .record(amount(using: &generator), of: meter, key: freshKey())
        case ..<47: return reservation(of: meter, using: &generator)
        case ..<62: return capture(using: &generator) ?? .consume(1, key: freshKey())
        case ..<69: return release(using: &generator) ?? .consume(1, key: freshKey())
        case ..<74: return wish(using: &generator)
        case ..<82: return granting(of: meter, using: &generator)
        case ..<86: return voiding(using: &generator)
        default: return .take(try word(using: &generator), key: freshKey())
        }
    }

    private mutating func freshKey() -> Account.Key {
        nextKey += 1
        return Account.Key("key \(nextKey)")
    }

    private func amount(using generator: inout SeededGenerator) -> Int64 {
        Int64.random(in: 1...(Int.random(in: 0..<6, using: &generator) == 0 ? 30 : 4), using: &generator)
    }

    private mutating func reservation(of meter: Meter.ID, using generator: inout SeededGenerator) -> Account.Command {
        // Work is tried again under its key by somebody else, while it goes on, after it failed or is done.
        if let old = works.suffix(5).randomElement(using: &generator), Int.random(in: 0..<4, using: &generator) == 0 {
            nextKey += 1
            return .reserve(old.receipt.amount, of: old.receipt.meter, key: old.key, attempt: "try \(nextKey)")
        }
        if let hold = ledger.account.holds.randomElement(using: &generator),
            Int.random(in: 0..<6, using: &generator) == 0
        {
            nextKey += 1
            return .reserve(hold.amount, of: hold.meter, key: hold.key, attempt: "try \(nextKey)")
        }
        let duration = Duration.minutes([5, 60, 600, 60 * 24 * 40].randomElement(using: &generator) ?? 5)
        return .reserve(amount(using: &generator), of: meter, key: freshKey(), for: duration)
    }

    private func capture(using generator: inout SeededGenerator) -> Account.Command? {
        work(using: &generator).map { work in
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: work.capture(Int64.random(in: 0...work.receipt.amount, using: &generator))
            case 1: work.capture(work.receipt.amount + Int64.random(in: 1...40, using: &generator))
            default: work.capture()
            }
        }
    }

    private func release(using generator: inout SeededGenerator) -> Account.Command? {
        work(using: &generator).map { Account.Command(.release($0.hold)) }
    }

    private func work(using generator: inout SeededGenerator) -> Work? {
        works.suffix(6).randomElement(using: &generator)
    }

    private mutating func granting(of meter: Meter.ID, using generator: inout SeededGenerator) -> Account.Command {
        let effective = [nil, nil, clock + .hours(30), clock - .days(2)].randomElement(using: &generator) ?? nil
        let life = [nil, Duration.hours(1), .days(3), .days(40)].randomElement(using: &generator) ?? nil
        // One in eight is told of when it is over.
        let isLate = effective == nil && Int.random(in: 0..<8, using: &generator) == 0
        return .grant(
            Int64.random(in: 1...12, using: &generator),
            of: meter,
            from: [.trial, .promotion, .order, .refund, .adjustment].randomElement(using: &generator) ?? .order,
            priority: [0, 0, 0, -1, 1].randomElement(using: &generator) ?? 0,
            effective: effective,
            expiry: isLate ? clock - .hours(1) : life.map { (effective ?? clock) + $0 },
            for: Bool.random(using: &generator) ? "pack-\(Int.random(in: 0..<8, using: &generator))" : nil,
            key: freshKey()
        )
    }

    private mutating func voiding(using generator: inout SeededGenerator) -> Account.Command {
        // What was done is asked for again, from time to time.
        let last = ledger.journal.last { $0.kind == .void }?.key
        if let last, let again = sent.last(where: { $0.key == last }), Int.random(in: 0..<6, using: &generator) == 0 {
            return again
        }
        let isLive = Int.random(in: 0..<4, using: &generator) > 0
        let known = isLive ? ledger.account.grants.filter { $0.source != .allowance }.map(\.id) : []
        let gone = Account.Grant.ID("\(Int.random(in: 1...99, using: &generator)).0")
        return Account.Command(.void(known.randomElement(using: &generator) ?? gone), key: freshKey())
    }

    private func wish(using generator: inout SeededGenerator) -> Account.Command {
        let request = Account.Command.UpgradeRequest(
            tier: Bool.random(using: &generator) ? .pro : .enterprise,
            cycle: .month,
            reference: [nil, "a", "b"].randomElement(using: &generator) ?? nil
        )
        return Account.Command(.startUpgrade(request))
    }

    private mutating func word(using generator: inout SeededGenerator) throws -> ProviderSnapshot {
        // One in four words is older than one that was sent before it.
        if Int.random(in: 0..<4, using: &generator) == 0 {
            version = version - .hours(Int64.random(in: 1...72, using: &generator))
        } else {
            version = max(version, clock) + .minutes(1)
        }
        let reference = [nil, "a", "b"].randomElement(using: &generator) ?? nil
        let checkout = "checkout-\(Int.random(in: 0..<3, using: &generator))"
        switch Int.random(in: 0..<8, using: &generator) {
        case 0:
            let order = try Fixture.order(
                "order-\(Int.random(in: 0..<3, using: &generator))",
                at: version,
                isPaid: Bool.random(using: &generator),
                checkout: checkout,
                reference: reference
            )
            return ProviderSnapshot(provider: "polar", order: order)
        case 1:
            let isExpired = Bool.random(using: &generator)
            let word = Fixture.checkout(checkout, at: version, isExpired: isExpired, reference: reference)
            return ProviderSnapshot(provider: "polar", checkout: word)
        default: return ProviderSnapshot(provider: "polar", subscriptions: [subscription(using: &generator)])
        }
    }

    private mutating func subscription(using generator: inout SeededGenerator) -> SubscriptionSnapshot {
        if !period.contains(clock) || Int.random(in: 0..<10, using: &generator) == 0 {
            let start = clock - .hours(Int64.random(in: 0...72, using: &generator))
            period = TimeSpan(from: start, to: start + .days([1, 7, 31].randomElement(using: &generator) ?? 31))
        }
        let statuses: [SubscriptionStatus] = [
            .active, .active, .active, .active, .trialing, .pastDue, .canceled, "odd",
        ]
        let status = statuses.randomElement(using: &generator) ?? .active
        return Fixture.subscription(
            [.free, .pro, .pro, .enterprise].randomElement(using: &generator) ?? .pro,
            status,
            id: Int.random(in: 0..<4, using: &generator) == 0 ? "sub_2" : "sub_1",
            period: period,
            at: version,
            cycle: [.month, .day, nil].randomElement(using: &generator) ?? nil,
            cancels: Int.random(in: 0..<5, using: &generator) == 0,
            endedAt: status == .canceled ? clock : nil,
            pastDueAt: status == .pastDue ? clock : nil
        )
    }
}
