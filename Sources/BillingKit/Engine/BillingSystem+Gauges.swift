extension BillingSystem {
    /// What became of a gauge that was to stand at another level.
    public enum Levelling: Hashable, Sendable {
        /// It stands there, now or before under the same key; the receipt's amount is the level.
        case levelled(Account.Receipt)
        /// The tier does not let it stand so high; it stands where it stood.
        case denied(Account.Denial)
    }

    /// Sets a gauge, such as the seats that are taken.
    ///
    /// For a count that the host has anyway. Lower is always let through, whatever the tier gives; higher only as
    /// far as it goes.
    ///
    /// - Parameters:
    ///   - level: The level to stand at, from 0 to ``/BillingModel/Catalog/Limits/units``.
    ///   - meter: The gauge.
    ///   - customer: Whose gauge.
    ///   - member: Who sets it.
    ///   - reference: The host's name for the work, 1 to 255 bytes; a denial carries it.
    ///   - key: What makes a retry give the first receipt again, and not set the gauge back. Denials are not
    ///     remembered.
    /// - Returns: The receipt, or the denial.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an unknown
    ///   meter, one that is no gauge, or a level out of bounds; ``StoreError``; ``BillingError``;
    ///   `CancellationError` when the task was cancelled before the command waited.
    public func setLevel(
        _ level: Int64,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key
    ) async throws -> Levelling {
        let level = Account.Level(meter: meter, units: level)
        let command = try command(.setLevel(level), by: member, reference: reference, key: key)
        return try await levelling(command, for: customer)
    }

    /// Raises a gauge, when a seat is taken.
    ///
    /// - Parameters:
    ///   - amount: By how much, 1 or more.
    ///   - meter: The gauge.
    ///   - customer: Whose gauge.
    ///   - member: Who raises it.
    ///   - reference: The host's name for the work, 1 to 255 bytes; a denial carries it.
    ///   - key: What makes a retry give the first receipt again. Denials are not remembered.
    /// - Returns: The receipt, or the denial; the gauge is raised by all of the amount or by nothing.
    /// - Throws: As ``setLevel(_:of:for:by:reference:key:)``.
    public func raise(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key
    ) async throws -> Levelling {
        let step = Account.Command.Consumption(meter: meter, amount: amount)
        return try await levelling(try command(.raise(step), by: member, reference: reference, key: key), for: customer)
    }

    /// Lowers a gauge, when a seat is free again.
    ///
    /// - Parameters:
    ///   - amount: By how much, 1 or more, and not more than it stands at.
    ///   - meter: The gauge.
    ///   - customer: Whose gauge.
    ///   - member: Who lowers it.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt, whose amount is the level.
    /// - Throws: As ``setLevel(_:of:for:by:reference:key:)``.
    public func lower(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Account.Receipt {
        let step = Account.Command.Consumption(meter: meter, amount: amount)
        return try await receipt(try command(.lower(step), by: member, key: key), for: customer)
    }

    private func levelling(_ command: Account.Command, for customer: CustomerID) async throws -> Levelling {
        switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): .levelled(receipt)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }
}
