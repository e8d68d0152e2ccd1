import Synchronization

/// The server's clock, held against the clock of its store.
///
/// What time ends has ended for good: by a clock that is months ahead every grant, hold and trial of a customer would be
/// over, and a key free again. So where the store has a clock of its own, no time counts that lies far ahead of that.
final class ConfirmedClock: BillingClock {
    /// How long a time that the store has borne out is gone by before it is asked again.
    private static let period = Duration.seconds(60)

    /// The clock itself, for what has no effect.
    let own: any BillingClock
    private let store: any BillingStore
    private let tolerance: Duration
    /// The last instant that counts until the store is asked again.
    ///
    /// One number is enough: the store's time only grows, so what has been borne out once always will be.
    private let limit: Atomic<Int64>

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - own: The server's clock.
    ///   - store: The store whose time it is held against.
    ///   - tolerance: How far it may be ahead of the store's.
    /// - Throws: As ``confirm()``.
    init(_ own: any BillingClock, of store: any BillingStore, tolerance: Duration) async throws(StoreError) {
        self.own = own
        self.store = store
        self.tolerance = tolerance
        limit = Atomic(own.tellsWorldTime ? .min : .max)
        try await confirm()
    }

    var tellsWorldTime: Bool { own.tellsWorldTime }

    /// Returns the present instant, or the last that counts where the store would have to be asked first.
    func now() -> Timestamp {
        Timestamp(microseconds: min(own.now().microseconds, limit.load(ordering: .relaxed)))
    }

    func sleep(for duration: Duration) async throws {
        try await own.sleep(for: duration)
    }

    /// Makes sure that the present instant counts, and asks the store where that is not known.
    ///
    /// - Throws: ``StoreError``, with ``StoreError/Code/clockAhead`` when the clock is further ahead than it may be.
    func confirm() async throws(StoreError) {
        try await confirm { () throws(StoreError) in try await store.time() }
    }

    /// Makes sure that the present instant counts, and asks somebody else for the store's time where that is not known.
    ///
    /// - Parameter ask: Returns the store's time; `nil` where it has none of its own.
    /// - Throws: As ``confirm()``.
    func confirm(asking ask: () async throws(StoreError) -> Timestamp?) async throws(StoreError) {
        // Read before the store is asked: an answer that takes long makes nobody's clock look fast.
        let now = own.now()
        guard now.microseconds > limit.load(ordering: .relaxed) else { return }
        guard let time = try await ask() else {
            limit.store(.max, ordering: .relaxed)
            return
        }
        guard now <= time.advanced(by: tolerance) else {
            throw StoreError(
                .clockAhead,
                "This server's clock says \(now) where the store's says \(time): more than \(tolerance) ahead, so nothing "
                    + "was done. Set the clock that is wrong; no restart is needed."
            )
        }
        limit.max(now.advanced(by: Self.period).microseconds, ordering: .relaxed)
    }
}
