/// What a sweeper remembers from one round to the next: how far it has come, and what it has tried.
struct SweepMemory: Sendable {
    /// A settlement of an account, which was to move its due instant on.
    private struct Attempt {
        let dueAt: Timestamp
        let number: Int
        let madeAt: Timestamp
        let retryAt: Timestamp

        /// Whether it is too early for another one; never by a clock that stands before the attempt.
        func isRecent(at now: Timestamp) -> Bool { madeAt <= now && now < retryAt }
    }

    /// The most attempts that are remembered of a pass.
    ///
    /// An account beyond them is tried in every pass.
    private static let capacity = 10_000

    /// A minute at most at first, then an hour at most, for ever.
    private static let patience = Backoff(first: 60_000_000, longest: 3_600_000_000, attempts: .max)

    /// The last account of the pass so far, or `nil` at a pass's beginning.
    private(set) var last: DueAccount?
    private var attempts: [CustomerID: Attempt] = [:]
    private var attemptsOfLastPass: [CustomerID: Attempt] = [:]

    /// Notes that an account is due, and returns whether it is to be settled now.
    ///
    /// One that is due at the very instant at which it was settled before has not been helped: it is left alone,
    /// longer each time.
    mutating func shouldSettle(_ account: DueAccount, at now: Timestamp, entropy: some BillingEntropy) -> Bool {
        let customer = account.customer
        var before = attempts[customer] ?? attemptsOfLastPass[customer]
        if before?.dueAt != account.dueAt { before = nil }
        let isLeftAlone = before?.isRecent(at: now) ?? false
        let number = (before?.number ?? 0) + 1
        let next = Attempt(
            dueAt: account.dueAt,
            number: number,
            madeAt: now,
            retryAt: Self.patience.next(after: number, from: now, entropy: entropy) ?? now
        )
        if attempts.count < Self.capacity { attempts[customer] = isLeftAlone ? before : next }
        return !isLeftAlone
    }

    /// Forgets an attempt that was not made after all.
    mutating func forget(_ account: DueAccount) {
        attempts[account.customer] = nil
        attemptsOfLastPass[account.customer] = nil
    }

    /// Notes that a page has been gone through.
    ///
    /// - Parameter last: The last account of it, or `nil` when there are no more and the next pass begins.
    mutating func advance(after last: DueAccount?) {
        self.last = last
        guard last == nil else { return }
        // What was not found in this pass is due no longer.
        attemptsOfLastPass = attempts
        attempts = [:]
    }
}
