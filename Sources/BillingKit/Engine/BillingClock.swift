/// Where the kit gets the time from.
///
/// A host uses ``SystemClock``; a test moves a clock of its own. Two clocks of one store may differ by seconds:
/// an account's time never runs backwards.
public protocol BillingClock: Sendable {
    /// Returns the present instant.
    func now() -> Timestamp

    /// Waits until a duration has passed by this clock.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws
}
