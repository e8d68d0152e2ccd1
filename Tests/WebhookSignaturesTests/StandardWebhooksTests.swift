import Testing
import WebhookSignatures

@Suite struct StandardWebhooksTests {
    @Test func `a genuine delivery is verified and handed over as it was signed`() throws {
        let delivery = Delivery()
        let webhook = try #require(try delivery.verdict().webhook)
        #expect(webhook.id == "msg_1")
        #expect(webhook.timestamp == Delivery.now)
        #expect(webhook.secretIndex == 0)
        #expect(webhook.body == delivery.body)
    }

    @Test(
        arguments: [
            [], [0xff, 0xfe, 0x80, 0x00], [0xef, 0xbb, 0xbf, 0x7b, 0x7d], [0xc3], [UInt8](patternOf: 70_000),
        ] as [[UInt8]]
    )
    func `a body need not be text`(body: [UInt8]) throws {
        #expect(try Delivery(body: body).verdict().webhook?.body == body)
    }

    @Test func `the svix scheme reads the svix headers`() throws {
        #expect(try Delivery(family: "svix").verdict(.svix).isVerified)
    }

    @Test func `spaces and tabs around a header's value are no part of it`() throws {
        var delivery = Delivery()
        for (name, values) in delivery.headers {
            delivery.headers[name] = values.map { " \t\($0)\t " }
        }
        #expect(try delivery.verdict().webhook?.id == "msg_1")
    }

