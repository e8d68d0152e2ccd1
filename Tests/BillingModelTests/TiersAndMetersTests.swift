import BillingModel
import Foundation
import Testing

/// The article "Tiers and meters", whose examples are a file of this target.
@Suite struct TiersAndMetersTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    @Test func `the article shows compiled code alone`() throws {
        let article = try Article("TiersAndMeters")
        #expect(article.examples.count == 13)
        let story = Self.folder.appendingPathComponent("TiersAndMetersLifeTests.swift").path
        try article.expectExamples(in: [Self.folder.appendingPathComponent("Support/Recruiting.swift").path, story])
    }

    @Test func `the example is a sound catalog that says what the article says`() throws {
        let growth = Recruiting.growth(costing: Shop.money(4_900), orYearly: Shop.money(49_000))
        let catalog = try Recruiting.catalog(growth: growth, packFor: Shop.money(990))
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
            allowances: [.seats: .limited(5, per: .month), Meter.ID("screening"): .unlimited]
        )
        let error = #expect(throws: CatalogError.self) {
            try Recruiting.catalog(growth: wrong, packFor: Shop.money(990))
        }
        let file = Self.folder.appendingPathComponent(
            "../../Sources/BillingModel/Documentation.docc/TiersAndMeters.md"
        )
        let article = try String(contentsOf: file, encoding: .utf8)
        let sentences = try #require(error).problems.map(\.description)
        #expect(sentences.count == 4)
        for sentence in sentences { #expect(article.contains("\n\(sentence)\n"), "\(sentence)") }
    }
}
