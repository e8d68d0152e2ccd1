#if SQLite
public import BillingKit
public import BillingSQL

/// The host's own statements and billing commands, committed together; see
/// ``SQLiteStore/transaction(with:_:)``.
public struct SQLiteTransaction: ~Copyable {
    /// The most rows that a statement may give: 10,000.
    public static let maximumRows = 10_000

    private let work: Work

    init(_ work: Work) {
        self.work = work
    }

    /// Runs a statement on the host's own tables.
    ///
    /// It may read every table, write and change the host's, and create more. The kit's tables, whose names begin with
    /// `billing_`, can only be read; the transaction is not to be ended by it, no file attached, no `PRAGMA` set.
    ///
    /// - Parameters:
    ///   - sql: One statement. Values do not belong into it: give them as parameters.
    ///   - values: The values of its parameters (`?1`, `?2`, …), as many as there are.
    /// - Returns: The rows that it gives, each with its values in order, at most ``maximumRows``. A `REAL` is refused,
    ///   because it is not exact: cast it to `INTEGER` or `TEXT`.
    /// - Throws: ``/BillingKit/StoreError``: `statement` when it is wrong or not allowed, `unique` and `constraint` when a
    ///   row breaks a constraint, others when the disk fails. What the statement has done is undone then; where the body
    ///   goes on, everything else stays, unless SQLite had to end the whole transaction, of which every later call tells.
    @discardableResult
    public borrowing func run(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> [[SQLValue]] {
        try work.run(sql, values)
    }

    /// Performs a billing command, on the account as the transaction has it.
    ///
    /// A refusal is an answer, and undoes nothing: what is to be written when the customer may not, the body decides. The
    /// command's key works as everywhere: asked again, inside or outside of a transaction, the first receipt comes back.
    ///
    /// - Parameters:
    ///   - command: What is asked; anything but an examination and a repair.
    ///   - customer: Whose account.
    /// - Returns: The answer, which holds once the transaction is committed.
    /// - Throws: ``/BillingModel/Account/DecisionError``, ``/BillingKit/BillingError`` and ``/BillingKit/StoreError``, as
    ///   the billing system does. Nothing of the command is written then; what came before stays.
    public borrowing func perform(
        _ command: Account.Command,
        for customer: CustomerID
    ) throws -> Account.Answer {
        try work.perform { (billing, transaction) in
            try billing.answer(to: command, for: customer, inside: transaction)
        }
    }

    /// Uses up units, all or none, as `BillingSystem.consume` does.
    ///
    /// - Parameters:
    ///   - amount: The units, 1 or more.
    ///   - meter: The meter.
    ///   - customer: Whose units.
    ///   - member: Who uses them.
    ///   - reference: The host's name for the work, 1 to 255 bytes: a denial carries it.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt, which holds once the transaction is committed, or the denial.
    /// - Throws: As ``perform(_:for:)``.
    public borrowing func consume(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: BillingSystem.Key
    ) throws -> BillingSystem.Consumption {
        try work.perform { (billing, transaction) in
            try billing.consume(
                .init(meter: meter, amount: amount),
                for: customer,
                by: member,
                reference: reference,
                key: key,
                inside: transaction
            )
        }
    }

    /// Gives a customer units of a meter, or credits of a pool, beside what the tier gives, as `BillingSystem.grant` does.
    ///
    /// - Parameters:
    ///   - amount: The units, from 1 to ``/BillingModel/Catalog/Limits/units``.
    ///   - subject: The meter or the pool.
    ///   - customer: Who is given them.
    ///   - source: Where they come from; not from an allowance.
    ///   - expiry: The first instant at which what is left can no longer be used; never when left out.
    ///   - order: What the units are given for: for one order they are given once for ever, to one customer, whatever
    ///     the key.
    ///   - member: Who gives them.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt and the grant's name, which hold once the transaction is committed, or that the order's
    ///   units were given before.
    /// - Throws: As ``perform(_:for:)``.
    public borrowing func grant(
        _ amount: Int64,
        of subject: Account.Balance.Subject,
        to customer: CustomerID,
        from source: Account.Grant.Source,
        expiry: Timestamp? = nil,
        for order: (provider: ProviderID, id: String)? = nil,
        by member: MemberID? = nil,
        key: BillingSystem.Key
    ) throws -> BillingSystem.Granting {
        let granting = Account.Command.Granting(
            amount,
            of: subject,
            from: source,
            expiry: expiry,
            identity: order.map { ProviderReference(provider: $0.provider, kind: .grant, id: $0.id) }
        )
        return try work.perform { (billing, transaction) in
            try billing.grant(granting, to: customer, by: member, key: key, inside: transaction)
        }
    }
}
#endif
