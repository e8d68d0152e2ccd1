extension BillingSystem {
    /// What became of units that were to come back.
    public enum Refunding: Hashable, Sendable {
        /// They came back, now or before under the same key.
        case refunded(Account.Receipt)
        /// Only so many of the units that were used have not come back yet; none did now.
        case exceedsUse(left: Int64)
    }

    /// Gives back units that were used up under a key, because what they were used for did not keep its promise.
    ///
    /// Units come back to where they came from, what was drawn last first. All refunds of one use together never
    /// give back more than it took. What comes back to a grant that has ended, the catalog's settings decide.
    ///
    /// - Parameters:
    ///   - use: The key of the use: consumed, recorded, or metered.
    ///   - meter: The meter; may be left out where only one was used under the key.
    ///   - amount: The units, 1 or more; when left out, all that have not come back yet.
    ///   - customer: Whose units.
    ///   - member: Who gives them back.
    ///   - key: What makes a retry give the first receipt again; one of its own, not that of the use.
    /// - Returns: The receipt, or how many units are left to come back.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an amount out of
    ///   bounds, and with `unknownUse` where nothing was used under the first key, or several meters and none is
    ///   named; ``StoreError``; ``BillingError``; `CancellationError` when the task was cancelled before the command
    ///   waited.
    public func refund(
        _ use: Key,
        meter: Meter.ID? = nil,
        amount: Int64? = nil,
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Refunding {
        let refund = Account.Command.Refund(of: try use.resolved(by: entropy), meter: meter, amount: amount)
        let command = try command(.refund(refund), by: member, key: key)
        return switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): .refunded(receipt)
        case .exceedsUse(left: let left): .exceedsUse(left: left)
        case let other: throw unexpected(other)
        }
    }

    /// Puts a count right that a person found to be wrong.
    ///
    /// For what no single use explains; where one does, ``refund(_:meter:amount:for:by:key:)`` says more. The reason
    /// and the author are in the journal.
    ///
    /// - Parameters:
    ///   - meter: The meter, which is no gauge.
    ///   - amount: The units that the running period counts too few, negative where it counts too many; not 0. No
    ///     more can be taken away than are counted of the allowance or beyond it.
    ///   - reason: Why, for whoever reads the journal: 1 to ``/BillingModel/Account/maximumReasonLength`` bytes.
    ///   - author: Who puts it right.
    ///   - customer: Whose count.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an unknown
    ///   meter, a gauge, an amount out of bounds, or a reason that is missing or too long; ``StoreError``;
    ///   ``BillingError``; `CancellationError` when the task was cancelled before the command waited.
    public func correct(
        _ meter: Meter.ID,
        by amount: Int64,
        reason: String,
        author: MemberID,
        for customer: CustomerID,
        key: Key
    ) async throws -> Account.Receipt {
        let correction = Account.Command.Correction(meter: meter, amount: amount, reason: reason)
        return try await receipt(try command(.correct(correction), by: author, key: key), for: customer)
    }
}
