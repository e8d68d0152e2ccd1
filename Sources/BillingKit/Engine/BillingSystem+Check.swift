extension BillingSystem {
    /// What the gate would say.
    public enum Check: Hashable, Sendable {
        /// It would let the request through, and so much would be left then.
        case allowed(leaving: Account.Remaining)
        /// It would refuse the request, in these words.
        case denied(Account.Denial)
    }

    /// Returns whether units would be let through, without using any.
    ///
    /// For a page that shows a button or a paywall. It is read from the store and holds at that instant only: where
    /// the work is to be done, ask ``consume(_:of:for:by:reference:key:)`` or `metered` instead, which decide and
    /// count in one step.
    ///
    /// - Parameters:
    ///   - amount: The units, 1 or more; for a gauge, by how much it is to be raised.
    ///   - meter: The meter.
    ///   - customer: Whose units.
    ///   - reference: The host's name for the work, 1 to 255 bytes; a denial carries it.
    /// - Returns: What would be left, or the denial that ``consume(_:of:for:by:reference:key:)`` would give, for a
    ///   gauge ``raise(_:of:for:by:reference:key:)``.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for an unknown meter or an amount out of bounds;
    ///   ``StoreError``; ``BillingError``.
    public func check(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        reference: String? = nil
    ) async throws -> Check {
        let use = Account.Command.Consumption(meter: meter, amount: amount)
        let isGauge = catalog.meter(meter)?.kind == .gauge
        var commands = [Account.Command(.consume(use), reference: reference), .init(.raise(use), reference: reference)]
        if isGauge { commands.reverse() }
        let decision: Account.Decision
        do {
            decision = try await preview(commands[0], for: customer)
        } catch let error as Account.DecisionError where error.code == .wrongMeterKind {
            // The customer may be on a catalog in which the meter is of the other kind.
            decision = try await preview(commands[1], for: customer)
        }
        return switch decision.answer {
        case .applied(let receipt): .allowed(leaving: receipt.remaining)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }

    /// Decides a command and leaves everything as it is.
    ///
    /// For whatever ``check(_:of:for:reference:)`` does not say, such as what a pack would change. The decision is
    /// the one that the command would get at this instant, with its change, which is dropped.
    ///
    /// - Parameters:
    ///   - command: The command; with a key that was used, the answer is what its first use was answered.
    ///   - customer: Whose account it is about.
    /// - Returns: The answer, and the change that the command would make.
    /// - Throws: ``/BillingModel/Account/DecisionError`` as the command would; ``StoreError``; ``BillingError``.
    public func preview(_ command: Account.Command, for customer: CustomerID) async throws -> Account.Decision {
        try await processor.decision(about: command, for: customer)
    }
}

extension BillingSystem {
    /// What the gate would have said a while ago at most.
    public struct DatedCheck: Hashable, Sendable {
        /// What it would say of the account as it is known.
        public let check: Check

        /// How long ago the store last confirmed that the account is so, or a little less; zero when it was asked now.
        ///
        /// What this system has committed since is in it, also in a transaction with the host's own statements. What
        /// others on the store have committed, on this server or another, is not: a yes may have been spent there in the
        /// meantime, and a no may have been lifted.
        public let age: Duration
    }

    /// Returns whether units would be let through, from memory where what is there is young enough.
    ///
    /// For what is asked far more often than it is done, such as whether each line of a page shows a button. It never
    /// waits for the store while the account is in memory, and it decides nothing: whatever it says, ask
    /// ``consume(_:of:for:by:reference:key:)`` or `metered` where the work is to be done.
    ///
    /// - Parameters:
    ///   - amount: The units, 1 or more; for a gauge, by how much it is to be raised.
    ///   - meter: The meter.
    ///   - customer: Whose units.
    ///   - reference: The host's name for the work, 1 to 255 bytes; a denial carries it.
    ///   - limit: The greatest age that will do; what is older is asked of the store. With zero it always is.
    /// - Returns: What ``check(_:of:for:reference:)`` would have said, and how old it is.
    /// - Throws: As ``check(_:of:for:reference:)``.
    public func check(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        reference: String? = nil,
        noOlderThan limit: Duration
    ) async throws -> DatedCheck {
        if let known = cachedCheck(amount, of: meter, for: customer, reference: reference, noOlderThan: limit) {
            return try known.get()
        }
        let check = try await check(amount, of: meter, for: customer, reference: reference)
        return DatedCheck(check: check, age: .zero)
    }

    /// Returns what memory says, or `nil` where it does not suffice.
    private func cachedCheck(
        _ amount: Int64,
        of meter: Meter.ID,
        for customer: CustomerID,
        reference: String?,
        noOlderThan limit: Duration
    ) -> Result<DatedCheck, any Error>? {
        let cache = mailbox.cache(of: customer)
        guard limit > .zero, let memory = cache.memory(of: customer, in: store.session) else { return nil }
        let now = clock.own.now()
        let age = now.duration(since: memory.confirmedAt)
        // A clock that was set back says nothing about the age.
        guard age >= .zero, age <= limit else { return nil }
        let use = Account.Command.Consumption(meter: meter, amount: amount)
        let isGauge = catalog.meter(meter)?.kind == .gauge
        let command = Account.Command(isGauge ? .raise(use) : .consume(use), reference: reference)
        let facts = Account.Facts(catalogs: processor.catalogs.earlierCatalogs)
        do throws(Account.DecisionError) {
            switch try memory.state.account.decide(command, facts: facts, at: now, in: catalog).answer {
            case .applied(let receipt):
                return .success(DatedCheck(check: .allowed(leaving: receipt.remaining), age: age))
            case .denied(let denial): return .success(DatedCheck(check: .denied(denial), age: age))
            case let other: return .failure(unexpected(other))
            }
        } catch {
            // What more has to be known is in the store.
            switch error.code {
            case .missing, .wrongMeterKind: return nil
            default: return .failure(error)
            }
        }
    }
}
