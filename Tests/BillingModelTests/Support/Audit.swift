import BillingModel
import Testing

/// The books of every grant there ever was, kept from the journal by hand: it shares no code with the model.
struct Audit {
    struct Book: Equatable {
        var amount: Int64
        var used: Int64 = 0
        var held: Int64 = 0
        var expired: Int64 = 0
        var voided: Int64 = 0

        var remaining: Int64 { amount - used - held - expired - voided }
    }

    private(set) var books: [Account.Grant.ID: Book] = [:]
    private(set) var retired: Set<Account.Grant.ID> = []
    private var holds: [Account.Hold.ID: Account.Hold] = [:]
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
        case .resized(let id, let delta): books[id]?.amount += delta
        case .drawn(let draw):
            if let id = draw.grant { books[id]?.used += draw.amount }
        case .moved(_, let from, let to, let amount):
            if let from { books[from]?.used -= amount }
            if let to { books[to]?.used += amount }
        case .expired(let id, let amount): books[id]?.expired += amount
        case .voided(let id, let amount, _): books[id]?.voided += amount
        case .retired(let id):
            #expect(books[id]?.held == 0, "a grant with a hold on it stays")
            #expect(books[id]?.remaining == 0, "a grant leaves with all its units accounted for")
            retired.insert(id)
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
        case .opened:
            #expect(!isOpen, "an account is opened once")
            isOpen = true
        case .tierEntered, .periodOpened, .periodExtended, .subscribed, .upgraded, .ordered: break
        }
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
        #expect(Set(account.holds.map(\.id)) == Set(holds.keys), comment, sourceLocation: location)
        for period in account.periods where period.used < 0 || period.uncovered < 0 {
            Issue.record("counted below nothing: \(period)", sourceLocation: location)
        }
    }
}
