import Foundation
import Testing
import WebhookSignatures

/// Signatures from the schemes' own documentation and clients, which are not part of this package.
@Suite struct PublishedSignatureTests {
    private static let published = Vectors.shared("crypto/webhooks.tsv")
    private static let deliveries = Vectors.shared("polar/deliveries/lifecycle-legacy-key.json")

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
        #expect(countsByScheme.values.reduce(0, +) >= 9)
        print("published signatures: \(countsByScheme)")
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
