import Foundation
import Testing
import WebhookSignatures

/// Signatures from the schemes' own documentation and clients, which are not part of this package.
@Suite struct PublishedSignatureTests {
    private static let published = Vectors.shared("crypto/webhooks.tsv")
    private static let deliveries = Vectors.shared("polar/deliveries/lifecycle-legacy-key.json")

    @Test(.enabled(if: published != nil, "shared/fixtures/crypto/webhooks.tsv is not beside the checkout"))
    func `published signatures of Standard Webhooks and Polar are verified`() throws {
        var verifiedCount = 0
        for row in try Vectors.rows(of: #require(Self.published)) {
            let scheme: WebhookScheme
            switch row[0] {
            case "std": scheme = .standardWebhooks
            case "polar-legacy": scheme = .polar(keys: .original)
            default: continue
            }
            try #require(row.count == 8)
            let headers = ["webhook-id": row[3], "webhook-timestamp": row[4], "webhook-signature": row[5]]
            let body = try #require([UInt8](hexadecimal: row[6]))
            let now = try #require(Int64(row[4]))
            let verifier = try WebhookVerifier(scheme, secrets: [row[2]])
            let verdict = verifier.verify(body, at: now) { headers[$0].map { [$0] } ?? [] }
            #expect(verdict.isVerified == (row[7] == "valid"), "\(row[1])")
            #expect(
                verifier.verify(body + [0], at: now) { headers[$0].map { [$0] } ?? [] }
                    == .rejected(.noMatchingSignature)
            )
            verifiedCount += 1
        }
        #expect(verifiedCount == 3)
    }

    private struct Lifecycle: Decodable {
        struct Delivery: Decodable {
            let headers: [String: String]
            let body: String
        }

        let secret: String
        let deliveries: [Delivery]
    }

    @Test(.enabled(if: deliveries != nil, "shared/fixtures/polar/deliveries is not beside the checkout"))
    func `a customer's life in Polar's deliveries is verified and can be signed again`() throws {
        let lifecycle = try JSONDecoder().decode(Lifecycle.self, from: Data(contentsOf: #require(Self.deliveries)))
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
