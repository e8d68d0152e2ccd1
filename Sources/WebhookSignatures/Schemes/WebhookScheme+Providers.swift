extension WebhookScheme {
    /// Standard Webhooks with the headers of the specification.
    ///
    /// Three headers carry an identifier, the time of the attempt in Unix seconds and a list of signatures. Signed is
    /// the identifier, a full stop, the timestamp, a full stop and the body. A signature is `v1,` and the Base64 text
    /// of the code; further ones follow after a space while secrets are being exchanged.
    ///
    /// The secret is Base64 text, usually after `whsec_`. Missing padding is accepted. The headers are `webhook-id`,
    /// `webhook-timestamp` and `webhook-signature`; a provider that sends the `svix-` family has its own scheme,
    /// ``svix``, and the families are never mixed. Source: the Standard Webhooks specification, version 1.
    public static let standardWebhooks = standard("standard-webhooks", keyDerivations: [.base64()])

    /// Standard Webhooks with the headers `svix-id`, `svix-timestamp` and `svix-signature`.
    ///
    /// Use it for Svix and for those who send through it, such as Clerk. But for the headers' names it is
    /// ``standardWebhooks``. Source: the Svix documentation on verifying by hand.
    public static let svix = standard("svix", family: "svix", keyDerivations: [.base64()])

    /// Stripe's webhooks, snapshot and thin events alike.
    ///
    /// One header, `Stripe-Signature`, has the time and the signatures: `t=1700000000,v1=…`. Signed is the time, a
    /// full stop and the body. The key is the text of the whole secret, `whsec_` included. Entries of another version
    /// are ignored: Stripe sends `v0` in test mode. No identifier is signed but the event's own in the body: act on
    /// each of those once. Source: Stripe's official clients. Those for Python, Go, Node and Ruby accept every
    /// timestamp in the future; here the tolerance holds in both directions.
    public static let stripe = WebhookScheme(
        name: "stripe",
        signature: .fields("stripe-signature"),
        signedContent: [.timestamp, ".", .body],
        keyDerivations: [.wholeSecret]
    )

    /// Paddle Billing's notifications.
    ///
    /// One header, `Paddle-Signature`, has the time and the signatures: `ts=1700000000;h1=…`. Signed is the time, a
    /// colon and the body. The key is the text of the whole secret, `pdl_ntfset_` included. While secrets are being
    /// exchanged there are several `h1`. Source: Paddle's official clients. They allow 5 seconds, which real networks
    /// exceed; the default here is 300. For theirs, use `.paddle.with(tolerance: .seconds(5))`.
    public static let paddle = WebhookScheme(
        name: "paddle",
        signature: .fields("paddle-signature", separator: ";", timestamp: "ts", signature: "h1"),
        signedContent: [.timestamp, ":", .body],
        keyDerivations: [.wholeSecret]
    )

    /// Lemon Squeezy's webhooks: the code of the body, in the header `X-Signature`.
    ///
    /// Nothing says when a delivery was signed, so it can be sent again for ever: act once on each
    /// ``VerifiedWebhook/identity``. The header `X-Event-Name` is not signed: take the name from the body. Source: Lemon
    /// Squeezy's documentation.
    public static let lemonSqueezy = WebhookScheme(
        name: "lemon-squeezy",
        signature: .single("x-signature"),
        signedContent: [.body],
        keyDerivations: [.wholeSecret]
    )

    /// GitHub's webhooks: `sha256=` and the code of the body, in the header `X-Hub-Signature-256`.
    ///
    /// The older header `X-Hub-Signature` is not looked at. Nothing says when a delivery was signed, so it can be sent
    /// again for ever: act once on each ``VerifiedWebhook/identity``. The headers `X-GitHub-Delivery` and
    /// `X-GitHub-Event` are not signed: neither routes nor identifies a delivery. Source: GitHub's documentation.
    public static let github = WebhookScheme(
        name: "github",
        signature: .single("x-hub-signature-256", prefix: "sha256="),
        signedContent: [.body],
        keyDerivations: [.wholeSecret]
    )

    /// Returns the scheme of Standard Webhooks for a family of headers.
    ///
    /// A family is taken whole. Where identifiers of one family are accepted beside signatures of another, a replay
    /// passes as a new delivery under an identifier that nobody signed.
    static func standard(
        _ name: String,
        family: String = "webhook",
        keyDerivations: [KeyDerivation]
    ) -> WebhookScheme {
        WebhookScheme(
            name: name,
            signature: .list("\(family)-signature"),
            identifierHeader: "\(family)-id",
            timestampHeader: "\(family)-timestamp",
            signedContent: [.identifier, ".", .timestamp, ".", .body],
            keyDerivations: keyDerivations
        )
    }
}
