import BillingModel
import Foundation
import Testing

@Suite struct CatalogTests {
    /// Returns what is wrong with a catalog of these parts.
    static func problems(
        version: Catalog.Version = 1,
        meters: [Meter] = Fixture.meters,
        tiers: [Tier] = Fixture.tiers,
        fallback: Tier.ID = .free,
        grace: Catalog.Grace = .init()
    ) -> [CatalogError.Problem] {
        do throws(CatalogError) {
            _ = try Catalog(version: version, meters: meters, tiers: tiers, fallback: fallback, grace: grace)
            return []
        } catch {
            return error.problems
        }
    }

    static func tier(_ id: Tier.ID = .free, rank: Int = 0, _ allowances: [Meter.ID: Allowance] = [:]) -> Tier {
        Tier(id, rank: rank, name: "Some", allowances: allowances)
    }

    @Test func `a sound catalog has no problem`() {
        #expect(Self.problems() == [])
    }

    @Test(arguments: [0, -1, .min] as [Int64])
    func `versions count from 1`(number: Int64) {
        #expect(Self.problems(version: Catalog.Version(number)) == [.versionBelowOne(number)])
    }

    @Test func `there is a meter and a tier`() {
        #expect(Self.problems(meters: [], tiers: [Self.tier()]) == [.noMeters])
        #expect(Self.problems(tiers: []) == [.noTiers, .unknownFallback("free")])
    }

    @Test func `ids are unique`() {
        let meters = Fixture.meters + [Meter(.documents, name: "Again")]
        #expect(Self.problems(meters: meters) == [.duplicateMeter("documents")])
        let tiers = Fixture.tiers + [Self.tier(.pro, rank: 9)]
        #expect(Self.problems(tiers: tiers) == [.duplicateTier("pro")])
    }

    @Test(arguments: ["", "a\0b", String(repeating: "é", count: 128)])
    func `ids fit every store`(id: String) {
        let meters = Fixture.meters + [Meter(Meter.ID(id), name: "Odd")]
        #expect(Self.problems(meters: meters) == [.malformedIdentifier(id)])
        let tiers = Fixture.tiers + [Self.tier(Tier.ID(id), rank: 9)]
        #expect(Self.problems(tiers: tiers) == [.malformedIdentifier(id)])
    }

    @Test func `an id of 255 bytes fits`() {
        let id = String(repeating: "é", count: 127) + "x"
        #expect(Self.problems(meters: Fixture.meters + [Meter(Meter.ID(id), name: "Long")]) == [])
    }

    @Test func `everything has a name`() {
        #expect(Self.problems(meters: Fixture.meters + [Meter(.calls, name: "")]) == [.emptyName("calls")])
        let nameless = Tier(.team, rank: 9, name: "", allowances: [:])
        #expect(Self.problems(tiers: Fixture.tiers + [nameless]) == [.emptyName("team")])
    }

    @Test func `ranks differ`() {
        let tiers = Fixture.tiers + [Self.tier(.team, rank: 1)]
        #expect(Self.problems(tiers: tiers) == [.equalRanks("pro", "team", rank: 1)])
    }

    @Test func `allowances are on meters of the catalog`() {
        let tiers = [Self.tier(.free, [.calls: .unlimited])]
        #expect(Self.problems(tiers: tiers) == [.unknownMeter("calls", inTier: "free")])
    }

    @Test(arguments: [0, -1, .min] as [Int64])
    func `a limit gives at least one unit`(units: Int64) {
        let tiers = [Self.tier(.free, [.documents: .limited(units, per: .month)])]
        #expect(Self.problems(tiers: tiers) == [.allowanceBelowOne(units, of: "documents", inTier: "free")])
    }

    @Test func `the fallback is one of the tiers`() {
        #expect(Self.problems(fallback: .team) == [.unknownFallback("team")])
    }

