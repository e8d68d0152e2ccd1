import SeededTesting
import Testing
import WebhookSignatures

@Suite struct PropertyTests {
    @Test func `whatever is signed is verified as it was signed`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "sign and verify"))
        let schemes: [WebhookScheme] = [
            .standardWebhooks, .svix, .polar, .polar(keys: .original), .polar(keys: .standard), .stripe, .paddle,
            .lemonSqueezy, .github,
        ]
        for _ in 0..<2000 {
            let scheme = try #require(schemes.randomElement(using: &generator))
            let secretCount = Int.random(in: 1...3, using: &generator)
            let secrets = (0..<secretCount).map { _ in Self.secret(using: &generator) }
            let chosen = Int.random(in: 0..<secretCount, using: &generator)
            let body = Self.bytes(count: Int.random(in: 0...300, using: &generator), using: &generator)
            let id = Self.identifier(using: &generator)
            let timestamp = Int64.random(in: 0...999_999_999_999_999, using: &generator)
            let now = timestamp + Int64.random(in: -300...300, using: &generator)

            let headers = try WebhookSigner(scheme, secrets: [secrets[chosen]]).sign(body, id: id, timestamp: timestamp)
            let verifier = try WebhookVerifier(scheme, secrets: secrets)
            let webhook = verifier.verify(body, at: now) { headers[$0].map { [$0] } ?? [] }.webhook
            #expect(webhook != nil)
            #expect(webhook?.id == (scheme.headerNames.count == 3 ? id : nil))
            #expect(webhook?.timestamp == (scheme.tolerance == nil ? nil : timestamp))
            #expect(webhook?.body == body)
            #expect(webhook?.secretIndex == secrets.firstIndex(of: secrets[chosen]))
        }
    }

    /// Deliveries are damaged a little, so that they get past the first checks, and judged by many clocks.
    @Test func `no header, body or clock traps, and nothing is verified but what was signed`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "damaged deliveries"))
        let verifiers = [
            try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret]),
            try WebhookVerifier(.polar, secrets: ["polar_whs_other", Delivery.secret], bodyByteLimit: 200),
        ]
        var verifiedCount = 0
        var reasons: [WebhookRejection.Code: Int] = [:]
        for _ in 0..<20_000 {
            let genuine = Delivery(
                body: Self.bytes(count: Int.random(in: 0...200, using: &generator), using: &generator)
            )
            var delivery = genuine
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                Self.damage(&delivery, using: &generator)
            }
            let now = Self.clock(using: &generator)
            let verifier = try #require(verifiers.randomElement(using: &generator))
            switch delivery.verdict(of: verifier, at: now) {
            case .verified(let webhook):
                verifiedCount += 1
                #expect(webhook.id == "msg_1")
                #expect(webhook.timestamp == Delivery.now)
                #expect(webhook.body == genuine.body)
                #expect(abs(now - Delivery.now) <= 300)
            case .rejected(let reason):
                reasons[reason.code, default: 0] += 1
                #expect(!reason.description.isEmpty)
            }
        }
        print("damaged deliveries: verified \(verifiedCount), \(reasons)")
        #expect(verifiedCount > 1000)
        #expect(reasons.count == 11, "every reason has to come up, or the damage is too dull")
    }

    @Test func `no text traps as a secret`() {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "secrets"))
        var codes: Set<WebhookSecretError.Code> = []
        for _ in 0..<5000 {
            let prefix = ["", "whsec_", "v1,whsec_", "polar_whs_", "whsec"].randomElement(using: &generator) ?? ""
            let secret = prefix + Self.text(count: Int.random(in: 0...12, using: &generator), using: &generator)
            do throws(WebhookSecretError) {
                _ = try WebhookVerifier(.standardWebhooks, secrets: [secret])
            } catch {
                codes.insert(error.code)
            }
        }
        #expect(codes == [.empty, .surroundingWhitespace, .copiedWithVersion, .notBase64])
    }

    private static func bytes(count: Int, using generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private static func identifier(using generator: inout SeededGenerator) -> String {
        let visible = (0x21...0x7e).filter { $0 != 0x2e } as [UInt8]
        let count = Int.random(in: 1...255, using: &generator)
        let bytes = (0..<count).map { _ in visible.randomElement(using: &generator) ?? 0x61 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func secret(using generator: inout SeededGenerator) -> String {
        // Long enough that two secrets are never the same key by chance.
        var text = Base64.encode(bytes(count: Int.random(in: 16...80, using: &generator), using: &generator))
        if Bool.random(using: &generator) {
            text.removeAll { $0 == "=" }
        }
        return (Bool.random(using: &generator) ? "whsec_" : "") + text
    }

    private static func text(count: Int, using generator: inout SeededGenerator) -> String {
        let telling: [Unicode.Scalar] = [
            "v", "1", ",", " ", ".", "=", "+", "/", "A", "0", "9", "-", "e", "\t", "\n", "\0", "\u{7f}", "é", "\u{301}",
            "\u{feff}", "１", "\u{1f600}", "\u{10ffff}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<count {
            text.append(telling.randomElement(using: &generator) ?? "x")
        }
        return String(text)
    }

    private static func clock(using generator: inout SeededGenerator) -> Int64 {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: Int64.random(in: .min ... .max, using: &generator)
        case 1: [Int64.min, .max, 0, -1].randomElement(using: &generator) ?? 0
        case 2: Delivery.now + Int64.random(in: -302...302, using: &generator)
        default: Delivery.now
        }
    }

    private static func damage(_ delivery: inout Delivery, using generator: inout SeededGenerator) {
        let name = WebhookScheme.standardWebhooks.headerNames.randomElement(using: &generator) ?? ""
        let value = delivery.headers[name]?.first ?? ""
        let noise = text(count: Int.random(in: 0...6, using: &generator), using: &generator)
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: delivery.headers[name] = nil
        case 1: delivery.headers[name] = [value, noise]
        case 2: delivery.headers[name] = [noise]
        case 3: delivery.headers[name] = [noise + " " + value]
        case 4: delivery.headers[name] = [value + " " + noise]
        case 5: delivery.headers[name] = [String(value.dropLast(Int.random(in: 0...9, using: &generator)))]
        case 6: delivery.headers[name] = [String(value.reversed())]
        case 7:
            delivery.headers[name] = [
                value + String(repeating: "9", count: Int.random(in: 0...9000, using: &generator))
            ]
        case 8:
            var scalars = Array(value.unicodeScalars)
            let place = Int.random(in: 0...scalars.count, using: &generator)
            scalars.insert(contentsOf: noise.unicodeScalars, at: place)
            delivery.headers[name] = [String(String.UnicodeScalarView(scalars))]
        case 9: delivery.body.append(contentsOf: bytes(count: 1, using: &generator))
        case 10: delivery.body = bytes(count: Int.random(in: 0...400, using: &generator), using: &generator)
        default: delivery.headers[name] = ["\t " + value + " \t"]
        }
    }
}
