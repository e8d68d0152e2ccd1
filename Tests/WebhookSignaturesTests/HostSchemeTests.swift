import Testing
import WebhookSignatures

/// Schemes that a host describes.
@Suite struct HostSchemeTests {
    private static let now: Int64 = 1_700_000_000
    private static let body = [UInt8](#"{"a":1}"#.utf8)

    private static func hexadecimal(_ content: String, key: [UInt8]) -> String {
        let code = HMACSHA256.authenticationCode(for: [UInt8](content.utf8), using: HMACSHA256.Key(key))
        return Hexadecimal.encode(code.bytes)
    }

    @Test func `a timestamp in a header of its own and a fixed text before it`() throws {
        let scheme = try WebhookScheme(
            name: "slack",
            signature: .single("X-Slack-Signature", prefix: "v0="),
            timestampHeader: "X-Slack-Request-Timestamp",
            signedContent: ["v0:", .timestamp, ":", .body]
        )
        #expect(scheme.headerNames == ["x-slack-request-timestamp", "x-slack-signature"])
        let code = Self.hexadecimal(#"v0:1700000000:{"a":1}"#, key: [UInt8]("secret".utf8))
        let headers = try WebhookSigner(scheme, secrets: ["secret"]).sign(Self.body, timestamp: Self.now)
        #expect(headers == ["x-slack-request-timestamp": "1700000000", "x-slack-signature": "v0=\(code)"])
        let verifier = try WebhookVerifier(scheme, secrets: ["secret"])
        let webhook = verifier.verify(Self.body, at: Self.now) { headers[$0].map { [$0] } ?? [] }.webhook
        #expect(webhook?.timestamp == Self.now)
        #expect(webhook?.id == nil)
        #expect(!verifier.verify(Self.body, at: Self.now + 301) { headers[$0].map { [$0] } ?? [] }.isVerified)
    }

    @Test func `a bare code in Base64`() throws {
        let scheme = try WebhookScheme(
            name: "shop",
            signature: .single("x-shop-hmac-sha256", encoding: .base64),
            signedContent: [.body]
        )
        let code = HMACSHA256.authenticationCode(for: Self.body, using: HMACSHA256.Key([UInt8]("secret".utf8)))
        let verifier = try WebhookVerifier(scheme, secrets: ["secret"])
        #expect(verifier.verify(Self.body, at: 0) { _ in [Base64.encode(code.bytes)] }.isVerified)
        #expect(!verifier.verify(Self.body, at: 0) { _ in [Hexadecimal.encode(code.bytes)] }.isVerified)
        #expect(!verifier.verify(Self.body, at: 0) { _ in [""] }.isVerified)
    }

    @Test func `an identifier, a prefix and a version of its own`() throws {
        let scheme = try WebhookScheme(
            name: "own",
            signature: .list("own-signature", version: "s2", encoding: .hexadecimal),
            identifierHeader: "own-id",
            timestampHeader: "own-time",
            signedContent: [.identifier, "|", .timestamp, "|", .body],
            keys: .base64(afterPrefix: "own_"),
            tolerance: .seconds(10)
        )
        let code = Self.hexadecimal(#"m.1|1700000000|{"a":1}"#, key: [1, 2, 3])
        let headers = ["own-id": "m.1", "own-time": "1700000000", "own-signature": "v1,x s2,\(code)"]
        let verifier = try WebhookVerifier(scheme, secrets: ["own_AQID"])
        #expect(verifier.verify(Self.body, at: Self.now + 10) { headers[$0].map { [$0] } ?? [] }.webhook?.id == "m.1")
        #expect(!verifier.verify(Self.body, at: Self.now + 11) { headers[$0].map { [$0] } ?? [] }.isVerified)

        // Here the bar ends the identifier, and not the full stop.
        let signer = try WebhookSigner(scheme, secrets: ["AQID"])
        #expect(try signer.sign(Self.body, id: "m.1", timestamp: Self.now)["own-signature"] == "s2,\(code)")
        #expect(throws: WebhookRejection.malformedIdentifier) { try signer.sign([], id: "m|1", timestamp: 0) }
        #expect(throws: WebhookRejection.malformedIdentifier) { try signer.sign([], timestamp: 0) }
        let divided = ["own-id": "m|1", "own-time": "1700000000", "own-signature": "s2,\(code)"]
        let verdict = verifier.verify(Self.body, at: Self.now) { divided[$0].map { [$0] } ?? [] }
        #expect(verdict == .rejected(.malformedIdentifier))
    }

    @Test func `fields without a timestamp of their own`() throws {
        let scheme = try WebhookScheme(
            name: "own",
            signature: .fields("own", separator: "&", timestamp: nil, signature: "mac", encoding: .base64),
            signedContent: ["body:", .body]
        )
        let headers = try WebhookSigner(scheme, secrets: ["a", "b"]).sign(Self.body)
        #expect(headers["own"]?.split(separator: "&").count == 2)
        let verifier = try WebhookVerifier(scheme, secrets: ["b"])
        #expect(verifier.verify(Self.body, at: 0) { headers[$0].map { [$0] } ?? [] }.isVerified)
        #expect(!verifier.verify(Self.body, at: 0) { _ in ["mac"] }.isVerified)
    }

    @Test func `the schemes of the module have no mistake`() {
        let schemes: [WebhookScheme] = [
            .standardWebhooks, .svix, .polar, .stripe, .paddle, .lemonSqueezy, .github,
        ]
        for scheme in schemes {
            #expect(scheme.mistake == nil, "\(scheme.name)")
        }
    }

    private static func code(
        _ signature: WebhookScheme.SignatureHeader = .single("s"),
        id: String? = nil,
        time: String? = nil,
        signing content: [WebhookScheme.SignedPart]
    ) -> WebhookSchemeError.Code? {
        do throws(WebhookSchemeError) {
            _ = try WebhookScheme(
                name: "x",
                signature: signature,
                identifierHeader: id,
                timestampHeader: time,
                signedContent: content
            )
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `what is signed has to be cut in one way only`() {
        #expect(Self.code(id: "i", time: "t", signing: [.identifier, .timestamp, ".", .body]) == .ambiguousContent)
        #expect(Self.code(id: "i", signing: [.identifier, .body]) == .ambiguousContent)
        #expect(Self.code(id: "i", signing: [.identifier, "", .body]) == .ambiguousContent)
        #expect(Self.code(time: "t", signing: [.timestamp, .body]) == .ambiguousContent)
        #expect(Self.code(time: "t", signing: [.timestamp, "0", .body]) == .ambiguousContent)
        #expect(Self.code(time: "t", signing: [.timestamp, ".", .timestamp, ".", .body]) == .ambiguousContent)
        #expect(Self.code(id: "i", time: "t", signing: [.timestamp, ".", .identifier, "x", .body]) == nil)
    }

    @Test func `the body comes last and once, and what is sent is signed`() {
        #expect(Self.code(signing: []) == .bodyNotLast)
        #expect(Self.code(signing: ["x"]) == .bodyNotLast)
        #expect(Self.code(signing: [.body, "x"]) == .bodyNotLast)
        #expect(Self.code(signing: [.body, .body]) == .bodyNotLast)
        #expect(Self.code(time: "t", signing: [.body, ".", .timestamp]) == .bodyNotLast)
        #expect(Self.code(id: "i", signing: [.body]) == .notSigned)
        #expect(Self.code(time: "t", signing: [.body]) == .notSigned)
        #expect(Self.code(.fields("s"), signing: [.body]) == .notSigned)
        #expect(Self.code(signing: [.timestamp, ".", .body]) == .notSent)
        #expect(Self.code(signing: [.identifier, ".", .body]) == .notSent)
        #expect(Self.code(.fields("s"), time: "t", signing: [.timestamp, ".", .body]) == .notSent)
    }

    @Test func `names can be names and differ, and separators divide`() {
        for name in ["", " ", "a b", "a:b", "é", "a\r\nb", "\0"] {
            #expect(Self.code(.single(name), signing: [.body]) == .malformedName, "\(name)")
            #expect(Self.code(id: name, signing: [.identifier, ".", .body]) == .malformedName, "\(name)")
        }
        #expect(Self.code(.list("s", version: ""), signing: [.body]) == .malformedName)
        #expect(Self.code(.list("s", version: "v 1"), signing: [.body]) == .malformedName)
        #expect(Self.code(.single("s", prefix: "a b"), signing: [.body]) == .malformedName)
        #expect(Self.code(id: "S", signing: [.identifier, ".", .body]) == .repeatedName)
        #expect(Self.code(.fields("s", timestamp: "v1"), signing: [.timestamp, ".", .body]) == .repeatedName)
        #expect(
            Self.code(.fields("s", separator: "|", signature: "v|1"), signing: [.timestamp, ".", .body])
                == .malformedName
        )
        for separator: Character in ["=", "a", "0", " ", "é", "\n", "+", "/", "\u{1f600}"] {
            let code = Self.code(.fields("s", separator: separator), signing: [.timestamp, ".", .body])
            #expect(code == .malformedSeparator, "\(separator)")
        }
    }

    @Test func `every code has a name and a sentence of its own`() {
        let mistakes: [(WebhookScheme.SignatureHeader, [WebhookScheme.SignedPart])] = [
            (.single(""), [.body]), (.fields("s", separator: "="), [.body]), (.fields("s", timestamp: "v1"), [.body]),
            (.single("s"), []), (.fields("s"), [.body]), (.single("s"), [.timestamp, ".", .body]),
            (.fields("s"), [.timestamp, .body]),
        ]
        let errors = mistakes.compactMap { signature, content in
            #expect(throws: WebhookSchemeError.self) {
                try WebhookScheme(name: "x", signature: signature, signedContent: content)
            }
        }
        #expect(Set(errors.map(\.code.description)).count == 7)
        #expect(Set(errors.map(\.description)).count == 7)
    }
}
