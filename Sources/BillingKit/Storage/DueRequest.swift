/// A question for a page of the accounts whose due instant has come, in the order of ``DueAccount``.
public struct DueRequest: Hashable, Sendable {
    /// The present instant; what is due at it is due.
    public let now: Timestamp

    /// Where the page before ended: the last account of it.
    public let after: DueAccount?

    /// The most accounts in the page, 1 to 1,000.
    public let limit: Int

    /// Creates a question.
    ///
    /// - Parameters:
    ///   - now: The present instant.
    ///   - after: The last account of the page before, or `nil` for the first page.
    ///   - limit: The most accounts in the page.
    public init(now: Timestamp, after: DueAccount? = nil, limit: Int = 100) {
        self.now = now
        self.after = after
        self.limit = min(max(1, limit), 1_000)
    }
}
