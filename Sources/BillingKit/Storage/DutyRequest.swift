/// A request for a duty, for a while.
public struct DutyRequest: Hashable, Sendable {
    /// The duty.
    public let duty: Duty

    /// Who asks.
    public let holder: Duty.Holder

    /// The instant by the clock of whoever asks.
    public let now: Timestamp

    /// When the lease ends by itself; `now` or earlier to give the duty up.
    public let until: Timestamp

    /// Creates a request.
    public init(_ duty: Duty, for holder: Duty.Holder, now: Timestamp, until: Timestamp) {
        self.duty = duty
        self.holder = holder
        self.now = now
        self.until = until
    }
}
