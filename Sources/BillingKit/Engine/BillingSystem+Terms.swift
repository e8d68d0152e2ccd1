extension BillingSystem {
    /// What became of a trial that was to begin.
    public enum TrialStart: Hashable, Sendable {
        /// It has begun.
        case began(Account.Trial)
        /// It has not: the customer has had one, or has paid before.
        case refused(Account.TrialRefusal)
    }

    /// Begins the trial that the catalog has: once for each customer, and not for one who has paid.
    ///
    /// It ends by itself after its days, or with the first purchase. It needs no key: whoever asks again is told of
    /// the trial that there is.
    ///
    /// - Parameters:
    ///   - customer: Who is to try.
    ///   - member: Who asked.
    /// - Returns: The trial, or why there is none.
    /// - Throws: ``/BillingModel/Account/DecisionError``, with `noTrial` where the current catalog has none;
    ///   ``StoreError``; ``BillingError``; `CancellationError` when the task was cancelled before the command waited.
    public func startTrial(for customer: CustomerID, by member: MemberID? = nil) async throws -> TrialStart {
        switch try await answer(to: Account.Command(.startTrial, key: keyOfCall, member: member), for: customer) {
        case .trial(let trial): .began(trial)
        case .trialRefused(let refusal): .refused(refusal)
        case let other: throw unexpected(other)
        }
    }

    /// Gives one customer terms of its own in place of its tier's.
    ///
    /// They hold on every tier, at once, until each one's end. They take the place of all terms that were given
    /// before: to add one, give those of the overview with it; to take leave of all, give none.
    ///
    /// - Parameters:
    ///   - terms: The terms, each of another allowance, meter's rates or feature.
    ///   - customer: Who is given them.
    ///   - member: Who gives them.
    ///   - key: What makes a retry do nothing, so that it does not undo what was given in the meantime.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, and with
    ///   `malformedTerms` for terms that the current catalog cannot have; ``StoreError``; ``BillingError``;
    ///   `CancellationError` when the task was cancelled before the command waited.
    public func override(
        _ terms: [Account.Override],
        for customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws {
        let command = try command(.override(terms), by: member, key: key)
        switch try await answer(to: command, for: customer) {
        case .overridden: return
        case let other: throw unexpected(other)
        }
    }
}
