import Testing
import WebhookSignatures

/// A scheme with one header, and deliveries signed by hand for it.
struct HandSigned: CustomTestStringConvertible, Sendable {
    let scheme: WebhookScheme
    let header: String
    let secret: String

    /// What stands before the timestamp's digits, between them and the code, and between two codes.
    let layout: (time: String, code: String, next: String)?

    /// What stands between timestamp and body in what is signed.
    let joint: String

    /// What stands before a code that is alone.
    let prefix: String

    static let stripe = HandSigned(
        scheme: .stripe,
        header: "stripe-signature",
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        layout: ("t=", ",v1=", ",v1="),
        joint: "."
    )

    static let paddle = HandSigned(
        scheme: .paddle,
        header: "paddle-signature",
        secret: "pdl_ntfset_01hs0t3tw21j988db1pam5xg8m_GrOWLNef+vmtjJYq4mSnHNzvc8uWoJ1I",
        layout: ("ts=", ";h1=", ";h1="),
        joint: ":"
    )

    static let lemonSqueezy = HandSigned(scheme: .lemonSqueezy, header: "x-signature", secret: "sesame")

    static let github = HandSigned(
        scheme: .github,
        header: "x-hub-signature-256",
        secret: "It's a Secret to Everybody",
        prefix: "sha256="
    )

    static let all = [stripe, paddle, lemonSqueezy, github]
    static let timed = [stripe, paddle]

    static let body = [UInt8](#"{"id":"evt_1","type":"order.paid"}"#.utf8)
    static let now: Int64 = 1_700_000_000

    private init(
        scheme: WebhookScheme,
        header: String,
        secret: String,
        layout: (time: String, code: String, next: String)? = nil,
        joint: String = "",
        prefix: String = ""
    ) {
        self.scheme = scheme
        self.header = header
        self.secret = secret
        self.layout = layout
        self.joint = joint
        self.prefix = prefix
    }

    var testDescription: String { scheme.name }

    /// The digits of the code over a body and, where there is one, a timestamp.
    func code(_ body: [UInt8] = body, time: String = String(now), secret: String? = nil) -> String {
        let content = [UInt8]((layout == nil ? "" : time + joint).utf8) + body
        let key = HMACSHA256.Key([UInt8]((secret ?? self.secret).utf8))
        return Hexadecimal.encode(HMACSHA256.authenticationCode(for: content, using: key).bytes)
    }

    /// The header's value with the codes.
    func value(_ codes: [String], time: String = String(now)) -> String {
        guard let layout else {
            return prefix + codes.joined()
        }
        return layout.time + time + layout.code + codes.joined(separator: layout.next)
    }

    /// The header's value for a body.
    func value(_ body: [UInt8] = body, time: String = String(now)) -> String {
        value([code(body, time: time)], time: time)
    }

    func verdict(
        _ values: [String],
        _ body: [UInt8] = body,
        at now: Int64 = now,
        secrets: [String]? = nil
    ) throws -> WebhookVerdict {
        try WebhookVerifier(scheme, secrets: secrets ?? [secret])
            .verify(body, at: now) { name in name == header ? values : [] }
    }

    func verdict(
        _ value: String,
        _ body: [UInt8] = body,
        at now: Int64 = now,
        secrets: [String]? = nil
    ) throws -> WebhookVerdict {
        try verdict([value], body, at: now, secrets: secrets)
    }
}
