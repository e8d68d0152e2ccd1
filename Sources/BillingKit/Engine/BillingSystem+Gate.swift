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
    ///   - reference: The host's name for the work, 1 to 255 bytes: a denial carries it, so that a page can come back
    ///     to the work.
    ///   - key: What makes a retry give the first receipt again. Denials are not remembered.
    /// - Returns: The receipt, or the denial.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an unknown
    ///   meter, one that is a gauge, or an amount out of bounds; ``StoreError``; ``BillingError``;
    ///   `CancellationError` when the task was cancelled before the command waited.
    public func consume(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key
    ) async throws -> Consumption {
        let use = Account.Command.Consumption(meter: meter, amount: amount)
        let command = try command(.consume(use), by: member, reference: reference, key: key)
        return try await consumption(command, for: customer)
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
    ///   - reference: The host's name for the work, 1 to 255 bytes: a denial carries it, so that a page can come back
    ///     to the work.
    ///   - key: What makes a retry give the first receipt again. Denials are not remembered.
    /// - Returns: One receipt with a line for each meter, by meter; or the denial of the first, by meter, of which
    ///   there are not enough.
    /// - Throws: As ``consume(_:of:for:by:reference:key:)``.
    public func consume(
        all amounts: [Meter.ID: Int64],
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key
    ) async throws -> Consumption {
        // By meter, so that a retry asks for the same.
        let uses = amounts.sorted { $0.key < $1.key }.map { meter, amount in
            Account.Command.Consumption(meter: meter, amount: amount)
        }
        return try await consumption(
            try command(.consumeAll(uses), by: member, reference: reference, key: key),
            for: customer
        )
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
    ///   - reference: The host's name for the work, 1 to 255 bytes: a denial carries it, so that a page can come back
    ///     to the work.
    ///   - key: What makes a retry give the first receipt again. Denials are not remembered.
    /// - Returns: The receipt, or the denial.
    /// - Throws: As ``consume(_:of:for:by:reference:key:)``.
    public func consume(
        upTo amount: Int64,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key
    ) async throws -> Consumption {
        let use = Account.Command.Consumption(meter: meter, amount: amount, isPartial: true)
        let command = try command(.consume(use), by: member, reference: reference, key: key)
        return try await consumption(command, for: customer)
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
    /// - Throws: As ``consume(_:of:for:by:reference:key:)``.
    public func record(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Account.Receipt {
        let use = Account.Command.Consumption(meter: meter, amount: amount)
        return try await receipt(try command(.record(use), by: member, key: key), for: customer)
    }

    /// Counts a batch of events, each once.
    ///
    /// For usage that something else has measured and tells of at least once: an event whose id was counted within
    /// the last ``/BillingModel/Account/eventMemory`` is left out, whichever batch it was in. What is not there is
    /// recorded as overage on the receipt.
    ///
    /// - Parameters:
    ///   - events: The events, at most ``/BillingModel/Account/maximumEvents`` of at most
    ///     ``/BillingModel/Account/maximumMeters`` meters.
    ///   - customer: Whose units.
    ///   - member: Who used them.
    ///   - key: What makes a retry of the same batch give the first receipt again.
    /// - Returns: One receipt with a line for each meter, in the order in which the batch first names it, and the
    ///   number of events that were left out.
    /// - Throws: As ``consume(_:of:for:by:reference:key:)``.
    public func record(
        _ events: [Account.Command.Event],
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Account.Receipt {
        return try await receipt(try command(.recordAll(events), by: member, key: key), for: customer)
    }

    /// Has a use of units processed that may be refused.
    private func consumption(_ command: Account.Command, for customer: CustomerID) async throws -> Consumption {
        switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): .consumed(receipt)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }

    /// Has a command processed that is never refused.
    func receipt(_ command: Account.Command, for customer: CustomerID) async throws -> Account.Receipt {
        switch try await answer(to: command, for: customer) {
        case .applied(let receipt), .repeated(let receipt): receipt
        case let other: throw unexpected(other)
        }
    }
}
