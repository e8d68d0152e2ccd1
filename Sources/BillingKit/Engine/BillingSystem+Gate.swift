extension BillingSystem {
    /// The answer of the gate.
    public enum Consumption: Hashable, Sendable {
        /// The units are used up; this is the receipt.
        case consumed(Account.Receipt)
        /// There are not enough; nothing was used.
        case denied(Account.Denial)
    }

    /// Uses up units, all or none.
    ///
    /// The answer is committed, or, for a denial, confirmed at the account's present revision: it never comes
    /// from memory alone.
    ///
    /// - Parameters:
    ///   - amount: The units, 1 or more.
    ///   - meter: The meter.
    ///   - customer: Whose units.
    ///   - member: Who uses them.
    ///   - key: What makes a retry give the first receipt again. Denials are not remembered.
    /// - Returns: The receipt, or the denial.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an unknown
    ///   meter or an amount out of bounds; ``StoreError``; ``BillingError``; `CancellationError` when the task was
    ///   cancelled before the command waited.
    public func consume(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Consumption {
        let command = Account.Command(
            .consume(.init(meter: meter, amount: amount)),
            key: try key.resolved(by: entropy),
            member: member
        )
        return switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): .consumed(receipt)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }

    /// Uses up units of several meters, all or none.
    ///
    /// ```swift
    /// let answer = try await billing.consume(all: [.jobDescriptions: 1, .screenings: 20], for: org, key: .job("42"))
    /// ```
    ///
    /// - Parameters:
    ///   - amounts: The units of each meter, 1 or more; at most ``/BillingModel/Account/maximumMeters`` meters.
    ///   - customer: Whose units.
    ///   - member: Who uses them.
    ///   - key: What makes a retry give the first receipt again. Denials are not remembered.
    /// - Returns: One receipt with a line for each meter, by meter; or the denial of the first, by meter, of which
    ///   there are not enough.
    /// - Throws: As ``consume(_:of:for:by:key:)``.
    public func consume(
        all amounts: [Meter.ID: Int64],
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Consumption {
        // By meter, so that a retry asks for the same.
        let uses = amounts.sorted { $0.key < $1.key }.map { meter, amount in
            Account.Command.Consumption(meter: meter, amount: amount)
        }
        let command = Account.Command(.consumeAll(uses), key: try key.resolved(by: entropy), member: member)
        return switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): .consumed(receipt)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }

    /// Uses up as many units as are left, up to a number.
    ///
    /// For work that can be done in part, such as a batch. The receipt says how many it was; where none is left,
    /// it is a denial.
    ///
    /// - Parameters:
    ///   - amount: The most units, 1 or more.
    ///   - meter: The meter.
    ///   - customer: Whose units.
    ///   - member: Who uses them.
    ///   - key: What makes a retry give the first receipt again. Denials are not remembered.
    /// - Returns: The receipt, or the denial.
    /// - Throws: As ``consume(_:of:for:by:key:)``.
    public func consume(
        upTo amount: Int64,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Consumption {
        let use = Account.Command.Consumption(meter: meter, amount: amount, isPartial: true)
        let command = Account.Command(.consume(use), key: try key.resolved(by: entropy), member: member)
        return switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): .consumed(receipt)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }

    /// Counts units that were used already, whatever is left.
    ///
    /// For work that is done before anyone could ask, such as an answer whose length is known at its end. What is
    /// not there is recorded as overage on the receipt.
    ///
    /// - Parameters:
    ///   - amount: The units, 1 or more.
    ///   - meter: The meter.
    ///   - customer: Whose units.
    ///   - member: Who used them.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt.
    /// - Throws: As ``consume(_:of:for:by:key:)``.
    public func record(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Account.Receipt {
        let use = Account.Command.Consumption(meter: meter, amount: amount)
        let command = Account.Command(.record(use), key: try key.resolved(by: entropy), member: member)
        return switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): receipt
        case let other: throw unexpected(other)
        }
    }

    /// Returns a customer's standing: tier, balances, subscription, attempts to buy.
    ///
    /// It is read from the store, so it is as new as anyone's answer. A customer who has done nothing yet
    /// stands on the fallback tier.
    ///
    /// - Throws: ``StoreError``; ``BillingError``; ``/BillingModel/Account/DecisionError``.
    public func overview(of customer: CustomerID) async throws -> Account.Overview {
        try await processor.overview(of: customer)
    }
}
