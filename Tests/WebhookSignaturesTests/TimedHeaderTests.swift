import Foundation
import Testing
import WebhookSignatures

/// What holds for the schemes whose one header has fields: Stripe's and Paddle's.
@Suite struct TimedHeaderTests {
    @Test(arguments: HandSigned.timed)
    func `the tolerance holds in both directions and its bound passes`(signed: HandSigned) throws {
        let value = signed.value()
        for distance: Int64 in [-300, -1, 0, 1, 300] {
            #expect(try signed.verdict(value, at: HandSigned.now + distance).isVerified)
        }
        #expect(try signed.verdict(value, at: HandSigned.now + 301) == .rejected(.tooOld))
        #expect(try signed.verdict(value, at: HandSigned.now - 301) == .rejected(.tooNew))
        #expect(try signed.verdict(value, at: .max) == .rejected(.tooOld))
        #expect(try signed.verdict(value, at: .min) == .rejected(.tooNew))

        let strict = try WebhookVerifier(signed.scheme.with(tolerance: .seconds(5)), secrets: [signed.secret])
        #expect(strict.verify(HandSigned.body, at: HandSigned.now + 5) { _ in [value] }.isVerified)
        #expect(strict.verify(HandSigned.body, at: HandSigned.now + 6) { _ in [value] } == .rejected(.tooOld))
        let none = try WebhookVerifier(signed.scheme.with(tolerance: .seconds(-1)), secrets: [signed.secret])
        #expect(!none.verify(HandSigned.body, at: HandSigned.now) { _ in [value] }.isVerified)
    }

    @Test(arguments: HandSigned.timed)
    func `only who asks for it by name gets no check of the age`(signed: HandSigned) throws {
        let any = try WebhookVerifier(signed.scheme.acceptingAnyAge(), secrets: [signed.secret])
        let webhook = any.verify(HandSigned.body, at: .max) { _ in [signed.value()] }.webhook
        #expect(webhook?.timestamp == HandSigned.now)
        #expect(any.verify(HandSigned.body, at: 0) { _ in [signed.value(time: "x")] } == .rejected(.malformedTimestamp))
        #expect(signed.scheme.tolerance == .seconds(300))
        #expect(WebhookScheme.github.tolerance == nil)
        #expect(WebhookScheme.github.with(tolerance: .zero).tolerance == nil)
    }

    @Test(
        arguments: HandSigned.timed,
        [
            "", "+1700000000", "-1700000000", "1700000000.0", "17e8", "1_700_000_000", "01700000000",
            "0x6553f100", "１７００００００００", "NaN", "inf", "1700000000abc", "99999999999999999999", "1000000000000000",
            "1700000000=1", "-9223372036854775808", "1700000000\0",
        ]
    )
    func `a timestamp in any but the one spelling is refused, though signed as it is`(
        signed: HandSigned,
        time: String
    ) throws {
        #expect(try signed.verdict(signed.value(time: time)) == .rejected(.malformedTimestamp))
    }

    @Test(arguments: HandSigned.timed)
    func `a header has to have exactly one timestamp`(signed: HandSigned) throws {
        let (code, time) = (signed.code(), String(HandSigned.now))
        let isStripe = signed.scheme.name == "stripe"
        let (t, v, next) = isStripe ? ("t", "v1", ",") : ("ts", "h1", ";")
        let malformed = [
            "\(v)=\(code)", "\(t)=\(time)\(next)\(t)=\(time)\(next)\(v)=\(code)",
            "\(t)=\(time)\(next)\(v)=\(code)\(next)\(t)=\(time)", "\(t)=1\(next)\(t)=\(time)\(next)\(v)=\(code)",
            "\(t)\(next)\(v)=\(code)", "\(t)=\(time)\(next)\(t)\(next)\(v)=\(code)",
            "\(t)=\(time)\(next) \(v)=\(code)", "\(t)=\(time)\(next)\(v) =\(code)", "\(t)=\(time)\t\(next)\(v)=\(code)",
            "\(t)=\(time)\(next)\(v)\(next)\(v)=\(code)", "\(t.uppercased())=\(time)\(next)\(v)=\(code)", "",
        ]
        for value in malformed {
            #expect(try signed.verdict(value) == .rejected(.malformedSignatureHeader), "\(value)")
        }
        let inAnyOrder = "\(v)=\(code)\(next)\(t)=\(time)"
        #expect(try signed.verdict(inAnyOrder).isVerified)
        #expect(try signed.verdict("\(next)\(next)\(inAnyOrder)\(next)").isVerified, "empty entries are skipped")
    }

