import BillingKit

/// Locks on the accounts of a commit, in a database where others write at the same time.
///
/// They are taken in the order of the accounts' names, so that of two transactions neither waits for the other. What is
/// asked after them is true until the transaction ends. An account that is not there cannot be locked: of two that make
/// it the second fails with `unique`.
struct AccountLocks: Sendable {
    private let customers: [CustomerID]
    private let revisions: [Int64]
    private let isWaiting: Bool

    init(_ items: [CommitRequest.Item], isWaiting: Bool = false) {
        customers = items.map(\.state.account.customer)
        revisions = items.map(\.baseRevision)
        self.isWaiting = isWaiting
    }

    /// Locks accounts that are free and at their revision, and fails where one is not: a division by zero is an
    /// error that needs no function.
    private static let guarding = SQLStatement(
        """
        SELECT 1 / CASE WHEN count(*) = array_length($1::text[], 1) THEN 1 ELSE 0 END FROM (\
        SELECT a.customer FROM unnest($1::text[], $2::int8[]) AS p(customer, revision) JOIN billing_accounts AS a \
        ON a.customer = p.customer AND a.revision = p.revision ORDER BY a.customer FOR UPDATE OF a SKIP LOCKED) AS locked
        """
    )

    private static let lockingFree = locking("SKIP LOCKED")
    private static let lockingAll = locking("")

    private static func locking(_ manner: String) -> SQLStatement {
        SQLStatement(
            """
            SELECT a.customer, a.revision FROM unnest($1::text[]) AS p(customer) JOIN billing_accounts AS a \
            ON a.customer = p.customer ORDER BY a.customer FOR UPDATE OF a \(manner)
            """
        )
    }

    private static let heads = SQLStatement(
        forEach: "SELECT customer, revision FROM billing_accounts WHERE customer = ?1"
    )

    /// The step that locks a customer's account, and waits for whoever has it locked.
    static func step(for customer: CustomerID) -> SQLStep {
        SQLStep(lockingAll, [.texts([customer.rawValue])])
    }

    /// The step that locks the accounts that have been written before and fails where one is not free and at its
    /// revision; `nil` where there are only new ones.
    var guardStep: SQLStep? {
        let written = zip(customers, revisions).filter { $1 > 0 }
        guard !written.isEmpty else { return nil }
        return SQLStep(Self.guarding, [.texts(written.map(\.0.rawValue)), .integers(written.map(\.1))])
    }

    /// The steps that lock what is free, or everything, and then ask for what there is.
    var steps: [SQLStep] {
        let column = [SQLColumn.texts(customers.map(\.rawValue))]
        return [SQLStep(isWaiting ? Self.lockingAll : Self.lockingFree, column), SQLStep(Self.heads, column)]
    }

    /// Reads the answers: which accounts are at another revision, and which are locked by another transaction.
    func read(
        _ rows: inout ArraySlice<SQLRows>
    ) throws(StoreError) -> (changed: Set<CustomerID>, locked: Set<CustomerID>) {
        let mine = try Self.revisions(in: rows.popFirst())
        let all = try Self.revisions(in: rows.popFirst())
        var (changed, locked): (Set<CustomerID>, Set<CustomerID>) = ([], [])
        for (customer, revision) in zip(customers, revisions) {
            if mine[customer] ?? all[customer] ?? 0 != revision {
                changed.insert(customer)
            } else if mine[customer] == nil, all[customer] != nil {
                locked.insert(customer)
            }
        }
        return (changed, locked)
    }

    private static func revisions(in rows: SQLRows?) throws(StoreError) -> [CustomerID: Int64] {
        var revisions: [CustomerID: Int64] = [:]
        for row in rows?.rows ?? [] {
            var reader = SQLRowReader(row)
            revisions[CustomerID(try reader.text())] = try reader.integer()
        }
        return revisions
    }
}
