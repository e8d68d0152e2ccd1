import WebhookSignatures

/// A whole delivery, read from bytes: a letter for the scheme, then the headers' values and the body, each after a line
/// feed.
enum DeliveryTrial {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let now: Int64 = 1_700_000_000

    private struct Receiver {
        let letter: UInt8
        let verifier: WebhookVerifier
        let signer: WebhookSigner

        init?(_ letter: Unicode.Scalar, _ scheme: WebhookScheme) {
            guard let verifier = try? WebhookVerifier(scheme, secrets: ["whsec_b3RoZXI=", DeliveryTrial.secret]),
                let signer = try? WebhookSigner(scheme, secrets: [DeliveryTrial.secret])
            else {
                return nil
            }
            self.letter = UInt8(ascii: letter)
            self.verifier = verifier
            self.signer = signer
        }
    }

    private static let receivers: [Receiver] = [
        Receiver("w", .standardWebhooks), Receiver("x", .svix), Receiver("p", .polar), Receiver("s", .stripe),
        Receiver("d", .paddle), Receiver("l", .lemonSqueezy), Receiver("g", .github),
    ].compactMap { $0 }

    /// Verifies the delivery.
    ///
    /// One that is genuine has to be so when it is signed again, and no other body may be.
    static func run(_ bytes: [UInt8]) {
        guard let receiver = receivers.first(where: { $0.letter == bytes.first }) else {
            return
        }
        let names = receiver.verifier.scheme.headerNames
        let lines = bytes.dropFirst(2)
            .split(separator: 0x0a, maxSplits: names.count, omittingEmptySubsequences: false)
        var headers: [String: [String]] = [:]
        for (name, line) in zip(names, lines) {
            headers[name] = [String(decoding: line, as: UTF8.self)]
        }
        let body = lines.count > names.count ? Array(lines[names.count]) : []
        guard case .verified(let webhook) = receiver.verifier.verify(body, at: now, headers: { headers[$0] ?? [] })
        else {
            return
        }
        precondition(webhook.body == body)
        precondition(webhook.secretIndex == 1, "nothing here is signed with the other secret")
        precondition(!webhook.identity.isEmpty)
        guard let signed = try? receiver.signer.sign(body, id: webhook.id, timestamp: webhook.timestamp) else {
            preconditionFailure("what was verified can be signed")
        }
        guard case .verified = receiver.verifier.verify(body, at: now, headers: { signed[$0].map { [$0] } ?? [] })
        else {
            preconditionFailure("what is signed is verified")
        }
        let longer = body + [0]
        guard case .rejected = receiver.verifier.verify(longer, at: now, headers: { headers[$0] ?? [] }) else {
            preconditionFailure("another body has another signature")
        }
    }

    /// A genuine delivery by each scheme, as bytes for ``run(_:)``.
    static var genuine: [[UInt8]] {
        let body = Array(#"{"type":"order.paid"}"#.utf8)
        return receivers.compactMap { receiver in
            guard let headers = try? receiver.signer.sign(body, id: "msg_1", timestamp: now) else {
                return nil
            }
            let values = receiver.verifier.scheme.headerNames.map { Array((headers[$0] ?? "").utf8) }
            return [receiver.letter] + (values + [body]).flatMap { [0x0a] + $0 }
        }
    }
}

extension FuzzTarget {
    /// Inputs to begin with, from which others are made.
    package var seeds: [[UInt8]] {
        let base64 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        let digits = "558bf93944dbeb4790c7a8af6cb2ea435c8ca9c8396aafc1a4e37424ac132744"
        let texts =
            switch self {
            case .base64: [String(base64.dropFirst(3)), "YWI=", "YWJj", "YR=="]
            case .hexadecimal: [digits, digits.uppercased()]
            case .secret: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "polar_whs_abc", " whsec_", "v1,whsec_YWJj"]
            case .timestamp: ["1700000000", "0", "999999999999999", "01", "-1", "1e9"]
            case .identifier: ["msg_p5jXN8AQM9LWM0D4loKWxJek", " a\t", "a.b"]
            case .signatureList: [base64, "\(base64) v1a,x  \(base64)", "v1, v1", "v2,\(base64)"]
            case .signatureFields:
                ["t=1700000000,v1=\(digits)", "t=1,v1=\(digits),v1=\(digits),v0=\(digits)", "t,v1", "t=1,t=2", "v1="]
            case .singleSignature: ["sha256=\(digits)", digits, String(base64.dropFirst(3))]
            case .delivery: [String]()
            }
        return texts.map { Array($0.utf8) } + (self == .delivery ? DeliveryTrial.genuine : [])
    }
}
