import BillingJSON
import BillingModel
import Foundation
import Testing

/// What an author reads who has made a mistake: where it is, and what was expected there.
@Suite struct CatalogJSONErrorTests {
    private static func sentences(_ json: String) -> [String] {
        sentences(Array(json.utf8))
    }

    private static func sentences(_ json: [UInt8]) -> [String] {
        do throws(CatalogJSONError) {
            _ = try Catalog(json: json)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    /// Returns what is said of the full document with a piece of it replaced.
    private static func sentences(_ piece: String, _ replacement: String) throws -> [String] {
        let count = Document.full.components(separatedBy: piece).count - 1
        try #require(count == 1, "the piece is there \(count) times")
        return sentences(Document.full.replacingOccurrences(of: piece, with: replacement))
    }

    @Test(
        arguments: [
            (
                #""name": "Pro""#, #""nam": "Pro""#,
                [
                    "tiers[1].nam: the key means nothing here; known are allowances, "
                        + "credits, description, features, id, name, prices, rank, rates.",
                    "tiers[1].name: missing; expected a text.",
                ]
            ),
            (
                #"{"per": "month", "units": 10}"#, #"{"per": "monthly", "units": 10}"#,
                [
                    "tiers[0].allowances.documents.per: expected one of \"second\", \"minute\", \"hour\", \"day\", "
                        + "\"week\", \"month\", \"year\", found 'monthly'."
                ]
            ),
            (
                #"{"per": "month", "units": 10}"#, #"{"per": "month", "units": "10"}"#,
                [
                    "tiers[0].allowances.documents.units: expected a whole number, found '10'."
                ]
            ),
            (
                #"{"per": "month", "units": 10}"#, #"{"per": "month", "limit": 10}"#,
                [
                    "tiers[0].allowances.documents.limit: the key means nothing here; known are overage, per, rollover, units.",
                    "tiers[0].allowances.documents.units: missing; expected a whole number.",
                ]
            ),
            (
                #"{"per": "month", "units": 10}"#, #"{"units": 10}"#,
                [
                    "tiers[0].allowances.documents.per: missing; expected an interval such as \"month\"."
                ]
            ),
            (
                #"{"per": "month", "units": 10}"#, #"10"#,
                [
                    "tiers[0].allowances.documents: expected \"none\", \"unlimited\", {\"units\": …, \"per\": …} or "
                        + "{\"level\": …}, found 10."
                ]
            ),
            (
                #"{"per": "month", "units": 10}"#, #"null"#,
                [
                    "tiers[0].allowances.documents: expected \"none\", \"unlimited\", {\"units\": …, \"per\": …} or "
                        + "{\"level\": …}, found null."
                ]
            ),
            (
                #"{"every": 6, "unit": "hour"}"#, #"{"every": 0, "unit": "hour"}"#,
                [
                    "tiers[1].rates.documents[1].per.every: expected a number from 1 to 10000, found 0."
                ]
            ),
            (
                #"{"every": 6, "unit": "hour"}"#, #"{"every": 6}"#,
                [
                    "tiers[1].rates.documents[1].per.unit: missing; expected a unit such as \"day\"."
                ]
            ),
            (
                #"{"up_to": 50}"#, #""soft""#,
                [
                    "tiers[1].allowances.documents.overage: expected \"refused\", \"without_cap\" or {\"up_to\": …}, "
                        + "found 'soft'."
                ]
            ),
            (
                #"{"up_to": 100}"#, #"100"#,
                [
                    "tiers[1].allowances.documents.rollover: expected \"none\" or {\"up_to\": …}, found 100."
                ]
            ),
            (
                #""amount": "29.00""#, #""amount": 29.00"#,
                [
                    "tiers[1].prices[0].amount: expected a decimal number in quotes such as \"29.90\", found 29.00."
                ]
            ),
            (
                #""amount": "29.00""#, #""amount": "29.001""#,
                [
                    "tiers[1].prices[0].amount: expected a decimal number in quotes such as \"29.90\", with at most "
                        + "2 decimals of EUR, found '29.001'."
                ]
            ),
            (
                #""amount": "9.90", "currency": "EUR""#, #""amount": "9,90", "currency": "euro""#,
                [
                    "packs[0].prices[0].currency: expected the code of a currency, such as \"EUR\", found 'euro'."
                ]
            ),
            (
                #""amount": "9.90", "currency": "EUR""#, #""currency": "EUR""#,
                [
                    "packs[0].prices[0].amount: missing; expected a decimal number in quotes such as \"29.90\"."
                ]
            ),
            (
                #"{"every": 6, "unit": "hour"}"#, #"{"unit": "hour", "offset_seconds": 64801}"#,
                [
                    "tiers[1].rates.documents[1].per.offset_seconds: expected a number from -64800 to 64800, "
                        + "found 64801."
                ]
            ),
            (
                #"{"polar": "prod_pack"}"#, #"["prod_pack"]"#,
                [
                    "packs[0].prices[0].products: expected an object with ids as its keys, found an array."
                ]
            ),
            (
                #"{"pool": "ai", "units": 100}"#, #"{"units": 100}"#,
                [
                    "packs[0].contents: expected exactly one of pool, meter, found none."
                ]
            ),
            (
                #"{"tier": "pro"}"#, #"{"tier": "pro", "pool": "ai"}"#,
                [
                    "trial.gives: expected exactly one of tier, pool, meter, found tier, pool."
                ]
            ),
            (
                #"{"tier": "pro"}"#, #"{"tier": "pro", "units": 3}"#,
                [
                    "trial.gives.units: the key means nothing here; known are tier."
                ]
            ),
            (
                #"{"extend_days": 7}"#, #"7"#,
                [
                    "settings.refunds: expected \"expire\", \"new_grant\" or {\"extend_days\": …}, found 7."
                ]
            ),
            (
                #"{"percent": 20}"#, #"20"#,
                [
                    "settings.low_balance[0]: expected an object with percent, units, found 20."
                ]
            ),
            (
                #""kind": "gauge""#, #""kind": "counter""#,
                [
                    "meters[1].kind: expected one of \"consumable\", \"gauge\", found 'counter'."
                ]
            ),
            (
                #""regions": 3"#, #""regions": [3]"#,
                [
                    "tiers[1].features.regions: expected true, false, a whole number or a text, found an array."
                ]
            ),
            (
                #""version": 1"#, #""version": 9223372036854775808"#,
                [
                    "version: expected a whole number, found 9223372036854775808."
                ]
            ),
            (#""fallback": "free","#, "", ["fallback: missing; expected a text."]),
            (#""rank": 1"#, #""rank": 1, "rank": 2"#, ["tiers[1].rank: the key is there twice."]),
        ] as [(String, String, [String])]
    )
    func `an error names the path and what was expected`(piece: String, mistake: String, said: [String]) throws {
        #expect(try Self.sentences(piece, mistake) == said)
    }

    @Test(
        arguments: [
            (
                #""pool": "ai"}"#, #""pool": "gold"}"#,
                [
                    "meters[0].draw.pool: no credit pool is called 'gold'.", "pools[0]: no meter draws on this pool.",
                ]
            ),
            (
                #""units": 10}"#, #""units": 0}"#,
                [
                    "tiers[0].allowances.documents.units: 0 is not between 1 and 1000000000000000000."
                ]
            ),
            (
                #""rank": 1"#, #""rank": 0"#,
                [
                    "tiers[1].rank: 'free' has the rank 0 too.", "trial.gives.tier: 'pro' is not above the fallback.",
                ]
            ),
            (
                #""prod_pack""#, #""prod_month""#,
                [
                    "packs[0].prices[0].products.polar: 'prod_month' is already the product of tier 'pro' per month."
                ]
            ),
        ] as [(String, String, [String])]
    )
    func `what is inconsistent is told by the same paths`(piece: String, mistake: String, said: [String]) throws {
        #expect(try Self.sentences(piece, mistake) == said)
    }

    @Test func `everything is told at once`() {
        let json = """
            {"version": "1", "meters": {}, "tiers": [{"id": 1, "rank": 0, "name": "T", "colour": "red"}, 7],
             "fallback": null, "settings": {"hold_seconds": true}}
            """
        let keys = "id, rank, name, description, allowances, features, rates, credits, prices"
        #expect(
            Self.sentences(json) == [
                "version: expected a whole number, found '1'.",
                "meters: expected an array, found an object.",
                "tiers[0].colour: the key means nothing here; known are allowances, credits, description, features, "
                    + "id, name, prices, rank, rates.",
                "tiers[0].id: expected a text, found 1.",
                "tiers[1]: expected an object with \(keys), found 7.",
                "fallback: expected a text, found null.",
                "settings.hold_seconds: expected a whole number, found true.",
            ]
        )
    }

    @Test func `a catalog that is no object is told once`() {
        let keys = "version, meters, pools, features, tiers, fallback, packs, trial, settings"
        for (json, found) in [("[]", "an array"), ("null", "null"), ("7", "7"), ("\"\"", "''"), ("true", "true")] {
            #expect(Self.sentences(json) == ["catalog: expected an object with \(keys), found \(found)."])
        }
        #expect(Self.sentences("{}").count == 4)
    }

    @Test func `a hundred problems are enough`() {
        let members = (0..<500).map { "\"k\($0)\": 0" }.joined(separator: ", ")
        #expect(Self.sentences("{\(members)}").count == 100)
    }

    @Test(
        arguments: [
            ("", "line 1, byte 1: expected a value"),
            ("{\n  \"version\": 1,\n}", "line 3, byte 1: expected a key in quotes"),
            ("{\"version\" 1}", "line 1, byte 12: expected ':'"),
            ("{\"version\": 1 \"a\": 2}", "line 1, byte 15: expected ',' or '}'"),
            ("{\"meters\": [1 2]}", "line 1, byte 15: expected ',' or ']'"),
            ("{\"version\": 1", "line 1, byte 14: expected ',' or '}'"),
            ("{} {}", "line 1, byte 4: expected the end of the document"),
            ("{version: 1}", "line 1, byte 2: expected a key in quotes"),
            ("{'version': 1}", "line 1, byte 2: expected a key in quotes"),
            ("// a comment\n{}", "line 1, byte 1: expected a value"),
            ("{\"version\": 01}", "line 1, byte 15: expected a number without a leading zero"),
            ("{\"version\": -}", "line 1, byte 14: expected a digit"),
            ("{\"version\": 1.}", "line 1, byte 15: expected a digit"),
            ("{\"version\": 1e}", "line 1, byte 15: expected a digit"),
            ("{\"version\": +1}", "line 1, byte 13: expected a value"),
            ("{\"version\": tru}", "line 1, byte 13: expected 'true'"),
            ("{\"version\": NaN}", "line 1, byte 13: expected a value"),
            ("\"a", "line 1, byte 3: expected the closing quote of a text"),
            ("\"a\n\"", "line 1, byte 3: expected no control character; write it as \\u00…"),
            ("\"\\x\"", "line 1, byte 3: expected one of \" \\ / b f n r t u"),
            ("\"\\", "line 1, byte 3: expected an escape"),
            ("\"\\u12g4\"", "line 1, byte 6: expected four hexadecimal digits"),
            ("\"\\ud83e\"", "line 1, byte 8: expected the second half of a surrogate pair"),
            ("\"\\ud83e\\u0041\"", "line 1, byte 14: expected the second half of a surrogate pair"),
            ("\"\\udfff\"", "line 1, byte 8: expected the second half of a surrogate pair"),
        ]
    )
    func `what is no JSON is told by line and byte`(json: String, said: String) {
        #expect(Self.sentences(json) == ["catalog: \(said)."])
    }

    @Test func `escapes are read`() throws {
        let json = Document.small.replacingOccurrences(
            of: "\"name\": \"T\"",
            with: #""name": "\"\\\/\b\f\n\r\t\u00e9\uD83E\uDDFE""#
        )
        #expect(try Catalog(json: json).tiers[0].name == "\"\\/\u{8}\u{C}\n\r\té🧾")
    }

    @Test func `keys that differ only in how an accent is written are two`() throws {
        let json = """
            {"version": 1, "fallback": "t", "meters": [{"id": "m", "name": "M"}],
             "tiers": [{"id": "t", "rank": 0, "name": "T", "allowances": {"caf\u{E9}": "none", "cafe\u{301}": "none"}}]}
            """
        #expect(Self.sentences(json).count == 2)
    }

    @Test func `depth is bounded`() {
        let deepest = CatalogJSONError.maximumDepth
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(Self.sentences(nested(deepest)).allSatisfy { !$0.contains("nested") })
        #expect(Self.sentences(nested(deepest + 1)).first?.hasSuffix("nested deeper than 32 levels.") == true)
        #expect(Self.sentences(String(repeating: "{\"a\":[", count: 200_000)).count == 1)
    }

    @Test func `size is bounded, however much comes`() {
        let most = CatalogJSONError.maximumBytes
        let padded = Document.small + String(repeating: " ", count: most - Document.small.utf8.count)
        #expect(Self.sentences(padded) == [])
        #expect(Self.sentences(padded + " ") == ["catalog: the document has more than 1048576 bytes."])
        #expect(throws: CatalogJSONError.self) { try Catalog(json: sequence(first: 0x20 as UInt8) { $0 }) }
    }

    @Test(arguments: [[0xFF], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]])
    func `what is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(Self.sentences(bytes) == ["catalog: the document is not UTF-8."])
    }

    @Test func `an error says that it is about JSON`() {
        #expect(throws: CatalogJSONError.self) { try Catalog(json: "") }
        do throws(CatalogJSONError) {
            _ = try Catalog(json: "{} x")
        } catch {
            #expect(
                error.description == "The catalog's JSON is not as it should be: "
                    + "catalog: line 1, byte 4: expected the end of the document."
            )
        }
    }
}
