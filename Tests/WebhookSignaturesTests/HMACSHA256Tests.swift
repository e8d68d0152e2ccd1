import Testing
import WebhookSignatures

@Suite struct HMACSHA256Tests {
    @Test func `the cases of RFC 4231 have their tags`() throws {
        let rows = try Vectors.table("hmac_sha256_rfc4231.tsv")
        #expect(rows.count == 7)
        for row in rows {
            let key = HMACSHA256.Key(try #require([UInt8](hexadecimal: row[1])))
            let message = try #require([UInt8](hexadecimal: row[2]))
            let tag = try #require([UInt8](hexadecimal: row[3]))
            let code = HMACSHA256.authenticationCode(for: message, using: key)
            #expect(Array(code.bytes.prefix(tag.count)) == tag)
            let isWhole = tag.count == SHA256.byteCount
            #expect(isWhole == (row[0] != "rfc4231:5"))
            #expect(
                HMACSHA256.isValidAuthenticationCode(tag, authenticating: message, using: key) == isWhole,
                "a truncated tag is no valid code"
            )
        }
    }

    /// The expected values are what Python's hmac computes.
    @Test(
        arguments: [
            (0, "b14f4be1e32463efe920092a7af59b81935aad0ae63a33559ded43002455c7d5"),
            (1, "6bb51aaa09d0d2ade54a1e2bfdd9f33ba40dc3f45840a53deb35ef4e052add17"),
            (63, "9d715dc46d01fe63788c3d95c7d46efba358ce361b51bd74de6f7aa6326597ed"),
            (64, "db0f2e50574050b98577daf7ff08529236895e36cdd03309e716f71d1abf6d96"),
            (65, "44e7adddd33f85d2e62302c5899b35b2f5001e33186d5eb012e8f888a8a3ad93"),
            (200, "6de9a5d19abd6bdcfc0a0f97221e81cb3d0d2be42d31b8cef51a6adc5b84c61c"),
        ]
    )
    func `keys of every length class give the code that another implementation finds`(
        count: Int,
        expected: String
    ) {
        let key = HMACSHA256.Key([UInt8](patternOf: count, step: 5, start: 1))
        let code = HMACSHA256.authenticationCode(for: [UInt8](patternOf: 100), using: key)
        #expect(Hexadecimal.encode(code.bytes) == expected)
    }

    @Test func `a message cut at any of 200 places has the code of the whole`() {
        let key = HMACSHA256.Key([1, 2, 3])
        let message = [UInt8](patternOf: 200)
        let whole = HMACSHA256.authenticationCode(for: message, using: key)
        for split in 0...200 {
            var mac = HMACSHA256(key: key)
            mac.update([UInt8](message[..<split]))
            let tail = message[split...]
            mac.update(tail.span)
            #expect(mac.finalize() == whole, "cut at \(split)")
            #expect(mac.finalize() == whole, "finalized twice")
        }
        var byByte = HMACSHA256(key: key)
        byByte.update(message.lazy.map { $0 })
        #expect(byByte.finalize() == whole)
    }

    @Test func `a key serves many messages`() {
        let key = HMACSHA256.Key([9])
        let first = HMACSHA256.authenticationCode(for: [1], using: key)
        _ = HMACSHA256.authenticationCode(for: [2], using: key)
        #expect(HMACSHA256.authenticationCode(for: [1], using: key) == first)
        #expect(HMACSHA256.authenticationCode(for: [2], using: key) != first)
    }

    @Test func `a code is valid only for its message, its key and its length`() {
        let key = HMACSHA256.Key([UInt8](patternOf: 32))
        let message: [UInt8] = [1, 2, 3]
        let code = HMACSHA256.authenticationCode(for: message, using: key)
        func isValid(_ code: [UInt8], _ message: [UInt8], _ key: HMACSHA256.Key) -> Bool {
            HMACSHA256.isValidAuthenticationCode(code, authenticating: message, using: key)
        }
        #expect(isValid(code.bytes, message, key))
        #expect(!isValid(code.bytes, [1, 2, 4], key))
        #expect(!isValid(code.bytes, message, HMACSHA256.Key([UInt8](patternOf: 31))))
        #expect(!isValid([UInt8](code.bytes.dropLast()), message, key))
        #expect(!isValid(code.bytes + [0], message, key))
        #expect(!isValid([], message, key))
    }
}
