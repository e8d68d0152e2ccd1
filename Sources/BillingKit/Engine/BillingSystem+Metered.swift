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
    /// as overage.
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
    ///   - meter: The meter.
    ///   - amount: The units that the work takes, 1 or more.
    ///   - customer: Whose units.
    ///   - member: Who does the work.
    ///   - key: What names the work, so that it is counted once.
    ///   - limit: How long the units stay set aside; longer than the work ever takes.
    ///   - work: The work.
    /// - Returns: The work's result and the receipt, the denial, or the receipt of an earlier try.
    /// - Throws: What the work throws, after the units were given back; ``/BillingModel/Account/DecisionError`` as for
    ///   ``consume(_:of:for:by:key:)``; ``StoreError``; ``BillingError``; `CancellationError`.
    public func metered<Output>(
        _ meter: Meter.ID,
        amount: Int64 = 1,
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key,
        holdingFor limit: Duration = .seconds(15 * 60),
        _ work: () async throws -> Output
    ) async throws -> Metered<Output> {
        let key = try key.resolved(by: entropy)
        let reservation = Account.Command.Reservation(
            meter: meter,
            amount: amount,
            attempt: entropy.nextName(),
            lapsesAfter: limit
        )
        // Counted before it is let in: from its reservation on, a drain waits for the work's end.
        mailbox.workBegan()
        defer { mailbox.workEnded() }
        let reserved = try await answer(
            to: Account.Command(.reserve(reservation), key: key, member: member),
            for: customer
        )
        let (receipt, hold): (Account.Receipt, Account.Hold.ID)
        switch reserved {
        case .held(let held, let id): (receipt, hold) = (held, id)
        case .repeated(let earlier): return .alreadyDone(earlier)
        case .denied(let denial): return .denied(denial)
        default: throw unexpected(reserved)
        }
        let output: Output
        do {
            output = try await work()
        } catch {
            // The units go back whatever became of the task. Should even that fail, the hold lapses.
            _ = try? await mailbox.answer(to: Account.Command(.release(hold), member: member), for: customer)
            throw error
        }
        let capture = Account.Command.Capture(of: receipt, hold: hold)
        let captured = try await mailbox.answer(
            to: Account.Command(.capture(capture), key: key, member: member),
            for: customer
        )
        return switch captured {
        case .applied(let final), .repeated(let final): .done(output, final)
        default: throw unexpected(captured)
        }
    }
}

extension BillingSystem.Metered: Sendable where Output: Sendable {}
