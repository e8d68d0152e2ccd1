extension BillingSystem {
    /// What became of metered work.
    public enum Metered<Output> {
        /// The work was done and counted.
        case done(Output, Account.Receipt)
        /// There are not enough units; the work was not begun.
        case denied(Account.Denial)
        /// Work under this key was finished before; nothing ran.
        case alreadyDone(Account.Receipt)
    }

    /// Gates, runs and counts a piece of work.
    ///
    /// Units are set aside before the work begins, used up when it returns and given back when it throws, a
    /// cancelled task's `CancellationError` included. What a repeated key meets depends on the earlier try:
    ///
    /// - finished: ``Metered/alreadyDone(_:)``, and nothing runs;
    /// - still going on: an ``/BillingModel/Account/DecisionError`` with `workInProgress` and the time until
    ///   which it may;
    /// - failed: the work runs;
    /// - gone without a word, because its server crashed: the work runs once the hold has lapsed.
    ///
    /// Work that takes longer than the hold is counted all the same; units that are gone by then are recorded
    /// as overage. Work that knows only at its end how much it took is for
    /// ``metered(_:reserving:for:by:reference:key:holdingFor:counting:)``.
    ///
    /// ```swift
    /// switch try await billing.metered(.jobDescriptions, for: "org_acme", key: .job("42"), {
    ///     try await model.generate(prompt)
    /// }) {
    /// case .done(let text, let receipt): show(text, left: receipt.remaining)
    /// case .denied(let denial): showPaywall(denial)
    /// case .alreadyDone: showStoredResult()
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - meter: The meter, which is no gauge.
    ///   - amount: The units that the work takes, 1 or more.
    ///   - customer: Whose units.
    ///   - member: Who does the work.
    ///   - reference: The host's name for the work, 1 to 255 bytes: a denial carries it.
    ///   - key: What names the work, so that it is counted once.
    ///   - limit: How long the units stay set aside, up to ``/BillingModel/Catalog/Limits/holdSeconds``: longer than
    ///     the work ever takes. When left out, as long as the catalog's settings say.
    ///   - work: The work.
    /// - Returns: The work's result and the receipt, the denial, or the receipt of an earlier try.
    /// - Throws: What the work throws, after the units were given back; ``/BillingModel/Account/DecisionError`` as for
    ///   ``consume(_:of:for:by:reference:key:)``; ``StoreError``; ``BillingError``; `CancellationError`.
    public func metered<Output>(
        _ meter: Meter.ID,
        amount: Int64 = 1,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key,
        holdingFor limit: Duration? = nil,
        _ work: () async throws -> Output
    ) async throws -> Metered<Output> {
        try await metered(
            meter,
            reserving: amount,
            for: customer,
            by: member,
            reference: reference,
            key: key,
            holdingFor: limit,
            counting: { (try await work(), amount) }
        )
    }

    /// Gates, runs and counts a piece of work that says at its end how much it took.
    ///
    /// As ``metered(_:amount:for:by:reference:key:holdingFor:_:)``, but what is set aside is an estimate, and what
    /// the work returns beside its result is what is counted: less gives the rest back, more is drawn, and recorded
    /// as overage where it is not there.
    ///
    /// ```swift
    /// let answer = try await billing.metered(.tokens, reserving: 4_000, for: "org_acme", key: .job("42")) {
    ///     let answer = try await model.generate(prompt)
    ///     return (answer.text, answer.tokens)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - meter: The meter, which is no gauge.
    ///   - estimate: The units to set aside, 1 or more: enough for the work, or what is refused when it is not there.
    ///   - customer: Whose units.
    ///   - member: Who does the work.
    ///   - reference: The host's name for the work, 1 to 255 bytes: a denial carries it.
    ///   - key: What names the work, so that it is counted once.
    ///   - limit: How long the units stay set aside, up to ``/BillingModel/Catalog/Limits/holdSeconds``: longer than
    ///     the work ever takes. When left out, as long as the catalog's settings say.
    ///   - work: The work; it returns its result and the units that it took, 0 or more.
    /// - Returns: The work's result and the receipt, the denial, or the receipt of an earlier try.
    /// - Throws: What the work throws, or an error for a negative number of units, after the units were given back;
    ///   ``/BillingModel/Account/DecisionError`` as for ``consume(_:of:for:by:reference:key:)``; ``StoreError``;
    ///   ``BillingError``; `CancellationError`.
    public func metered<Output>(
        _ meter: Meter.ID,
        reserving estimate: Int64,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key,
        holdingFor limit: Duration? = nil,
        counting work: () async throws -> (Output, Int64)
    ) async throws -> Metered<Output> {
        // Counted before it is let in: from its reservation on, a drain waits for the work's end.
        mailbox.workBegan()
        defer { mailbox.workEnded() }
        let reserved = try await reserve(
            estimate,
            of: meter,
            for: customer,
            by: member,
            reference: reference,
            key: key,
            holdingFor: limit
        )
        let reservation: Reservation
        switch reserved {
        case .reserved(let made): reservation = made
        case .alreadyDone(let earlier): return .alreadyDone(earlier)
        case .denied(let denial): return .denied(denial)
        }
        let (output, amount): (Output, Int64)
        do {
            (output, amount) = try await work()
            guard amount >= 0 else {
                throw Account.DecisionError(
                    .amountOutOfBounds,
                    "The work says that it took \(amount) units; 0 or more are allowed."
                )
            }
        } catch {
            // The units go back whatever became of the task. Should even that fail, the hold lapses.
            _ = try? await release(reservation, by: member)
            throw error
        }
        return .done(output, try await capture(reservation, amount: amount, by: member))
    }
}

extension BillingSystem.Metered: Sendable where Output: Sendable {}
