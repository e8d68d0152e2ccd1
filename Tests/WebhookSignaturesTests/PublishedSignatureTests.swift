import Foundation
import Testing
import WebhookSignatures

/// Signatures that others computed.
///
/// Those from the schemes' own documentation and clients are not part of this package.
@Suite struct PublishedSignatureTests {
    private static let published = Vectors.shared("crypto/webhooks.tsv")

    @Test(.enabled(if: published != nil, "shared/fixtures/crypto/webhooks.tsv is not beside the checkout"))
    func `published signatures of every scheme are verified`() throws {
        var countsByScheme: [String: Int] = [:]
        for row in try Vectors.rows(of: #require(Self.published)) {
            try #require(row.count == 8)
            let schemes: [String: WebhookScheme] = [
                "std": .standardWebhooks, "polar-legacy": .polar(keys: .original),
                "polar-standard": .polar(keys: .standard), "polar-std": .polar(keys: .standard), "stripe": .stripe,
                "paddle": .paddle, "hexbody": .github,
            ]
            let scheme = try #require(schemes[row[0]], "\(row[0])")
            let values = [row[3], row[4], row[5]].suffix(scheme.headerNames.count)
            let headers = Dictionary(uniqueKeysWithValues: zip(scheme.headerNames, values))
            let body = try #require([UInt8](hexadecimal: row[6]))
            let now = Int64(row[4]) ?? 0
            let verifier = try WebhookVerifier(scheme, secrets: [row[2]])
            let verdict = verifier.verify(body, at: now) { headers[$0].map { [$0] } ?? [] }
            #expect(verdict.isVerified == (row[7] == "valid"), "\(row[1])")
            #expect(
                verifier.verify(body + [0], at: now) { headers[$0].map { [$0] } ?? [] }
                    == .rejected(.noMatchingSignature)
            )
            countsByScheme[scheme.name, default: 0] += 1
        }
        let expected: [(scheme: WebhookScheme, count: Int)] = [
            (.standardWebhooks, 2), (.polar, 1), (.stripe, 2), (.paddle, 3), (.github, 1),
        ]
        #expect(countsByScheme == Dictionary(uniqueKeysWithValues: expected.map { ($0.scheme.name, $0.count) }))
    }

    /// Lemon Squeezy publishes none, so these are computed by Python's `hmac`.
    @Test(arguments: [
        ("s3cret-of-the-shop", "b212f6ffbaa891ef14c443c51bcefc99a962d3f3e43e519882137c2f6c43fb2e"),
        ("sesame öffne dich", "bef3becfc5c5ab4702e2b324200658e00ef16b1aef787a7b47bc79ebf800d196"),
    ])
    func `a signature of Lemon Squeezy that another implementation computed is verified`(
        secret: String,
        code: String
    ) throws {
        let body = [UInt8](#"{"meta":{"event_name":"order_created"},"data":{"type":"orders","name":"Zoë"}}"#.utf8)
        let verifier = try WebhookVerifier(.lemonSqueezy, secrets: [secret])
        #expect(verifier.verify(body, at: 0) { $0 == "x-signature" ? [code] : [] }.isVerified)
        #expect(verifier.verify(body + [0], at: 0) { _ in [code] } == .rejected(.noMatchingSignature))
    }

    private struct Lifecycle: Decodable {
        struct Delivery: Decodable {
            let headers: [String: String]
            let body: String
        }

        let secret: String
        let deliveries: [Delivery]
    }

    @Test func `a customer's life in Polar's deliveries is verified and can be signed again`() throws {
        let lifecycle = try JSONDecoder().decode(Lifecycle.self, from: Vectors.data("polar_deliveries.json"))
        let verifier = try WebhookVerifier(.polar, secrets: [lifecycle.secret])
        let signer = try WebhookSigner(.polar, secrets: [lifecycle.secret])
        #expect(lifecycle.deliveries.count == 42)
        for delivery in lifecycle.deliveries {
            let now = try #require(Int64(delivery.headers["webhook-timestamp"] ?? ""))
            let body = [UInt8](delivery.body.utf8)
            let verdict = verifier.verify(body, at: now) { delivery.headers[$0].map { [$0] } ?? [] }
            let webhook = try #require(verdict.webhook)
            let signed = try signer.sign(body, id: webhook.id, timestamp: now)
            for (name, value) in signed {
                #expect(delivery.headers[name] == value)
            }
        }
    }
}
