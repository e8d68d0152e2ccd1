/// Tells observers of notices until each has been heard.
final class NoticeDispatcher: Sendable {
    private static let page = 100
    private static let lease = Duration.seconds(60)

    private let store: any BillingStore
    private let observers: [any BillingObserver]
    private let clock: any BillingClock
    private let entropy: any BillingEntropy
    private let wakeup = Wakeup()

    init(
        store: any BillingStore,
        observers: [any BillingObserver],
        clock: any BillingClock,
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
        let now = clock.now()
        let request = LeaseRequest(now: now, until: now.advanced(by: Self.lease), limit: Self.page)
        // A store that cannot be reached now is asked again after the interval; nothing is lost meanwhile.
        guard let leases = try? await store.leaseNotices(request), !leases.isEmpty else { return false }
        var settlements: [NoticeSettlement] = []
        for lease in leases where !Task.isCancelled {
            settlements.append(NoticeSettlement(lease: lease, outcome: await tell(lease)))
        }
        try? await store.settle(settlements)
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
