import BillingModel
import SeededTesting
import Testing

/// Where a customer came from is text that strangers choose: whatever it is, it is made harmless and fits.
@Suite struct AttributionTests {
    typealias Attribution = Upgrade.Attribution

    @Test func `what is plain is kept as it is`() {
        let attribution = Attribution(
            source: "newsletter",
            medium: "e-mail",
            campaign: "spring sale, 20 % off",
            term: "d\u{E9}but \u{1F331}",
            content: "<b>'\"; --",
            referrer: "https://example.com/a?b=c#d",
            landingPage: "/pricing"
        )
        #expect(
            attribution.texts == [
                "newsletter", "e-mail", "spring sale, 20 % off", "d\u{E9}but \u{1F331}", "<b>'\"; --",
                "https://example.com/a?b=c#d", "/pricing",
            ]
        )
        #expect(!attribution.isEmpty)
    }

    @Test func `what is too long is cut between characters`() {
        let flood = String(repeating: "\u{1F4A3}", count: 100_000)
        let attribution = Attribution(source: flood, landingPage: flood)
        #expect(attribution.source?.utf8.count == 252, "63 of four bytes each, and no half of another")
        #expect(attribution.landingPage?.utf8.count == 2_048)
        #expect(Attribution(source: String(repeating: "a", count: 255)).source?.utf8.count == 255)
        #expect(Attribution(source: String(repeating: "a", count: 256)).source?.utf8.count == 255)
    }

    @Test(arguments: ["", "\u{0}", "\r\n\t", "\u{202E}\u{2066}", "\u{2028}\u{FEFF}", "\u{9B}"])
    func `of what is only harmful nothing is left`(text: String) {
        #expect(Attribution(source: text, referrer: text).isEmpty)
    }

    @Test func `what is harmful is left out of the rest`() {
        #expect(Attribution(medium: "a\u{0}b\u{202E}c\r\nd").medium == "abcd")
        #expect(Attribution(medium: String(decoding: [0xFF, 0x61, 0xC0], as: UTF8.self)).medium == "\u{FFFD}a\u{FFFD}")
    }

    @Test func `whatever it is, it is within its bounds, and making it harmless again changes nothing`() {
        let seed = SeededGenerator.seed(for: "hostile attributions")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let length = Int.random(in: 0..<3_000, using: &generator)
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let text = String(decoding: bytes, as: UTF8.self)
            let first = Attribution(source: text, referrer: text)
            #expect((first.source ?? "").utf8.count <= 255 && (first.referrer ?? "").utf8.count <= 2_048)
            for kept in first.texts.compactMap(\.self) {
                #expect(!kept.isEmpty && kept.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            }
            #expect(Attribution(source: first.source, referrer: first.referrer).texts.elementsEqual(first.texts))
        }
    }

    @Test func `no attribution makes a purchase fail`() throws {
        var ledger = try Ledger()
        let hostile = Attribution(source: String(repeating: "\u{0}'", count: 9_999), referrer: "javascript:alert(1)")
        let attempt = try ledger.click(.init(.tier(.pro), attribution: hostile), at: Fixture.day(3))
        #expect(attempt.stage == .clicked && attempt.attribution?.source?.utf8.count == 255)
    }
}
