/// Settles accounts at which something is due, so that notices come when they are due and not when somebody looks.
///
/// Nothing else hangs on it: things happen when they are due, whoever writes them down and whenever. So any number of
/// servers may sweep the same accounts: whoever comes second finds nothing left to do.
final class Sweeper: Sendable {
    private static let page = 100
    /// The most pages of a round.
    ///
    /// The next one goes on where it stopped, so that no account is behind others for ever.
    private static let pagesPerRound = 100

    private let store: any BillingStore
    private let mailbox: Mailbox
    private let clock: any BillingClock
    private let entropy: any BillingEntropy
    private let memory = Lock(SweepMemory())

    init(store: any BillingStore, mailbox: Mailbox, clock: any BillingClock, entropy: any BillingEntropy) {
        self.store = store
        self.mailbox = mailbox
        self.clock = clock
        self.entropy = entropy
    }

    /// Sweeps, and again after each interval, until the task is cancelled.
    func run(every interval: Duration) async {
        while !Task.isCancelled {
            await sweep()
            try? await clock.sleep(for: interval)
        }
    }

    /// Does one round: settles what is due at its beginning, up to 10,000 accounts.
    func sweep() async {
        let now = clock.now()
        for _ in 0..<Self.pagesPerRound {
            let request = DueRequest(now: now, after: memory.withLock(\.last), limit: Self.page)
            // A store that cannot be reached now is asked again after the interval; nothing is lost meanwhile.
            guard !Task.isCancelled, let due = try? await store.accountsDue(request) else { return }
            let wanted = memory.withLock { memory in
                due.filter { memory.shouldSettle($0, at: now, entropy: entropy) }
            }
            guard await settle(wanted) else { return }
            let last = due.count == Self.page ? due.last : nil
            memory.withLock { $0.advance(after: last) }
            if last == nil { return }
        }
    }

    /// Settles accounts together, and returns whether there is sense in going on.
    private func settle(_ accounts: [DueAccount]) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for account in accounts { group.addTask { await self.settle(account) } }
            return await group.reduce(true) { $0 && $1 }
        }
    }

    private func settle(_ account: DueAccount) async -> Bool {
        do {
            _ = try await mailbox.answer(to: Account.Command(.settle), for: account.customer)
            return true
        } catch {
            // What is wrong with one account holds up no other: it is left alone for a while.
            guard Self.isOfAll(error) else { return true }
            memory.withLock { $0.forget(account) }
            return false
        }
    }

    /// Returns whether an error would meet every account.
    private static func isOfAll(_ error: any Error) -> Bool {
        switch error {
        case let error as StoreError: !error.isOfData
        case let error as BillingError: error.code == .overloaded || error.code == .shutDown
        default: false
        }
    }
}