    @Test func `a signature with one bit off is refused at each of its 44 places`() throws {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret])
        var delivery = Delivery()
        let genuine = Array(delivery.signature)
        try #require(genuine.count == 3 + 44)
        for place in 0..<43 {
            let value = try #require(alphabet.firstIndex(of: genuine[3 + place]))
            for bit in 0..<6 {
                var forged = genuine
                forged[3 + place] = alphabet[value ^ (1 << bit)]
                delivery.signature = String(forged)
                #expect(delivery.verdict(of: verifier) == .rejected(.noMatchingSignature), "bit \(bit) of \(place)")
            }
        }
        for ending in ["A", "!", "-", " "] {
            delivery.signature = String(genuine.dropLast()) + ending
            #expect(delivery.verdict(of: verifier) == .rejected(.noMatchingSignature), "ending in \(ending)")
        }
        delivery.signature = String(genuine)
        #expect(delivery.verdict(of: verifier).isVerified)
    }

    @Test func `a signature of another length is refused`() throws {
        var delivery = Delivery()
        let text = String(delivery.signature.dropFirst(3))
        let forged = [
            "A", String(text.prefix(1)), String(text.prefix(4)), String(text.prefix(40)), String(text.dropLast()),
            String(text.dropFirst()), text + "=", text + "A", text + text, text + "AAAA", "====", "=",
        ]
        for forgery in forged {
            delivery.signature = "v1," + forgery
            #expect(try delivery.verdict() == .rejected(.noMatchingSignature), "\(forgery)")
        }
    }

    @Test func `a signature of another key, body, identifier or time is refused`() throws {
        #expect(try Delivery(key: [1]).verdict() == .rejected(.noMatchingSignature))
        #expect(try Delivery(key: []).verdict() == .rejected(.noMatchingSignature))
        #expect(try Delivery(key: [UInt8](Delivery.secret.utf8)).verdict() == .rejected(.noMatchingSignature))

        var delivery = Delivery()
        delivery.headers["webhook-id"] = ["msg_2"]
        #expect(try delivery.verdict() == .rejected(.noMatchingSignature))

        delivery = Delivery()
        delivery.headers["webhook-timestamp"] = [String(Delivery.now + 1)]
        #expect(try delivery.verdict() == .rejected(.noMatchingSignature))
    }

    @Test func `a body that is not the signed one is refused`() throws {
        let genuine = Delivery()
        let forgeries: [[UInt8]] = [
            [], [UInt8](genuine.body.dropLast()), [UInt8](genuine.body.dropFirst()), genuine.body + [0x0a],
            [0x20] + genuine.body, [0xef, 0xbb, 0xbf] + genuine.body, genuine.body.reversed(),
            [UInt8](#"{"type": "order.paid"}"#.utf8),
        ]
        for body in forgeries {
            var delivery = genuine
            delivery.body = body
            #expect(try delivery.verdict() == .rejected(.noMatchingSignature))
        }
    }

    @Test func `bytes that a text decoder would fold together stay apart`() throws {
        var delivery = Delivery(body: [0xff])
        delivery.body = [0xfe]
        #expect(try delivery.verdict() == .rejected(.noMatchingSignature))
        delivery.body = [0xef, 0xbf, 0xbd]
        #expect(try delivery.verdict() == .rejected(.noMatchingSignature))
    }

    @Test(
        arguments: [
            "v1a,", "v2,", "V1,", "v1 ,", "v1;", "v1", "v,", ",", "v11,", " ,v1,", "v１,", "v1\u{301},", "v0,",
        ]
    )
    func `a right code under another version is no signature`(version: String) throws {
        var delivery = Delivery()
        let text = delivery.signature.dropFirst(3)
        delivery.signature = version + text
        #expect(try delivery.verdict() == .rejected(.noSupportedSignature))
    }

    @Test(arguments: ["", " ", "\t", "    ", "garbage", "é", "\u{1f600}", "\0"])
    func `a header without a signature has none that is supported`(value: String) throws {
        var delivery = Delivery()
        delivery.signature = value
        #expect(try delivery.verdict() == .rejected(.noSupportedSignature))
    }

    @Test(
        arguments: [
            "v1a,AAAA", "v2,x", "x", "v1", "v1,,x", "v1,!!!!", "v1,é", "no comma", "a,b,c", "v1,AAAA", "\u{fffd}",
            "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=", "",
        ]
    )
    func `an entry that is bad or unknown does not hide the right one`(other: String) throws {
        let genuine = Delivery()
        let right = genuine.signature
        for value in ["\(right) \(other)", "\(other) \(right)", "\(other) \(right) \(other)", "\(other)  \(right)"] {
            var delivery = genuine
            delivery.signature = value
            #expect(try delivery.verdict().isVerified, "\(value)")
        }
    }

    @Test func `entries are divided by spaces and nothing else`() throws {
        let right = Delivery().signature
        let other = Delivery(key: [1]).signature
        for divider in ["\t", ",", ";", "\n", "\u{a0}", "\u{3000}"] {
            var delivery = Delivery()
            delivery.signature = other + divider + right
            #expect(try delivery.verdict() == .rejected(.noMatchingSignature), "\(divider.debugDescription)")
        }
    }

    @Test func `64 entries are looked at and no more`() throws {
        let right = Delivery().signature
        var delivery = Delivery()
        delivery.signature = String(repeating: "v1,x ", count: 63) + right
        #expect(try delivery.verdict().isVerified)
        delivery.signature = String(repeating: "v1,x ", count: 64) + right
        #expect(try delivery.verdict() == .rejected(.noMatchingSignature))
    }

    @Test func `the tolerance holds to the second in both directions`() throws {
        let delivery = Delivery()
        #expect(try delivery.verdict(at: Delivery.now + 300).isVerified)
        #expect(try delivery.verdict(at: Delivery.now - 300).isVerified)
        #expect(try delivery.verdict(at: Delivery.now + 301) == .rejected(.tooOld))
        #expect(try delivery.verdict(at: Delivery.now - 301) == .rejected(.tooNew))
    }

    @Test func `the tolerance is the scheme's`() throws {
        let delivery = Delivery()
        let exact = WebhookScheme.standardWebhooks.with(tolerance: .zero)
        #expect(try delivery.verdict(exact).isVerified)
        #expect(try delivery.verdict(exact, at: Delivery.now + 1) == .rejected(.tooOld))
        #expect(try delivery.verdict(exact, at: Delivery.now - 1) == .rejected(.tooNew))
        let fraction = WebhookScheme.standardWebhooks.with(tolerance: .milliseconds(1500))
        #expect(try delivery.verdict(fraction, at: Delivery.now + 1).isVerified)
        #expect(try delivery.verdict(fraction, at: Delivery.now + 2) == .rejected(.tooOld))
        let negative = WebhookScheme.standardWebhooks.with(tolerance: .seconds(-1))
        #expect(try !delivery.verdict(negative).isVerified)
    }

    @Test func `a clock anywhere in its range does not trap`() throws {
        let delivery = Delivery()
        let latest = Delivery(timestamp: "999999999999999")
        let wide = WebhookScheme.standardWebhooks.with(tolerance: .seconds(Int64.max) + .seconds(Int64.max))
        for scheme in [WebhookScheme.standardWebhooks, wide] {
            #expect(try delivery.verdict(scheme, at: .min) == .rejected(.tooNew))
            #expect(try latest.verdict(scheme, at: .min) == .rejected(.tooNew))
        }
        #expect(try delivery.verdict(at: .max) == .rejected(.tooOld))
        #expect(try delivery.verdict(wide, at: .max).isVerified)
        #expect(try latest.verdict(at: -1) == .rejected(.tooNew))
        #expect(try latest.verdict(at: 999_999_999_999_999).isVerified)
        #expect(try Delivery(timestamp: "0").verdict(at: 0).isVerified)
    }

    /// Every one of these is rightly signed as it stands, so that only its form is at fault.
    @Test(
        arguments: [
            "", "NaN", "nan", "inf", "1e9", "1.7e9", "+1700000000", "-1700000000", "-0", "01700000000", "00", "+",
            "17000 00000", "1_700_000_000", "1700000000.0", "1700000000.", ".9", "0x6553F100", "1700000000abc",
            "12345678901234567890", "1000000000000000", "0001700000000", "１７００００００００", "١٧٠٠٠٠٠٠٠٠",
            "1700000000\u{301}",
            "1700000000\0", "\u{feff}1700000000", "1700000000\n", "soon", "true", "null", "९",
        ]
    )
    func `a timestamp of any form but plain digits is refused`(text: String) throws {
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret])
        for now in [Delivery.now, 0, .max, .min] {
            #expect(Delivery(timestamp: text).verdict(of: verifier, at: now) == .rejected(.malformedTimestamp))
        }
    }

    @Test func `the time is judged before the signature`() throws {
        var delivery = Delivery()
        delivery.signature = "v1,x"
        #expect(try delivery.verdict(at: Delivery.now + 301) == .rejected(.tooOld))
    }

    @Test(
        arguments: [
            "", "msg.1", ".", "msg_1.1700000000", "a b", "msg\t1", "msg\u{7f}", "msg\0", "mség", "\u{1f600}", "ｍsg",
            "msg\n", "\u{feff}msg", String(repeating: "a", count: 256),
        ]
    )
    func `an identifier that is empty, long, divided or not visible ASCII is refused`(id: String) throws {
        #expect(try Delivery(id: id).verdict() == .rejected(.malformedIdentifier))
    }

    @Test func `an identifier may have 255 bytes of any visible character`() throws {
        let visible = String(decoding: (0x21...0x7e).filter { $0 != 0x2e } as [UInt8], as: UTF8.self)
        #expect(try Delivery(id: visible).verdict().webhook?.id == visible)
        let long = String(repeating: "a", count: 255)
        #expect(try Delivery(id: long).verdict().webhook?.id == long)
    }

    @Test func `a captured delivery cannot be cut into another one`() throws {
        // The signed bytes "msg_1.1700000000.1700000001.{}" have two readings once an identifier may be divided.
        let captured = Delivery(body: [UInt8]("\(Delivery.now + 1).{}".utf8))
        #expect(try captured.verdict().isVerified)
        var forged = captured
        forged.headers["webhook-id"] = ["msg_1.\(Delivery.now)"]
        forged.headers["webhook-timestamp"] = [String(Delivery.now + 1)]
        forged.body = [UInt8]("{}".utf8)
        #expect(try forged.verdict() == .rejected(.malformedIdentifier))
    }

    @Test(arguments: ["webhook-id", "webhook-timestamp", "webhook-signature"])
    func `a header that is missing, repeated or huge is refused`(name: String) throws {
        let genuine = Delivery()
        var delivery = genuine
        delivery.headers[name] = nil
        #expect(try delivery.verdict() == .rejected(.missingHeader(name)))
        delivery.headers[name] = []
        #expect(try delivery.verdict() == .rejected(.missingHeader(name)))

        let value = try #require(genuine.headers[name]?.first)
        for values in [[value, value], [value, ""], ["", value], [value, "x", "y"]] {
            delivery.headers[name] = values
            #expect(try delivery.verdict() == .rejected(.duplicateHeader(name)))
        }

        for size in [8193, 1_000_000] {
            delivery.headers[name] = [String(repeating: "v", count: size)]
            #expect(try delivery.verdict() == .rejected(.headerTooLong(name)))
            delivery.headers[name] = [String(repeating: " ", count: size) + value]
            #expect(try delivery.verdict() == .rejected(.headerTooLong(name)))
        }
    }

    @Test func `a header of 8 KiB is still read`() throws {
        var delivery = Delivery()
        let right = delivery.signature
        delivery.signature = String(repeating: "x", count: 8192 - right.utf8.count - 1) + " " + right
        #expect(delivery.signature.utf8.count == 8192)
        #expect(try delivery.verdict().isVerified)
    }

    @Test func `a list that was joined by a comma is refused`() throws {
        var delivery = Delivery()
        let (right, other) = (delivery.signature, Delivery(key: [1]).signature)
        let joined = [
            "\(right), \(other)", "\(other), \(right)", "\(right), \(right)", "\(other) \(right), \(other)",
            "\(right) \(other), \(other)", "\(right) \(other),", "\(right) v1,", "v1, \(right)", "\(right) v2,x, v2,y",
            "\(right) ,", ", \(right)",
        ]
        for value in joined {
            delivery.signature = value
            #expect(try delivery.verdict() == .rejected(.malformedSignatureHeader), "\(value)")
        }
    }

    @Test func `the families of headers are not mixed`() throws {
        let svix = Delivery(family: "svix")
        #expect(try svix.verdict(.standardWebhooks) == .rejected(.missingHeader("webhook-id")))
        #expect(try Delivery().verdict(.svix) == .rejected(.missingHeader("svix-id")))

        // Each header of the expected family in turn is only there under the other family's name.
        for part in ["id", "timestamp", "signature"] {
            var delivery = Delivery()
            delivery.headers["svix-\(part)"] = delivery.headers.removeValue(forKey: "webhook-\(part)")
            #expect(try delivery.verdict(.standardWebhooks) == .rejected(.missingHeader("webhook-\(part)")))
        }

        // An unsigned identifier beside the signed one changes nothing.
        var delivery = Delivery(family: "svix")
        delivery.headers["webhook-id"] = ["msg_forged"]
        #expect(try delivery.verdict(.svix).webhook?.id == "msg_1")
    }

    @Test func `only the scheme's headers are asked for, in lowercase`() throws {
        let delivery = Delivery()
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret])
        var asked: [String] = []
        let verdict = verifier.verify(delivery.body, at: Delivery.now) { name in
            asked.append(name)
            return delivery.headers[name] ?? []
        }
        #expect(verdict.isVerified)
        #expect(asked == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(asked == WebhookScheme.standardWebhooks.headerNames)
        #expect(WebhookScheme.svix.headerNames == ["svix-id", "svix-timestamp", "svix-signature"])
    }

    @Test func `a body over the limit is refused and one at the limit is not`() throws {
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret], bodyByteLimit: 10)
        #expect(Delivery(body: [UInt8](patternOf: 10)).verdict(of: verifier).isVerified)
        #expect(Delivery(body: [UInt8](patternOf: 11)).verdict(of: verifier) == .rejected(.bodyTooLarge))

        let usual = try WebhookVerifier(.standardWebhooks, secrets: [Delivery.secret])
        #expect(usual.bodyByteLimit == 1 << 20)
        #expect(Delivery(body: [UInt8](patternOf: 1 << 20)).verdict(of: usual).isVerified)
        #expect(Delivery(body: [UInt8](patternOf: 1 << 20 + 1)).verdict(of: usual) == .rejected(.bodyTooLarge))
    }

    @Test func `while secrets are exchanged the right signature may stand anywhere`() throws {
        let right = Delivery().signature
        let others = [Delivery(key: [1]).signature, Delivery(key: [2]).signature]
        for place in 0...2 {
            var entries = others
            entries.insert(right, at: place)
            var delivery = Delivery()
            delivery.signature = entries.joined(separator: " ")
            #expect(try delivery.verdict().isVerified, "at place \(place)")
        }
        var delivery = Delivery()
        delivery.signature = others.joined(separator: " ")
        #expect(try delivery.verdict() == .rejected(.noMatchingSignature))
    }

    @Test func `the verdict tells which of several secrets matched`() throws {
        let secrets = (0..<3).map { "whsec_" + Base64.encode([UInt8](patternOf: 24, step: 3, start: $0)) }
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: secrets)
        for index in 0..<3 {
            let delivery = Delivery(key: [UInt8](patternOf: 24, step: 3, start: index))
            #expect(delivery.verdict(of: verifier).webhook?.secretIndex == index)
        }
        let foreign = Delivery(key: [UInt8](patternOf: 24, step: 3, start: 3))
        #expect(foreign.verdict(of: verifier) == .rejected(.noMatchingSignature))
    }

    @Test func `every reason has a name and a sentence of its own`() {
        let reasons: [WebhookRejection] = [
            .bodyTooLarge, .missingHeader("webhook-id"), .duplicateHeader("webhook-id"), .headerTooLong("webhook-id"),
            .malformedIdentifier, .malformedTimestamp, .tooOld, .tooNew, .noSupportedSignature, .noMatchingSignature,
        ]
        #expect(Set(reasons.map(\.description)).count == reasons.count)
        #expect(Set(reasons.map(\.code.description)).count == reasons.count)
        #expect(reasons[1].description.contains("webhook-id"))
        #expect(WebhookRejection.missingHeader("a") != .missingHeader("b"))
        #expect(WebhookRejection.missingHeader("a").code == .missingHeader)
    }
}
