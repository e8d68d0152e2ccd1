/// The right to tell observers of one notice, for a while.
public struct NoticeLease: Hashable, Sendable {
    /// The notice.
    public let notice: Account.Notice

    /// How often it was told, this time included; also the lease's generation.
    public let attempt: Int

    /// Creates a lease.
    public init(notice: Account.Notice, attempt: Int) {
        self.notice = notice
        self.attempt = attempt
    }
}

/// What becomes of a leased notice.
public struct NoticeSettlement: Hashable, Sendable {
    /// What comes next for a notice.
    public enum Outcome: Hashable, Sendable {
        /// Every observer has heard it.
        case delivered
        /// An observer failed; it is told again.
        case retry(at: Timestamp)
        /// An observer failed too often; it stays, and is not told again by itself.
        case dead
    }

    /// The lease that ends.
    ///
    /// Where the notice has been leased again since, nothing changes.
    public let lease: NoticeLease

    /// What comes next.
    public let outcome: Outcome

    /// Creates a settlement.
    public init(lease: NoticeLease, outcome: Outcome) {
        self.lease = lease
        self.outcome = outcome
    }
}
