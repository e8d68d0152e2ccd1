/// Where the kit gets the time from.
///
/// A host uses ``SystemClock``; a test moves a clock of its own. Two clocks of one store may differ by seconds:
/// an account's time never runs backwards. One that is far ahead of the store's own is refused, see
/// ``BillingSystem/Configuration/clockTolerance``.
public protocol BillingClock: Sendable {
    /// Returns the present instant.
    func now() -> Timestamp

    /// A Boolean value indicating whether its time is the world's, so that a database's clock can be held against it; `false`
    /// unless a clock says otherwise, since a test's stands where the test puts it.
    var tellsWorldTime: Bool { get }

    /// Waits until a duration has passed by this clock.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws
}

extension BillingClock {
    /// Nobody else's time.
    public var tellsWorldTime: Bool { false }
}
