import Testing
import WebhookSignatures

@Suite struct WebhookSignerTests {
    @Test func `a signature is the one computed by hand`() throws {
        let delivery = Delivery()
        let signer = try WebhookSigner(.standardWebhooks, secrets: [Delivery.secret])
        let headers = try signer.sign(delivery.body, id: "msg_1", timestamp: Delivery.now)
        #expect(headers.mapValues { [$0] } == delivery.headers)
        let svix = try WebhookSigner(.svix, secrets: [Delivery.secret])
        #expect(Set(try svix.sign([], id: "msg_1", timestamp: 0).keys) == Set(WebhookScheme.svix.headerNames))
    }

    @Test func `several secrets make several signatures in their order`() throws {
        let second = "whsec_" + Base64.encode([UInt8](patternOf: 24))
        let signer = try WebhookSigner(.standardWebhooks, secrets: [Delivery.secret, second])
        let headers = try signer.sign([1], id: "msg_1", timestamp: Delivery.now)
        let expected = [Delivery.keyBytes, [UInt8](patternOf: 24)].map { Delivery.signature(body: [1], key: $0) }
        #expect(headers["webhook-signature"] == expected.joined(separator: " "))
    }

    @Test func `Polar's signer uses the original key unless the other is pinned`() throws {
        let original = try WebhookSigner(.polar, secrets: [Delivery.secret]).sign([1], id: "msg_1", timestamp: 5)
        let standard = try WebhookSigner(.polar(keys: .standard), secrets: [Delivery.secret])
            .sign([1], id: "msg_1", timestamp: 5)
        let text = [UInt8](Delivery.secret.utf8)
        #expect(original["webhook-signature"] == Delivery.signature(body: [1], timestamp: "5", key: text))
        #expect(standard["webhook-signature"] == Delivery.signature(body: [1], timestamp: "5"))
    }

    @Test func `what no receiver would accept is not signed`() throws {
        let signer = try WebhookSigner(.standardWebhooks, secrets: [Delivery.secret])
        for id in ["", "a.b", "a b", "é", String(repeating: "a", count: 256)] {
            #expect(throws: WebhookRejection.malformedIdentifier) { try signer.sign([], id: id, timestamp: 0) }
        }
        for timestamp in [-1, Int64.min, 1_000_000_000_000_000, Int64.max] {
            #expect(throws: WebhookRejection.malformedTimestamp) { try signer.sign([], id: "a", timestamp: timestamp) }
        }
    }

    @Test func `a retry is the same message signed at another time`() throws {
        let signer = try WebhookSigner(.standardWebhooks, secrets: [Delivery.secret])
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret])
        var signatures: Set<String> = []
        for attempt in 0..<3 {
            let time = Delivery.now + Int64(attempt) * 3600
            let headers = try signer.sign([7], id: "msg_1", timestamp: time)
            signatures.insert(try #require(headers["webhook-signature"]))
            let webhook = verifier.verify([7], at: time) { headers[$0].map { [$0] } ?? [] }.webhook
            #expect(webhook?.id == "msg_1")
            #expect(webhook?.timestamp == time)
        }
        #expect(signatures.count == 3)
    }
}
