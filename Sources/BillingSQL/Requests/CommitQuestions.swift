import BillingKit

/// What has to be known before changes are written: which accounts are at another revision, which keys have been used,
/// whom the names belong to that are claimed, and what the holds that end set aside.
struct CommitQuestions: Sendable {
    private let customers: [String]
    private let revisions: [Int64]
    /// Those who have no account yet.
    private let newCustomers: [String]
    private let keys: [(customer: CustomerID, key: Account.Key)]
    private let claims: [ProviderReference]
    private let holds: [(customer: CustomerID, id: Account.Hold.ID)]

    /// How the accounts are locked, in a database where others write at the same time.
    private let locks: AccountLocks?

    init(_ items: [CommitRequest.Item], locks: AccountLocks? = nil) {
        self.locks = locks
        customers = items.map(\.state.account.customer.rawValue)
        revisions = items.map(\.baseRevision)
        newCustomers = items.filter { $0.baseRevision == 0 }.map(\.state.account.customer.rawValue)
        var keys: [(customer: CustomerID, key: Account.Key)] = []
        var claims: [ProviderReference] = []
        var holds: [(customer: CustomerID, id: Account.Hold.ID)] = []
        for item in items {
            let customer = item.state.account.customer
            for key in item.assumedKeys { keys.append((customer, key)) }
            for change in item.changes {
                if let key = change.key { keys.append((customer, key)) }
                claims += change.references
                for case .holdEnded(let id, _) in change.effects { holds.append((customer, id)) }
            }
        }
        self.keys = keys
        self.claims = claims
        self.holds = holds
    }

    // Both answer with what stands in the way, which is hardly ever anything.

    private static let otherRevision = SQLStatement(
        forEach: """
            SELECT CAST(?1 AS TEXT) \
            WHERE coalesce((SELECT revision FROM billing_accounts WHERE customer = ?1), 0) <> ?2
            """
    )

    private static let usedKey = SQLStatement(
        forEach: "SELECT customer FROM billing_journal WHERE customer = ?1 AND key = ?2"
    )

    /// An account that is not there although it has had changes; all of it asked in one question, so that one which another
    /// makes meanwhile is no such account.
    private static let lostAccount = SQLStatement(
        forEach: """
            SELECT CAST(?1 AS TEXT) WHERE NOT EXISTS (SELECT 1 FROM billing_accounts WHERE customer = ?1) \
            AND EXISTS (SELECT 1 FROM billing_journal WHERE customer = ?1)
            """
    )

    /// What the holds set aside is written in the rows that are stored of them, and nowhere else.
    private static let heldGrant = SQLStatement(
        forEach: """
            SELECT customer, grant_id FROM billing_holds WHERE customer = ?1 AND hold_id = ?2 AND grant_id IS NOT NULL
            """
    )

    /// The steps: the accounts first, and the rest where there is something to ask.
    var steps: [SQLStep] {
        var steps = locks?.steps ?? [SQLStep(Self.otherRevision, [.texts(customers), .integers(revisions.map { $0 })])]
        if !newCustomers.isEmpty { steps.append(SQLStep(Self.lostAccount, [.texts(newCustomers)])) }
        if !keys.isEmpty {
            let columns: [SQLColumn] = [.texts(keys.map(\.customer.rawValue)), .texts(keys.map(\.key.rawValue))]
            steps.append(SQLStep(Self.usedKey, columns))
        }
        if !claims.isEmpty { steps.append(JournalTables.ownerStep(for: claims)) }
        if !holds.isEmpty {
            let columns: [SQLColumn] = [.texts(holds.map(\.customer.rawValue)), .texts(holds.map(\.id.rawValue))]
            steps.append(SQLStep(Self.heldGrant, columns))
        }
        return steps
    }

    /// Reads the answers, which come in the order of the steps.
    func answers(from rows: [SQLRows]) throws(StoreError) -> Answers {
        var rest = rows[...]
        var answers = Answers()
        if let locks {
            (answers.changed, answers.locked) = try locks.read(&rest)
        } else {
            for row in rest.popFirst()?.rows ?? [] {
                var reader = SQLRowReader(row)
                answers.changed.insert(CustomerID(try reader.text()))
            }
        }
        guard newCustomers.isEmpty || rest.popFirst()?.rows.isEmpty != false else {
            throw StoreError(.corrupt, "An account is not there, and changes of it are.")
        }
        for row in keys.isEmpty ? [] : rest.popFirst()?.rows ?? [] {
            var reader = SQLRowReader(row)
            answers.keyUsers.insert(CustomerID(try reader.text()))
        }
        if !claims.isEmpty { answers.owners = try JournalTables.owners(from: rest.popFirst()) }
        for row in holds.isEmpty ? [] : rest.popFirst()?.rows ?? [] {
            var reader = SQLRowReader(row)
            answers.heldGrants[CustomerID(try reader.text()), default: []].insert(Account.Grant.ID(try reader.text()))
        }
        return answers
    }

    /// What is known.
    struct Answers {
        /// The customers whose account is at another revision.
        var changed: Set<CustomerID> = []
        /// The customers whose account another transaction has locked.
        var locked: Set<CustomerID> = []
        /// The customers one of whose keys has been used.
        var keyUsers: Set<CustomerID> = []
        var owners: [ProviderReference: CustomerID] = [:]
        var heldGrants: [CustomerID: Set<Account.Grant.ID>] = [:]

        /// Returns what becomes of each account's changes.
        func outcomes(of items: [CommitRequest.Item]) -> [CommitOutcome] {
            // Of two that claim a free name the first has it, as if they came one after the other.
            var owners = owners
            return items.map { item in
                let customer = item.state.account.customer
                if changed.contains(customer) { return .conflict }
                // Nothing of it is written, so it takes no name from another.
                if locked.contains(customer) { return .locked }
                if keyUsers.contains(customer) || item.hasOneKeyTwice { return .keyUsed }
                let claims = item.changes.flatMap(\.references)
                if let lost = claims.first(where: { owners[$0].map { $0 != customer } ?? false }) {
                    return .claimedByAnother(lost)
                }
                for claim in claims { owners[claim] = customer }
                return .committed
            }
        }
    }
}

extension CommitRequest.Item {
    /// Whether two changes have the same key, of which only one can have it.
    var hasOneKeyTwice: Bool {
        let keys = changes.compactMap(\.key)
        return Set(keys).count < keys.count
    }
}
