import Foundation
import Testing
import WebhookSignatures

@Suite struct PolarTests {
    private struct File: Decodable {
        struct Vector: Decodable {
            let name: String
            let secret: String
            let verify_at: Int64
            let headers: [String: String]
            let body: String
            let expect: Bool
        }

        let vectors: [Vector]
    }

    private static func isVerified(_ vector: File.Vector, _ scheme: WebhookScheme) throws -> Bool {
        try WebhookVerifier(scheme, secrets: [vector.secret])
            .verify([UInt8](vector.body.utf8), at: vector.verify_at) { vector.headers[$0].map { [$0] } ?? [] }
            .isVerified
    }

    @Test func `the vectors of the official client get their verdicts`() throws {
        let vectors = try JSONDecoder().decode(File.self, from: Vectors.data("polar_signatures.json")).vectors
        #expect(vectors.count == 8)
        #expect(vectors.count(where: \.expect) == 5)
        for vector in vectors {
            #expect(try Self.isVerified(vector, .polar) == vector.expect, "\(vector.name)")
            let isOriginal = vector.name.hasPrefix("legacy")
            #expect(
                try Self.isVerified(vector, .polar(keys: .original)) == (vector.expect && isOriginal),
                "\(vector.name), original key pinned"
            )
            if !isOriginal {
                #expect(try Self.isVerified(vector, .polar(keys: .standard)) == vector.expect, "\(vector.name), pinned")
                #expect(try Self.isVerified(vector, .standardWebhooks) == vector.expect, "\(vector.name), standard")
            }
        }
    }

    /// The shape of Polar's generator: 43 letters and digits, neither padded nor with clean trailing bits.
    private static let secret = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK"

    private static let standardKey = Base64.decodeLeniently(secret.dropFirst(6).utf8) ?? []

    @Test func `both ways to make a key are tried and either can be pinned`() throws {
        #expect(Self.standardKey.count == 32)
        let original = Delivery(key: [UInt8](Self.secret.utf8))
        let standard = Delivery(key: Self.standardKey)
        for (keys, acceptsOriginal, acceptsStandard) in [
            (WebhookScheme.PolarKeys.either, true, true), (.original, true, false), (.standard, false, true),
        ] {
            let verifier = try WebhookVerifier(.polar(keys: keys), secrets: [Self.secret])
            #expect(original.verdict(of: verifier).isVerified == acceptsOriginal)
            #expect(standard.verdict(of: verifier).isVerified == acceptsStandard)
        }
        #expect(try original.verdict(.polar, secrets: [Self.secret]).isVerified)
        #expect(try standard.verdict(.polar, secrets: [Self.secret]).isVerified)
    }

    @Test func `the key is neither the text without its prefix nor a decoding with it`() throws {
        let withoutPrefix = [UInt8](Self.secret.utf8.dropFirst(6))
        #expect(
            try Delivery(key: withoutPrefix).verdict(.polar, secrets: [Self.secret]) == .rejected(.noMatchingSignature)
        )
        #expect(try Delivery(key: []).verdict(.polar, secrets: [Self.secret]) == .rejected(.noMatchingSignature))
    }

    @Test func `with several secrets the verdict names the secret and not the key`() throws {
        let secrets = ["polar_whs_retired", Self.secret, "polar_whs_other"]
        let verifier = try WebhookVerifier(.polar, secrets: secrets)
        #expect(Delivery(key: [UInt8](secrets[0].utf8)).verdict(of: verifier).webhook?.secretIndex == 0)
        #expect(Delivery(key: [UInt8](secrets[1].utf8)).verdict(of: verifier).webhook?.secretIndex == 1)
        #expect(Delivery(key: Self.standardKey).verdict(of: verifier).webhook?.secretIndex == 1)
        #expect(Delivery(key: [UInt8](secrets[2].utf8)).verdict(of: verifier).webhook?.secretIndex == 2)
    }

    @Test func `a forged delivery is refused`() throws {
        let genuine = Delivery(key: [UInt8](Self.secret.utf8))
        var forgeries = [genuine, genuine, genuine, genuine, genuine]
        forgeries[0].body.append(0x20)
        forgeries[1].body.removeLast()
        forgeries[2].headers["webhook-id"] = ["msg_2"]
        forgeries[3].signature = "v1,A"
        forgeries[4].signature = String(genuine.signature.dropLast(4))
        for forgery in forgeries {
            #expect(try forgery.verdict(.polar, secrets: [Self.secret]) == .rejected(.noMatchingSignature))
        }
        #expect(try genuine.verdict(.polar, secrets: [Self.secret], at: Delivery.now + 300).isVerified)
        #expect(try genuine.verdict(.polar, secrets: [Self.secret], at: Delivery.now + 301) == .rejected(.tooOld))
        #expect(try genuine.verdict(.polar, secrets: [Self.secret], at: Delivery.now - 301) == .rejected(.tooNew))
    }
}
