import Testing
import WebhookSignatures

@Suite struct RedactionTests {
    private static let secret = "polar_whs_do_not_show_me"

    /// Everything that the standard library can be asked to show of a value.
    private static func shown(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var printed = ""
        print(value, [value], Optional(value) as Any, to: &printed)
        var dumpedInside = ""
        dump(["key": (value, Optional(value))], to: &dumpedInside)
        let children = Mirror(reflecting: value).children.map { "\($0)" }
        return [dumped, printed, dumpedInside, String(describing: value), String(reflecting: value), "\(value)"]
            + children
    }

    /// Whether the texts show a number that is too long to be there by chance, or the secret.
    private static func leaks(_ texts: [String]) -> Bool {
        let bytes = Array(secret.utf8)
        let decimals = bytes.prefix(4).map(String.init).joined(separator: ", ")
        return texts.contains { text in
            text.contains(secret)
                || text.contains("do_not_show_me")
                || text.contains(decimals)
                || text.contains(Hexadecimal.encode(bytes))
                || text.contains(Base64.encode(bytes))
                || text.contains("SIMD")
                || text.split(whereSeparator: { !$0.isNumber }).contains { $0.count > 4 }
        }
    }

    @Test func `the check itself finds a leak`() {
        #expect(Self.leaks(Self.shown(Self.secret)))
        #expect(Self.leaks(Self.shown(["a": Array(Self.secret.utf8)])))
        #expect(Self.leaks(Self.shown(SIMD8<UInt32>(repeating: 123_456_789))))
        #expect(Self.leaks(Self.shown((inner: 123_456_789, outer: 0))))
    }

    @Test func `keys, codes, verifiers and signers show nothing of the secret`() throws {
        let key = HMACSHA256.Key(Array(Self.secret.utf8))
        var mac = HMACSHA256(key: key)
        mac.update(Array(Self.secret.utf8))
        let values: [(value: Any, description: String)] = [
            (key, "HMACSHA256.Key(…)"),
            (mac, "HMACSHA256(…)"),
            (SHA256(), "SHA256(…)"),
            (mac.finalize(), "HMACSHA256.AuthenticationCode(…)"),
            (try WebhookVerifier(.polar, secrets: [Self.secret]), "WebhookVerifier(polar, secrets: 1)"),
            (try WebhookSigner(.polar, secrets: [Self.secret]), "WebhookSigner(polar, secrets: 1)"),
        ]
        for (value, description) in values {
            #expect(!Self.leaks(Self.shown(value)), "\(description)")
            #expect("\(value)" == description)
            #expect(Mirror(reflecting: value).children.isEmpty)
            var dumped = ""
            dump(value, to: &dumped)
            #expect(dumped == "- \(description)\n")
        }
    }

    @Test func `errors show nothing of the secret`() {
        let mistakes = [
            Self.secret, "whsec_\(Self.secret)", " \(Self.secret)", "\(Self.secret)\n", "v1,whsec_\(Self.secret)",
        ]
        for mistake in mistakes {
            let error = #expect(throws: WebhookSecretError.self) {
                try WebhookVerifier(.standardWebhooks, secrets: [mistake])
            }
            #expect(error.map { Self.leaks(Self.shown($0)) } == false)
        }
    }

    @Test func `a rejection shows nothing of the secret, the signature or the headers' values`() throws {
        let value = "v1,do_not_show_me"
        var delivery = Delivery(key: [1])
        var rejections = [try delivery.verdict(.polar, secrets: [Self.secret])]
        delivery.signature = value
        rejections.append(try delivery.verdict(.polar, secrets: [Self.secret]))
        delivery.signature = "do_not_show_me"
        rejections.append(try delivery.verdict(.polar, secrets: [Self.secret]))
        delivery.headers["webhook-timestamp"] = [Self.secret]
        rejections.append(try delivery.verdict(.polar, secrets: [Self.secret]))
        delivery.headers["webhook-id"] = [Self.secret + "."]
        rejections.append(try delivery.verdict(.polar, secrets: [Self.secret]))
        delivery.headers["webhook-id"] = [Self.secret, Self.secret]
        rejections.append(try delivery.verdict(.polar, secrets: [Self.secret]))
        #expect(Set(rejections.map { "\($0)" }).count == 5)
        for rejection in rejections {
            #expect(!rejection.isVerified)
            #expect(!Self.leaks(Self.shown(rejection)), "\(rejection)")
        }
    }

    @Test func `a verified webhook prints without its body`() throws {
        let webhook = try #require(try Delivery(body: Array("private".utf8)).verdict().webhook)
        #expect("\(webhook)" == "VerifiedWebhook(id: msg_1, timestamp: 1700000000, secretIndex: 0, body: 7 bytes)")
    }
}
