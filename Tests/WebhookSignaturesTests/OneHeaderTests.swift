import Testing
import WebhookSignatures

/// What holds for every scheme whose one header has all that is needed.
@Suite struct OneHeaderTests {
    @Test(arguments: HandSigned.all)
    func `a genuine delivery is verified and carries what was signed`(signed: HandSigned) throws {
        let webhook = try #require(try signed.verdict(signed.value()).webhook)
        #expect(webhook.id == nil)
        #expect(webhook.timestamp == (signed.layout == nil ? nil : HandSigned.now))
        #expect(webhook.secretIndex == 0)
        #expect(webhook.body == HandSigned.body)
        #expect(webhook.identity == "sha256:\(SHA256.hash(HandSigned.body))")
        #expect(signed.scheme.headerNames == [signed.header])
    }

    @Test(arguments: HandSigned.all)
    func `what the signer signs is what is signed by hand`(signed: HandSigned) throws {
        let signer = try WebhookSigner(signed.scheme, secrets: [signed.secret])
        let headers = try signer.sign(HandSigned.body, id: "unused", timestamp: HandSigned.now)
        #expect(headers == [signed.header: signed.value()])
    }

    @Test(arguments: HandSigned.all)
    func `a code with one digit off is refused at each of its 64 places`(signed: HandSigned) throws {
        let genuine = Array(signed.code())
        try #require(genuine.count == 64)
        let digits = Array("0123456789abcdef")
        for place in genuine.indices {
            let value = try #require(digits.firstIndex(of: genuine[place]))
            for bit in 0..<4 {
                var forged = genuine
                forged[place] = digits[value ^ (1 << bit)]
                let verdict = try signed.verdict(signed.value([String(forged)]))
                #expect(verdict == .rejected(.noMatchingSignature), "bit \(bit) of digit \(place)")
            }
        }
    }

    @Test(arguments: HandSigned.all)
    func `a code of another length or in another spelling is refused`(signed: HandSigned) throws {
        let code = signed.code()
        let short = String(code.dropLast())
        let forged: [String] = [
            "0", String(code.prefix(2)), String(code.prefix(32)), short, String(code.dropFirst()), "\(code)0",
            "\(code)00", "\(code)\(code)", code.uppercased(), "0x\(code)", "\(short)g", "\(short)é", "\(short)\0",
            "\(short)０", "\(code)=", "\u{a0}\(code)", "sha256=\(code)", "v1,\(code)",
        ]
        for forgery in forged {
            #expect(try !signed.verdict(signed.value([forgery])).isVerified, "\(forgery)")
        }
        #expect(try !signed.verdict(signed.value([""])).isVerified)
    }