    @Test func `grace is between nothing and 366 days`() {
        #expect(Self.problems(grace: .init(renewal: .zero, pastDue: .days(366))) == [])
        let bad = Self.problems(grace: .init(renewal: .seconds(-1), pastDue: .days(366) + .seconds(1)))
        #expect(bad == [.graceOutOfBounds(seconds: -1), .graceOutOfBounds(seconds: 366 * 86_400 + 1)])
    }

    @Test func `everything that is wrong is told at once, as sentences`() {
        let problems = Self.problems(
            version: 0,
            meters: [
                Meter(.documents, name: ""), Meter(.documents, name: "Twice"), Meter(Meter.ID(""), name: "No id"),
            ],
            tiers: [
                Self.tier(.free, [.calls: .limited(0, per: .day)]),
                Self.tier(.free, rank: 0),
                Tier(.pro, rank: 1, name: "", allowances: [:]),
            ],
            fallback: .team,
            grace: .init(renewal: .days(400), pastDue: .seconds(-5))
        )
        let expected: Set<CatalogError.Problem> = [
            .versionBelowOne(0), .emptyName("documents"), .duplicateMeter("documents"), .malformedIdentifier(""),
            .unknownMeter("calls", inTier: "free"), .allowanceBelowOne(0, of: "calls", inTier: "free"),
            .duplicateTier("free"), .equalRanks("free", "free", rank: 0), .emptyName("pro"),
            .unknownFallback("team"), .graceOutOfBounds(seconds: 400 * 86_400), .graceOutOfBounds(seconds: -5),
        ]
        #expect(Set(problems) == expected)
        #expect(problems.count == 12)
        let sentences = problems.map(\.description)
        #expect(Set(sentences).count == 12)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    }

    @Test func `tiers stand by rank and meters as given`() throws {
        let catalog = try Catalog(
            version: 3,
            meters: Fixture.meters.reversed(),
            tiers: Fixture.tiers.reversed(),
            fallback: .free
        )
        #expect(catalog.tiers.map(\.id) == [.free, .pro, .enterprise])
        #expect(catalog.meters.map(\.id) == [.searches, .documents])
    }

    @Test func `a meter that a tier does not list is not part of it`() throws {
        let pro = try #require(try Fixture.catalog().tier(.pro))
        #expect(pro.allowance(of: .searches) == .none)
        #expect(pro.allowance(of: .calls) == .none)
        #expect(try Fixture.catalog().meter(.calls) == nil)
        #expect(try Fixture.catalog().tier(.team) == nil)
    }

    @Test func `a catalog reads back as it was written`() throws {
        let catalog = try Fixture.catalog(version: 7, grace: .init(renewal: .zero, pastDue: .days(21)))
        let data = try JSONEncoder().encode(catalog)
        #expect(try JSONDecoder().decode(Catalog.self, from: data) == catalog)
        let text = try #require(String(bytes: data, encoding: .utf8))
        #expect(text.contains(#""version":7"#))
    }

    @Test func `a catalog is checked when it is read`() throws {
        let data = try JSONEncoder().encode(Fixture.catalog(version: 7))
        let text = try #require(String(bytes: data, encoding: .utf8))
        let damaged = text.replacingOccurrences(of: #""version":7"#, with: #""version":0"#)
        #expect {
            try JSONDecoder().decode(Catalog.self, from: Data(damaged.utf8))
        } throws: { error in
            (error as? CatalogError)?.problems == [.versionBelowOne(0)]
        }
    }

    @Test func `an allowance is read out in words`() {
        #expect(Allowance.none.description == "none")
        #expect(Allowance.limited(50, per: .month).description == "50 per month")
        #expect(Allowance.unlimited.description == "unlimited")
    }

    @Test(arguments: [("usd", "USD"), ("EUR", "EUR"), ("jPy", "JPY")])
    func `a currency is three letters`(text: String, code: String) {
        #expect(Currency(code: text)?.code == code)
    }

    @Test(arguments: ["", "US", "USDX", "U5D", "US ", "€", "ſßa", "US\0", "{|}"])
    func `other text is no currency`(text: String) {
        #expect(Currency(code: text) == nil)
    }
}
