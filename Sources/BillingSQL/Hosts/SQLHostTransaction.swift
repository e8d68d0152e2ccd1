public import BillingKit

/// Billing commands on a connection of the host's, inside the transaction that the host has open on it; see
/// `transaction(on:)` of the billing system.
public struct SQLHostTransaction<Connection: SQLConnection> {
    private let connection: Connection
    private let billing: BillingSystem
    private let changes = Changes()

    init(_ connection: Connection, _ billing: BillingSystem) {
        self.connection = connection
        self.billing = billing
    }

    /// Performs a billing command, on the account as the host's transaction has it.
    ///
    /// The account is locked before anything of it is read, and stays so until the host's transaction ends. A refusal is an
    /// answer, and undoes nothing. The command's key works as everywhere: asked again, inside or outside of a transaction,
    /// the first receipt comes back.
    ///
    /// - Parameters:
    ///   - command: What is asked; anything but an examination and a repair.
    ///   - customer: Whose account. A transaction about several takes them in the order of their names, as the kit does, so
    ///     that no two wait for each other.
    /// - Returns: The answer, which holds once the host has committed.
    /// - Throws: ``/BillingModel/Account/DecisionError`` and ``/BillingKit/BillingError`` as the billing system does.
    ///   ``/BillingKit/StoreError``: `serialization` and `deadlock` when the host is to roll back and run its transaction
    ///   again from its beginning, `lockTimeout` when somebody keeps the account locked for longer than the connection's
    ///   `lock_timeout`, `connectionLost` when the connection broke, `clockAhead` when this server's clock is far ahead of
    ///   the database's, others when the database fails. Nothing of the
    ///   command is written then; what came before stays, unless the host rolls back.
    public func perform(_ command: Account.Command, for customer: CustomerID) async throws -> Account.Answer {
        try await billing.confirmTime { () throws(StoreError) in
            var question = SQLTransaction<Timestamp>.time
            var rows: [SQLRows] = []
            while true {
                switch try question.next(rows) {
                case .run(let steps): rows = try await run(steps)
                case .done(let time): return time
                }
            }
        }
        var hosted = try HostedCommand(command, for: customer, by: billing)
        var tries = 1
        try await run([Self.savepoint])
        while true {
            do {
                let answer = try await perform(&hosted, for: customer)
                try await run([Self.release])
                return answer
            } catch let error as StoreError {
                try await undo(after: error)
                // Another transaction has made the account, or claimed a name, at the same time. What it has written can be
                // seen now, unless the host's transaction sees the database as it was at its beginning.
                guard error.code == .unique else { throw error }
                guard tries < Self.maximumTries else { throw Self.unordered(error) }
                tries += 1
                try await run([Self.savepoint])
            } catch {
                try await run([Self.undo, Self.release])
                throw error
            }
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
    /// - Returns: The receipt, which holds once the host has committed, or the denial.
    /// - Throws: As ``perform(_:for:)``.
    public func consume(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: BillingSystem.Key
    ) async throws -> BillingSystem.Consumption {
        let use = Account.Command.Consumption(meter: meter, amount: amount)
        let command = try billing.command(use, by: member, reference: reference, key: key)
        return try billing.consumption(try await perform(command, for: customer))
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
    /// - Returns: The receipt and the grant's name, which hold once the host has committed, or that the order's units were
    ///   given before.
    /// - Throws: As ``perform(_:for:)``.
    public func grant(
        _ amount: Int64,
        of subject: Account.Balance.Subject,
        to customer: CustomerID,
        from source: Account.Grant.Source,
        expiry: Timestamp? = nil,
        for order: (provider: ProviderID, id: String)? = nil,
        by member: MemberID? = nil,
        key: BillingSystem.Key
    ) async throws -> BillingSystem.Granting {
        let granting = Account.Command.Granting(
            amount,
            of: subject,
            from: source,
            expiry: expiry,
            identity: order.map { ProviderReference(provider: $0.provider, kind: .grant, id: $0.id) }
        )
        let command = try billing.command(granting, by: member, key: key)
        return try billing.granting(try await perform(command, for: customer), to: command)
    }

    /// Says that the host has committed, or may have: its connection broke during the commit.
    ///
    /// Then the billing system forgets what it remembered of the customers, and tells the commands' notices at once.
    /// Without it their notices are told when it next looks, and `check(_:of:for:noOlderThan:)` goes on answering from what
    /// it remembered, with its age, until that is older than is asked for.
    public func wasCommitted() {
        let (customers, hasNotices) = changes.take()
        billing.accountsWereCommitted(customers)
        if hasNotices { billing.noticesWereCommitted() }
    }
}

extension SQLHostTransaction: Sendable where Connection: Sendable {}

// MARK: - One command

extension SQLHostTransaction {
    // Whatever fails in a transaction of PostgreSQL's ends all of it, but for what began at a savepoint.
    private static var savepoint: SQLStep { SQLStep(SQLStatement("SAVEPOINT billing_command")) }
    private static var release: SQLStep { SQLStep(SQLStatement("RELEASE SAVEPOINT billing_command")) }
    private static var undo: SQLStep { SQLStep(SQLStatement("ROLLBACK TO SAVEPOINT billing_command")) }

    /// How often a command is begun again that met another transaction: each time somebody else has got ahead.
    private static var maximumTries: Int { 12 }

    private func perform(_ command: inout HostedCommand, for customer: CustomerID) async throws -> Account.Answer {
        // Only what is read after the lock is true until the end.
        let isLocked = try await run([AccountLocks.step(for: customer)]).first?.rows.isEmpty == false
        while true {
            let loaded = try await connection.run(.loading(command.request()))
            // One that was not there could not be locked, and may have been made and changed by others since.
            guard isLocked || loaded.allSatisfy({ ($0.account?.revision ?? 0) == 0 }) else {
                throw StoreError(.unique, "Another transaction has made the account of '\(customer)' at the same time.")
            }
            var catalogs: [Catalog.Version: Catalog] = [:]
            for version in command.catalogVersions { catalogs[version] = try await connection.run(.catalog(version)) }
            guard let verdict = try command.decide(on: loaded, catalogs) else { continue }
            guard let commit = verdict.commit else { return verdict.answer }
            let outcomes = try await connection.run(.committing(commit))
            if outcomes != [.committed] {
                // The account, the key or the name that was free is not: somebody has written what could not be locked.
                throw StoreError(.unique, "Another transaction wrote of '\(customer)' at the same time: \(outcomes).")
            }
            changes.note(commit)
            return verdict.answer
        }
    }

    @discardableResult
    private func run(_ steps: [SQLStep]) async throws(StoreError) -> [SQLRows] {
        try await connection.run(steps)
    }

    /// Undoes what was done of the command, so that the host may go on; of a connection that is gone nothing is left.
    private func undo(after error: StoreError) async throws(StoreError) {
        guard ![.connectionLost, .outcomeUnknown].contains(error.code) else { throw error }
        do throws(StoreError) {
            try await run([Self.undo, Self.release])
        } catch {
            // What went wrong first says more.
        }
    }

    private static func unordered(_ error: StoreError) -> StoreError {
        StoreError(
            .serialization,
            """
            Another transaction wrote what this one cannot see, so the two cannot be put in an order; roll back, and run \
            the transaction again. \(error.message)
            """
        )
    }

    /// What was written and is not committed yet.
    private final class Changes: Sendable {
        private struct State {
            var customers: Set<CustomerID> = []
            var haveNotices = false
        }

        private let state = Lock(State())

        func note(_ request: CommitRequest) {
            state.withLock { state in
                for item in request.items {
                    state.customers.insert(item.account.customer)
                    state.haveNotices = state.haveNotices || item.changes.contains { !$0.notices.isEmpty }
                }
            }
        }

        func take() -> (customers: Set<CustomerID>, hasNotices: Bool) {
            state.withLock { state in
                defer { state = State() }
                return (state.customers, state.haveNotices)
            }
        }
    }
}
