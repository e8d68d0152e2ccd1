/// Tells observers of notices until each has been heard.
final class NoticeDispatcher: Sendable {
    /// So few that observers may take seconds for each and all of them are told before the lease ends.
    private static let page = 10
    private static let lease = Duration.seconds(60)

    private let store: any BillingStore
    private let observers: [any BillingObserver]
    private let clock: ConfirmedClock
    private let entropy: any BillingEntropy
    private let wakeup = Wakeup()

    init(
        store: any BillingStore,
        observers: [any BillingObserver],
        clock: ConfirmedClock,
        entropy: any BillingEntropy
    ) {
        self.store = store
        self.observers = observers
        self.clock = clock
        self.entropy = entropy
    }

    /// Says that there are new notices.
    func wake() {
        wakeup.wake()
    }

    /// Tells notices until the task is cancelled.
    func run(every interval: Duration) async {
        // Without anyone to hear them, notices stay where they are.
        guard !observers.isEmpty else { return }
        while !Task.isCancelled {
            let wasFull = await tellDue()
            if !wasFull { await wakeup.wait(atMost: interval, by: clock) }
        }
    }

    /// Tells a page of notices that are due, and returns whether there may be more.
    private func tellDue() async -> Bool {
        guard (try? await clock.confirm()) != nil else { return false }
        let now = clock.now()
        let request = LeaseRequest(now: now, until: now.advanced(by: Self.lease), limit: Self.page)
        // A store that cannot be reached now is asked again after the interval; nothing is lost meanwhile.
        guard let leases = try? await store.leaseNotices(request), !leases.isEmpty else { return false }
        for lease in leases {
            // From then on another server may tell the rest: to go on would be to tell them twice.
            guard !Task.isCancelled, clock.own.now() < request.until else { return true }
            let outcome = await tell(lease)
            // At once, so that no other server tells what has been heard; where that fails, one does.
            try? await store.settle([NoticeSettlement(lease: lease, outcome: outcome)])
        }
        return leases.count == Self.page
    }

    private func tell(_ lease: NoticeLease) async -> NoticeSettlement.Outcome {
        do {
            for observer in observers { try await observer.hear(lease.notice) }
            return .delivered
        } catch {
            let retry = Backoff.standard.next(after: lease.attempt, from: clock.now(), entropy: entropy)
            return retry.map { .retry(at: $0) } ?? .dead
        }
    }
}
