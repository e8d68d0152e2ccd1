import Foundation
import WebhookSignatures

/// A request as it would reach a host, signed by hand rather than by the module's signer.
struct Delivery {
    static let now: Int64 = 1_700_000_000
    static let keyBytes = [UInt8](patternOf: 32, step: 11, start: 5)
    static let secret = "whsec_" + Data(keyBytes).base64EncodedString()

    var headers: [String: [String]]
    var body: [UInt8]

    /// Signs whatever header values it is given, well formed or not, over their exact bytes.
    init(
        body: [UInt8] = [UInt8](#"{"type":"order.paid"}"#.utf8),
        id: String = "msg_1",
        timestamp: String = String(now),
        key: [UInt8] = keyBytes,
        family: String = "webhook"
    ) {
        self.body = body
        self.headers = [
            "\(family)-id": [id],
            "\(family)-timestamp": [timestamp],
            "\(family)-signature": [Self.signature(body: body, id: id, timestamp: timestamp, key: key)],
        ]
    }

    static func signature(
        body: [UInt8],
        id: String = "msg_1",
        timestamp: String = String(now),
        key: [UInt8] = keyBytes
    ) -> String {
        let content = [UInt8]("\(id).\(timestamp).".utf8) + body
        let code = HMACSHA256.authenticationCode(for: content, using: HMACSHA256.Key(key))
        return "v1," + Data(code.bytes).base64EncodedString()
    }

    var signature: String {
        get { headers["webhook-signature"]?.first ?? "" }
        set { headers["webhook-signature"] = [newValue] }
    }

    func verdict(
        _ scheme: WebhookScheme = .standardWebhooks,
        secrets: [String] = [secret],
        at now: Int64 = now
    ) throws -> WebhookVerdict {
        verdict(of: try WebhookVerifier(scheme, secrets: secrets), at: now)
    }

    func verdict(of verifier: WebhookVerifier, at now: Int64 = now) -> WebhookVerdict {
        verifier.verify(body, at: now) { headers[$0] ?? [] }
    }
}

extension WebhookVerdict {
    var webhook: VerifiedWebhook? {
        if case .verified(let webhook) = self { webhook } else { nil }
    }

    var isVerified: Bool {
        webhook != nil
    }
}
