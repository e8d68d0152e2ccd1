import Testing
import WebhookSignatures

@Suite struct WebhookSecretTests {
    private static func code(_ secrets: [String], _ scheme: WebhookScheme) -> WebhookSecretError.Code? {
        do throws(WebhookSecretError) {
            _ = try WebhookVerifier(scheme, secrets: secrets)
            return nil
        } catch {
            return error.code
        }
    }

    private static let schemes: [WebhookScheme] = [
        .standardWebhooks, .svix, .polar, .polar(keys: .original), .polar(keys: .standard), .stripe, .paddle,
        .lemonSqueezy, .github,
    ]

    @Test func `an empty secret is refused by every scheme`() {
        for scheme in Self.schemes {
            #expect(Self.code([""], scheme) == .empty)
            for prefix in ["whsec_", "polar_whs_", "pdl_ntfset_", "pdl_ntf_"] {
                #expect(Self.code([prefix], scheme) == .empty, "\(scheme.name), \(prefix)")
                #expect(Self.code([Delivery.secret, prefix], scheme) == .empty, "\(scheme.name), \(prefix)")
            }
            #expect(Self.code([], scheme) == .noSecrets)
        }
    }

    @Test(arguments: [" ", "\n", "\t", "\r\n", "\u{a0}", "\u{feff}", "\u{200b}", "\u{2028}", "\0", "\u{7f}"])
    func `white space and invisible characters around a secret are refused`(blank: String) {
        for scheme in Self.schemes {
            #expect(Self.code([Delivery.secret + blank], scheme) == .surroundingWhitespace)
            #expect(Self.code([blank + Delivery.secret], scheme) == .surroundingWhitespace)
            #expect(Self.code([blank], scheme) == .surroundingWhitespace)
        }
    }

    @Test func `a secret copied with the version of a signature is refused`() {
        for scheme in Self.schemes {
            #expect(Self.code(["v1," + Delivery.secret], scheme) == .copiedWithVersion)
        }
    }

    @Test(arguments: [
        "whsec_ab!!cd", "whsec_A", "whsec_AAAA=", "whsec_AA-_", "whsec_é", "whsec_=", "polar_whs_abc", "ab cd",
    ])
    func `a secret that is not Base64 is refused where it has to be`(secret: String) {
        #expect(Self.code([secret], .standardWebhooks) == .notBase64)
        #expect(Self.code([secret], .svix) == .notBase64)
        #expect(Self.code([secret], .polar(keys: .standard)) == .notBase64)
        #expect(Self.code([secret], .polar) == nil)
        #expect(Self.code([secret], .polar(keys: .original)) == nil)
    }

    @Test func `a secret without prefix, without padding or with stray bits is the same key`() throws {
        // 32 bytes leave two stray bits in the last letter, here set.
        let letters = String(Delivery.secret.dropFirst("whsec_".count).dropLast())
        let last = try #require(letters.last)
        let stray = String(letters.dropLast()) + String(try #require(Self.next(after: last)))
        let delivery = Delivery()
        for secret in [letters, letters + "=", "whsec_" + letters, "whsec_" + stray, stray] {
            #expect(try delivery.verdict(secrets: [secret]).isVerified)
        }
    }

    private static func next(after letter: Character) -> Character? {
        letter.unicodeScalars.first.flatMap { Unicode.Scalar($0.value + 1) }.map { Character($0) }
    }

    @Test func `the error says which secret is meant and is equal by code and position`() throws {
        let error = #expect(throws: WebhookSecretError.self) {
            try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret, "whsec_ab!!cd"])
        }
        #expect(error?.code == .notBase64)
        #expect(error?.secretIndex == 1)
        let same = #expect(throws: WebhookSecretError.self) {
            try WebhookSigner(.standardWebhooks, secrets: [Delivery.secret, "whsec_?"])
        }
        #expect(error == same)
        #expect(same?.description.contains("position 1") == true)
    }

    @Test func `a list of secrets is bounded`() throws {
        let most = Array(repeating: Delivery.secret, count: WebhookVerifier.secretLimit)
        #expect(Self.code(most, .standardWebhooks) == nil)
        #expect(Self.code(most + [Delivery.secret], .standardWebhooks) == .tooManySecrets)
    }

    @Test func `every code has a name and a sentence of its own`() throws {
        let lists: [[String]] = [
            [], Array(repeating: "x", count: 9), [""], [" "], ["v1,whsec_x"], ["whsec_?"],
        ]
        let errors = try lists.map { secrets in
            try #require(
                #expect(throws: WebhookSecretError.self) {
                    try WebhookVerifier(.standardWebhooks, secrets: secrets)
                }
            )
        }
        #expect(Set(errors.map(\.code.description)).count == 6)
        #expect(Set(errors.map(\.description)).count == 6)
    }
}