    @Test(arguments: HandSigned.timed)
    func `a right code under another name is no signature`(signed: HandSigned) throws {
        let name = signed.scheme.name == "stripe" ? "v1" : "h1"
        for other in ["v0", "v2", "h2", "V1", "H1", "\(name)\(name)", "\(name)a", "", "t1"] {
            let value = signed.value().replacing("\(name)=", with: "\(other)=")
            #expect(try signed.verdict(value) == .rejected(.noSupportedSignature), "\(other)")
        }
        // What is not known is ignored beside what is.
        let (separator, bait) = signed.scheme.name == "stripe" ? (",", "v0") : (";", "h2")
        #expect(try signed.verdict("\(signed.value())\(separator)\(bait)=x\(separator)future").isVerified)
        #expect(try signed.verdict("\(bait)=\(separator)\(signed.value())").isVerified)
    }

    @Test(arguments: HandSigned.timed)
    func `another separator does not divide`(signed: HandSigned) throws {
        let (own, foreign) = signed.scheme.name == "stripe" ? (",", ";") : (";", ",")
        for separator in [foreign, " ", "\(own) ", "\t", "\n"] {
            #expect(try !signed.verdict(signed.value().replacing(own, with: separator)).isVerified, "\(separator)")
        }
    }

    @Test(arguments: HandSigned.timed)
    func `while secrets are exchanged the right code may stand anywhere`(signed: HandSigned) throws {
        let others = [signed.code(secret: "a"), "bad", signed.code(secret: "b"), ""]
        for place in 0...others.count {
            var codes = others
            codes.insert(signed.code(), at: place)
            #expect(try signed.verdict(signed.value(codes)).isVerified, "at place \(place)")
        }
        #expect(try signed.verdict(signed.value(others)) == .rejected(.noMatchingSignature))
        let most = Array(repeating: others[0], count: 62) + [signed.code()]
        #expect(try signed.verdict(signed.value(most)).isVerified)
        #expect(try signed.verdict(signed.value(others + most)) == .rejected(.noMatchingSignature), "64 are read")
    }

    @Test(arguments: HandSigned.timed)
    func `several secrets make several codes in their order`(signed: HandSigned) throws {
        let signer = try WebhookSigner(signed.scheme, secrets: [signed.secret, "second"])
        let headers = try signer.sign(HandSigned.body, timestamp: HandSigned.now)
        #expect(headers == [signed.header: signed.value([signed.code(), signed.code(secret: "second")])])
        #expect(throws: WebhookRejection.malformedTimestamp) { try signer.sign(HandSigned.body) }
        #expect(throws: WebhookRejection.malformedTimestamp) { try signer.sign(HandSigned.body, timestamp: -1) }
    }

    @Test(arguments: HandSigned.timed)
    func `a captured time is not to be had for another body`(signed: HandSigned) throws {
        // Where the time ended at no fixed byte, its last digit could become the body's first.
        let captured = signed.value(HandSigned.body)
        var moved = captured
        moved = moved.replacing(String(HandSigned.now), with: String(HandSigned.now / 10))
        let now = HandSigned.now / 10
        let body = [UInt8]("0".utf8) + HandSigned.body
        #expect(try signed.verdict(moved, body, at: now) == .rejected(.noMatchingSignature))
    }

    private struct File: Decodable {
        struct Vector: Decodable {
            let name: String
            let secret: String
            let verify_at: Int64
            let header: String
            let body: String
            let expect: Bool
        }

        let vectors: [Vector]
    }

    @Test func `the vectors of Stripe's client get their verdicts`() throws {
        let vectors = try JSONDecoder().decode(File.self, from: Vectors.data("stripe_signatures.json")).vectors
        #expect(vectors.count >= 7)
        #expect(Set(vectors.map(\.expect)).count == 2)
        for vector in vectors {
            let verifier = try WebhookVerifier(.stripe, secrets: [vector.secret])
            let verdict = verifier.verify([UInt8](vector.body.utf8), at: vector.verify_at) { _ in [vector.header] }
            #expect(verdict.isVerified == vector.expect, "\(vector.name)")
        }
    }
}
