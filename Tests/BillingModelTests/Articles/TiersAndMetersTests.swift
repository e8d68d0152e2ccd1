import BillingModel
import Foundation
import Testing

/// The article on tiers and meters shows pieces of a file of this target, and they do what it says.
@Suite struct TiersAndMetersTests {
    private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: here.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func `the article shows compiled code alone`() throws {
        let article = try Self.text("../../../Sources/BillingModel/Documentation.docc/TiersAndMeters.md")
        let example = Self.unindented(try Self.text("TiersAndMeters.swift"))
        let blocks = article.components(separatedBy: "```swift\n").dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count == 5)
        for block in blocks { #expect(example.contains(Self.unindented(block)), "\(block)") }
    }

    /// The file has its pieces inside a type, the article has not.
    private static func unindented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0.drop { $0 == " " }) }
            .joined(separator: "\n")
    }

    @Test func `the example is a sound catalog that says what the article says`() throws {
        let money = { (units: Int64) throws in try #require(Shop.money(units)) }
        let growth = try Recruiting.growth(costing: money(4_900), orYearly: money(49_000))
        let catalog = try Recruiting.catalog(growth: growth, packFor: money(990))
        #expect(catalog.offer(for: "prod_g_year", at: "polar") == .tier(.growth, cycle: .year))
        #expect(catalog.offer(for: "test_g_month", at: "polar_sandbox") == .tier(.growth, cycle: .month))
        #expect(catalog.offer(for: "prod_1000", at: "polar") == .pack(.thousandCredits))
        #expect(catalog.trial?.reminderDays == [3])
        #expect(catalog.tier(.starter)?.allowance(of: .screenings) == Allowance.none)
        #expect(catalog.tier(.growth)?.has(.singleSignOn) == true)
        #expect(catalog.problems(in: Recruiting.termsOfTheirOwn(until: Fixture.day(90))) == [])
    }

    @Test func `the article's wrong catalog is refused in its words`() throws {
        let wrong = Tier(
            .growth,
            rank: 0,
            name: "Growth",
            allowances: [.seats: .limited(5, per: .month), .init("screening"): .unlimited]
        )
        let error = #expect(throws: CatalogError.self) {
            try Recruiting.catalog(growth: wrong, packFor: #require(Shop.money(990)))
        }
        let article = try Self.text("../../../Sources/BillingModel/Documentation.docc/TiersAndMeters.md")
        let sentences = try #require(error).problems.map(\.description)
        #expect(sentences.count == 4)
        for sentence in sentences { #expect(article.contains("\n\(sentence)\n"), "\(sentence)") }
    }
}
