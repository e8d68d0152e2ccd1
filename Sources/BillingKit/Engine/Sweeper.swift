/// Settles accounts at which something is due, so that notices come when they are due and not when somebody looks.
///
/// Nothing else hangs on it: things happen when they are due, whoever writes them down and whenever. One server does it
/// for all, to save the others the work; two that do it at once do no harm, whoever comes second finds nothing left to do.
final class Sweeper: Sendable {
    private static let page = 100
    /// The most pages of a round.
    ///
    /// The next one goes on where it stopped, so that no account is behind others for ever.
    private static let pagesPerRound = 100

    private let store: any BillingStore
    private let mailbox: Mailbox
    private let clock: ConfirmedClock
    private let entropy: any BillingEntropy
    private let memory = Lock(SweepMemory())
    /// What this server goes by among those that may sweep.
    private let name: Duty.Holder

    init(store: any BillingStore, mailbox: Mailbox, clock: ConfirmedClock, entropy: any BillingEntropy) {
        self.store = store
        self.mailbox = mailbox
        self.clock = clock
        self.entropy = entropy
        name = Duty.Holder(SystemEntropy().nextName())
    }

    /// Sweeps while no other server does, and again after each interval, until the task is cancelled.
    func run(every interval: Duration) async {
        while !Task.isCancelled {
            // Long enough to be renewed by the next round; when this server is gone, another one soon goes on.
            if await lease(for: interval + interval + .seconds(10)) { await sweep() }
            try? await clock.sleep(for: interval)
        }
        _ = await lease(for: .zero)
    }

    /// Leases the duty to this server, and returns whether it has it.
    private func lease(for length: Duration) async -> Bool {
        guard (try? await clock.confirm()) != nil else { return false }
        let now = clock.now()
        let request = DutyRequest(.sweep, for: name, now: now, until: now.advanced(by: length))
        // A store that does not answer has nothing to sweep either.
        return (try? await store.lease(request)) ?? false
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
