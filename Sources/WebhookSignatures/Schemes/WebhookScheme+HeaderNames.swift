extension WebhookScheme {
    /// The names of the three headers of one family, in lowercase.
    ///
    /// A family is taken whole. Where identifiers of one family are accepted beside signatures of another, a replay
    /// passes as a new delivery under an identifier that nobody signed.
    struct HeaderNames: Sendable {
        let identifier: String
        let timestamp: String
        let signature: String

        static let standard = HeaderNames(
            identifier: "webhook-id",
            timestamp: "webhook-timestamp",
            signature: "webhook-signature"
        )

        static let svix = HeaderNames(
            identifier: "svix-id",
            timestamp: "svix-timestamp",
            signature: "svix-signature"
        )
    }
}
