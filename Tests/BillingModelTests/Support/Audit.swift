import BillingModel
import Testing

/// The whole state, folded from the journal by hand: it shares no code with the model.
struct Audit {
    struct Book: Equatable {
        var amount: Int64
        var used: Int64 = 0
        var held: Int64 = 0
        var expired: Int64 = 0
        var voided: Int64 = 0

        var remaining: Int64 { amount - used - held - expired - voided }
    }

    /// A meter's running period, added up by hand.
    private struct Tally: Equatable {
        var span: TimeSpan
        var used: Int64
        var uncovered: Int64
        var lastUsed: Timestamp?
    }

    private(set) var books: [Account.Grant.ID: Book] = [:]
    private(set) var retired: Set<Account.Grant.ID> = []
    private var holds: [Account.Hold.ID: Account.Hold] = [:]
    private var ends: [Account.Grant.ID: Timestamp] = [:]
    private var allowances: [Meter.ID: Account.Grant.ID] = [:]
    private var tallies: [Meter.ID: Tally] = [:]
    private var standing: Account.Standing?
    private var anchor: Timestamp?
    private var subscriptions: [String: Subscription] = [:]
    private var upgrades: [Upgrade.Key: Upgrade] = [:]
    private var lastInstant: Timestamp?
    private var isOpen = false

    mutating func take(_ change: Account.Change) {
        if let lastInstant { #expect(change.recordedAt >= lastInstant, "time never runs backwards") }
        #expect(change.effectiveAt <= change.recordedAt, "nothing counts before it is known")
        lastInstant = change.recordedAt
        for effect in change.effects { take(effect) }
        #expect(isOpen, "an account is opened by its first change")
        for (id, book) in books where !retired.contains(id) {
            let isSound = book.amount >= 0 && book.used >= 0 && book.held >= 0 && book.expired >= 0 && book.voided >= 0
            if !isSound || book.remaining < 0 {
                Issue.record("grant \(id) is \(book) after revision \(change.revision): \(change.effects)")
            }
        }
    }

    private mutating func take(_ effect: Account.Effect) {
        switch effect {
        case .granted(let grant):
            #expect(books[grant.id] == nil, "a grant is given once")
            books[grant.id] = Book(amount: grant.amount, used: grant.used, held: grant.held, expired: grant.expired)
            ends[grant.id] = grant.expiry
            if grant.source == .allowance, case .meter(let meter) = grant.subject { allowances[meter] = grant.id }
        case .resized(let id, let delta): books[id]?.amount += delta
        case .drawn(let draw):
            if let id = draw.grant { books[id]?.used += draw.amount }
            count(draw)
        case .moved(let meter, let from, let to, let amount):
            tallies[meter]?.uncovered += (to == nil ? amount : 0) - (from == nil ? amount : 0)
            if let from { books[from]?.used -= amount }
            if let to { books[to]?.used += amount }
        case .expired(let id, let amount):
            books[id]?.expired += amount
            forget(id)
        case .voided(let id, let amount, let instant):
            books[id]?.voided += amount
            ends[id] = ends[id].map { min($0, instant) } ?? instant
        case .retired(let id):
            #expect(books[id]?.held == 0, "a grant with a hold on it stays")
            #expect(books[id]?.remaining == 0, "a grant leaves with all its units accounted for")
            retired.insert(id)
            forget(id)
        case .held(let hold):
            #expect(holds[hold.id] == nil)
            #expect(hold.amount > 0)
            holds[hold.id] = hold
            for case (let id?, let amount) in hold.parts.map({ ($0.grant, $0.amount) }) { books[id]?.held += amount }
        case .holdEnded(let id, _):
            for case (let grant?, let amount) in (holds[id]?.parts ?? []).map({ ($0.grant, $0.amount) }) {
                books[grant]?.held -= amount
            }
            holds[id] = nil
        case .opened(let instant):
            #expect(
                anchor.map { instant < $0 } ?? !isOpen,
                "an account is opened once, and then only found to be older"
            )
            isOpen = true
            anchor = instant
        case .tierEntered(let new): standing = new
        case .periodOpened(let period):
            tallies[period.meter] = Tally(
                span: period.span,
                used: period.used,
                uncovered: period.uncovered,
                lastUsed: period.lastUsed
            )
            allowances[period.meter] = nil
        case .periodExtended(let meter, let end):
            if let span = tallies[meter]?.span { tallies[meter]?.span = TimeSpan(from: span.start, to: end) }
            if let grant = allowances[meter] { ends[grant] = end }
        case .subscribed(let subscription): subscriptions[subscription.id] = subscription
        case .upgraded(let upgrade): upgrades[upgrade.key] = upgrade
        case .ordered: break
        }
    }

    private mutating func count(_ draw: Account.Draw) {
        guard var tally = tallies[draw.meter] else { return }
        if tally.lastUsed.map({ $0 < draw.at }) ?? true { tally.lastUsed = draw.at }
        if draw.at >= tally.span.start {
            tally.used += draw.amount
            if draw.grant == nil { tally.uncovered += draw.amount }
        }
        tallies[draw.meter] = tally
    }

    private mutating func forget(_ grant: Account.Grant.ID) {
        for (meter, id) in allowances where id == grant { allowances[meter] = nil }
    }

    /// Holds an account against the books.
    func check(_ account: Account, _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation) {
        var live: [Account.Grant.ID: Book] = [:]
        for grant in account.grants {
            live[grant.id] = Book(
                amount: grant.amount,
                used: grant.used,
                held: grant.held,
                expired: grant.expired,
                voided: grant.voided
            )
            let gone = grant.expired + grant.voided + grant.moved
            #expect(grant.amount == grant.used + grant.held + gone + grant.remaining, sourceLocation: location)
        }
        #expect(live == books.filter { !retired.contains($0.key) }, comment, sourceLocation: location)
        #expect(Set(account.holds) == Set(holds.values), comment, sourceLocation: location)
        for grant in account.grants { #expect(grant.expiry == ends[grant.id], comment, sourceLocation: location) }
        var running: [Meter.ID: Tally] = [:]
        for period in account.periods {
            running[period.meter] = Tally(
                span: period.span,
                used: period.used,
                uncovered: period.uncovered,
                lastUsed: period.lastUsed
            )
            #expect(period.grant == allowances[period.meter], comment, sourceLocation: location)
        }
        #expect(running == tallies, comment, sourceLocation: location)
        #expect(account.standing == standing, comment, sourceLocation: location)
        if let anchor { #expect(account.anchor == anchor, comment, sourceLocation: location) }
        #expect(Set(account.subscriptions) == Set(subscriptions.values), comment, sourceLocation: location)
        #expect(Set(account.upgrades) == Set(upgrades.values), comment, sourceLocation: location)
        for period in account.periods where period.used < 0 || period.uncovered < 0 {
            Issue.record("counted below nothing: \(period)", sourceLocation: location)
        }
    }
}
