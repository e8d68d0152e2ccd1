/// What to answer a provider, and what became of its webhook.
public struct WebhookAnswer: Hashable, Sendable {
    /// What became of a webhook.
    public enum Outcome: Hashable, Sendable {
        /// It was kept and has taken effect.
        case applied
        /// It was kept and says nothing newer than what was known.
        case stale
        /// It was kept and is of no concern, for this reason.
        case ignored(String)
        /// It had been received before and is finished.
        case duplicate
        /// It had been received before and is being worked on.
        case inProgress
        /// It was kept but could not take effect yet, for this reason; it is tried again.
        case deferred(String)
        /// It was kept but cannot take effect, for this reason; it waits for a person.
        case dead(String)
        /// It was not kept, because it cannot be trusted, for this reason.
        case rejected(String)
        /// It could not be kept, for this reason; the provider is to send it again.
        case unavailable(String)
    }

    /// What became of it.
    ///
    /// For logs and pages of the host; a sender is told the status code alone.
    public let outcome: Outcome

    /// The HTTP status code to answer with.
    ///
    /// 200 once the webhook is kept, whatever comes of it: what is left to do is the kit's. 401 when it cannot
    /// be trusted, 413 when its body is too large, 503 when it could not be kept.
    public let statusCode: Int

    init(_ outcome: Outcome, statusCode: Int = 200) {
        self.outcome = outcome
        self.statusCode = statusCode
    }
}
