import BillingKit

/// One customer's books: what the journal's rows add up to, in plain arithmetic.
struct Book: Sendable {
    typealias Subject = Account.Balance.Subject

    /// One lot of units.
    struct Lot: Equatable, Sendable {
        let id: Account.Grant.ID
        let subject: Subject
        let source: Account.Grant.Source
        let basis: Account.Grant.Basis
        let priority: Int64
        let effective: Timestamp
        var expiry: Timestamp?
        var amount: Int64
        var used: Int64
        var held: Int64
        var expired: Int64
        var voided: Int64
        var moved: Int64

        /// What is neither used, nor set aside, nor gone.
        var left: Int64 { amount - used - held - expired - voided - moved }

        init(_ grant: Account.Grant) {
            id = grant.id
            subject = grant.subject
            source = grant.source
            basis = grant.basis
            priority = grant.priority
            effective = grant.effective
            expiry = grant.expiry
            amount = grant.amount
            used = grant.used
            held = grant.held
            expired = grant.expired
            voided = grant.voided
            moved = grant.moved
        }

        /// Whether its units can be used at an instant; an allowance can from when it is given.
        func isUsable(at instant: Timestamp) -> Bool {
            (source == .allowance || effective <= instant) && (expiry.map { instant < $0 } ?? true)
        }

        /// Whether it is to be drawn on before another: lower priority, sooner expiry, given before bought, older, and
        /// the lower name.
        func comes(before other: Lot) -> Bool {
            if priority != other.priority { return priority < other.priority }
            let ends = (expiry?.microseconds ?? .max, other.expiry?.microseconds ?? .max)
            if ends.0 != ends.1 { return ends.0 < ends.1 }
            if basis != other.basis { return basis == .given }
            if effective != other.effective { return effective < other.effective }
            return id.rawValue.utf8.lexicographicallyPrecedes(other.id.rawValue.utf8)
        }
    }

    /// Units set aside.
    struct Work: Equatable, Sendable {
        let hold: Account.Hold
        var lapsesAt: Timestamp

        /// The units of the meter that are set aside.
        var units: Int64 { hold.parts.reduce(hold.credits?.units ?? 0) { $0 + $1.amount } }

        /// What is set aside of which grant, the meter's and the pool's.
        var parts: [Account.Hold.Part] { hold.parts + (hold.credits?.parts ?? []) }
    }

    /// A running period.
    struct Tally: Equatable, Sendable {
        var span: TimeSpan
        var used: Int64
        var uncovered: Int64
    }

    let customer: CustomerID
    var rows: [Account.Change] = []
    /// When each event was counted last.
    var counted: [Account.EventID: Timestamp] = [:]
    /// How long an event that was counted is told from others: 32 days of 24 hours.
    static let eventMemory = Duration.seconds(32 * 86_400)
    var lots: [Account.Grant.ID: Lot] = [:]
    var retired: Set<Account.Grant.ID> = []
    var works: [Account.Hold.ID: Work] = [:]
    /// The keys of all work that ever began.
    var workKeys: Set<Account.Key> = []
    var endedWorks: Set<Account.Hold.ID> = []
    var tallies: [Subject: Tally] = [:]
    /// The allowance of each running period.
    var allowances: [Subject: Account.Grant.ID] = [:]
    var levels: [Meter.ID: Int64] = [:]
    var standing: Account.Standing?
    var rowOfKey: [Account.Key: Int] = [:]
    /// What was drawn in each revision, and what of it has come back.
    var drawn: [Int64: [Subject: Int64]] = [:]
    var returned: [Int64: [Subject: Int64]] = [:]
    var voided: Set<Account.Grant.ID> = []
    /// The notices written, by name, of which these have not been heard yet.
    var notices: Set<String> = []
    var unheard: Set<String> = []

    init(_ customer: CustomerID) {
        self.customer = customer
    }

    var revision: Int64 { Int64(rows.count) }
    var instant: Timestamp? { rows.last?.recordedAt }

    /// What can be used of a meter or pool at an instant.
    func available(_ subject: Subject, at instant: Timestamp) -> Int64 {
        lots.values.reduce(0) { $0 + ($1.subject == subject && $1.isUsable(at: instant) ? $1.left : 0) }
    }

    /// The row that used a key.
    func row(of key: Account.Key?) -> Account.Change? {
        key.flatMap { rowOfKey[$0] }.map { rows[$0] }
    }
}