    @Test(arguments: HandSigned.all)
    func `a code of another secret or body is refused`(signed: HandSigned) throws {
        let foreign = signed.value([signed.code(secret: signed.secret + "x")])
        #expect(try signed.verdict(foreign) == .rejected(.noMatchingSignature))
        let bodies: [[UInt8]] = [
            [], [UInt8](HandSigned.body.dropLast()), [UInt8](HandSigned.body.dropFirst()), HandSigned.body + [0x0a],
            [0x20] + HandSigned.body, [0xef, 0xbb, 0xbf] + HandSigned.body, HandSigned.body.reversed(),
            [UInt8](#"{"id": "evt_1", "type": "order.paid"}"#.utf8),
        ]
        for body in bodies {
            #expect(try signed.verdict(signed.value(), body) == .rejected(.noMatchingSignature))
        }
    }

    @Test(arguments: HandSigned.all)
    func `a body need not be text, and bytes that a decoder would fold together stay apart`(signed: HandSigned) throws {
        for body in [[], [0xff, 0xfe, 0x80, 0x00], [0xef, 0xbb, 0xbf, 0x7b, 0x7d], [UInt8](patternOf: 70_000)] {
            #expect(try signed.verdict(signed.value(body), body).webhook?.body == body)
        }
        #expect(try signed.verdict(signed.value([0xff]), [0xfe]) == .rejected(.noMatchingSignature))
        #expect(try signed.verdict(signed.value([0xff]), [0xef, 0xbf, 0xbd]) == .rejected(.noMatchingSignature))
        #expect(try signed.verdict(signed.value([0xef, 0xbb, 0xbf, 1]), [1]) == .rejected(.noMatchingSignature))
    }

    @Test(arguments: HandSigned.all)
    func `a header that is missing, repeated or huge is refused`(signed: HandSigned) throws {
        let value = signed.value()
        #expect(try signed.verdict([]) == .rejected(.missingHeader(signed.header)))
        for values in [[value, value], [value, ""], ["", value]] {
            #expect(try signed.verdict(values) == .rejected(.duplicateHeader(signed.header)))
        }
        for size in [8193, 100_000] {
            let long = value + String(repeating: "x", count: size - value.utf8.count)
            #expect(try signed.verdict(long) == .rejected(.headerTooLong(signed.header)))
        }
    }

    @Test(arguments: HandSigned.all)
    func `two deliveries joined by a comma are refused`(signed: HandSigned) throws {
        #expect(try !signed.verdict("\(signed.value()), \(signed.value())").isVerified)
        #expect(try !signed.verdict("\(signed.value()),\(signed.value())").isVerified)
    }

    @Test(arguments: HandSigned.all)
    func `spaces and tabs are trimmed around the value and nowhere else`(signed: HandSigned) throws {
        #expect(try signed.verdict(" \t\(signed.value())\t ").isVerified)
        for blank in [" ", "\t", "\u{a0}", "\n"] {
            let (start, end) = (signed.code().prefix(9), signed.code().dropFirst(9))
            #expect(try !signed.verdict(signed.value([start + blank + end])).isVerified)
        }
        #expect(try !signed.verdict(signed.value() + "\n").isVerified)
        #expect(try !signed.verdict(signed.value() + "\0").isVerified)
    }

    @Test(arguments: HandSigned.all, ["", " ", "garbage", "é", "\u{1f600}", "=", ",", ";", "===", "sha1=abc", "v1,x"])
    func `a header that says nothing is refused`(signed: HandSigned, value: String) throws {
        #expect(try !signed.verdict(value).isVerified)
    }

    @Test(arguments: HandSigned.all)
    func `the verdict tells which of several secrets matched`(signed: HandSigned) throws {
        let secrets = ["old one", signed.secret, "other one"]
        #expect(try signed.verdict(signed.value(), secrets: secrets).webhook?.secretIndex == 1)
        let other = signed.value([signed.code(secret: "other one")])
        #expect(try signed.verdict(other, secrets: secrets).webhook?.secretIndex == 2)
        #expect(try signed.verdict(other, secrets: ["old one", signed.secret]) == .rejected(.noMatchingSignature))
    }

    @Test(arguments: HandSigned.all)
    func `the secret is taken as it is, whatever its prefix`(signed: HandSigned) throws {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let key = try #require(Base64.decodeLeniently(secret.dropFirst(6).utf8))
        let content = [UInt8]((signed.layout == nil ? "" : "\(HandSigned.now)\(signed.joint)").utf8) + HandSigned.body
        let code = HMACSHA256.authenticationCode(for: content, using: HMACSHA256.Key(key))
        let decoded = signed.value([Hexadecimal.encode(code.bytes)])
        #expect(try signed.verdict(decoded, secrets: [secret]) == .rejected(.noMatchingSignature))
        let whole = signed.value([signed.code(secret: secret)])
        #expect(try signed.verdict(whole, secrets: [secret]).isVerified)
    }

    @Test func `GitHub's prefix is asked for, in this spelling`() throws {
        let code = HandSigned.github.code()
        for prefix in ["", "sha1=", "SHA256=", "sha256", "sha256:", "sha256= ", "sha512=", "=sha256="] {
            #expect(try !HandSigned.github.verdict(prefix + code).isVerified, "\(prefix)")
        }
        #expect(try HandSigned.github.verdict("sha1=" + code) == .rejected(.noSupportedSignature))
    }

    @Test func `a scheme with room for one signature signs with one secret`() throws {
        for signed in [HandSigned.lemonSqueezy, .github] {
            let error = #expect(throws: WebhookSecretError.self) {
                try WebhookSigner(signed.scheme, secrets: ["a", "b"])
            }
            #expect(error?.code == .tooManySecrets)
        }
    }
}
