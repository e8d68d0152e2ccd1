import BillingJSON
import BillingModel
import Foundation
import SeededTesting
import Testing

@Suite struct CatalogJSONTests {
    @Test func `every catalog reads back as it was written`() throws {
        let seed = SeededGenerator.seed(for: "every catalog reads back as it was written")
        var generator = CatalogGenerator(seed: seed)
        for _ in 0..<200 {
            let catalog = try generator.catalog()
            for indented in [true, false] {
                let json = try catalog.json(indented: indented)
                #expect(try Catalog(json: json) == catalog, "\(json)")
                #expect(try Catalog(json: json).json(indented: indented) == json)
            }
        }
    }

    @Test func `other readers take it for the same JSON, encoded or not`() throws {
        let seed = SeededGenerator.seed(for: "other readers take it for the same JSON")
        var generator = CatalogGenerator(seed: seed)
        for _ in 0..<50 {
            let catalog = try generator.catalog()
            let texts = [try catalog.json(), try catalog.json(indented: false)]
            let objects = try texts.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary }
            #expect(objects[0] != nil && objects[0] == objects[1])
            // What Foundation writes of it, with other escapes and orders, is read as the same catalog.
            let again = try JSONSerialization.data(withJSONObject: #require(objects[0]))
            #expect(try Catalog(json: again) == catalog)
            #expect(try JSONDecoder().decode(Catalog.self, from: JSONEncoder().encode(catalog)) == catalog)
        }
    }

    @Test func `the same catalog is the same text, in whatever order its dictionaries were filled`() throws {
        let ids = (0..<50).map { Meter.ID("m\($0)") }
        func json(_ order: [Meter.ID]) throws -> String {
            var allowances: [Meter.ID: Allowance] = [:]
            for id in order { allowances[id] = .unlimited }
            let tier = Tier(Tier.ID("t"), rank: 0, name: "T", allowances: allowances)
            let meters = ids.map { Meter($0, name: "M") }
            return try Catalog(version: 1, meters: meters, tiers: [tier], fallback: tier.id).json()
        }
        #expect(try json(ids) == json(ids.reversed()))
    }

    /// The form itself, because catalogs are kept in it: a change here makes kept catalogs unreadable.
    @Test func `the form is the documented one`() throws {
        let catalog = try Catalog(json: Document.full)
        #expect(try catalog.json() == Document.full)
        #expect(catalog.tiers.map(\.id.rawValue) == ["free", "pro"])
        let pro = try #require(catalog.tier(Tier.ID("pro")))
        #expect(pro.allowance(of: Meter.ID("seats")) == .level(5, overage: .countedWithoutCap))
        #expect(
            pro.allowance(of: Meter.ID("documents"))
                == .limited(500, per: .month, overage: .counted(upTo: 50), rollover: .upTo(100))
        )
        #expect(pro.rates[Meter.ID("documents")] == [.init(60, per: .minute), .init(100, per: .init(every: 6, .hour))])
        #expect(catalog.packs.first?.life == .year)
        #expect(catalog.trial == .init(days: 14, gives: .tier(pro.id), reminderDays: [3, 1]))
        #expect(catalog.settings.refunds == .extend(byDays: 7))
        #expect(catalog.settings.lowBalance == [.percent(20), .units(5)])
    }

    @Test func `the documentation shows the form`() throws {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let file = package.appendingPathComponent("Sources/BillingJSON/Documentation.docc/BillingJSON.md")
        #expect(try String(contentsOf: file, encoding: .utf8).contains("```json\n\(Document.full)```"))
    }

    @Test func `what is left out has the initializer's default`() throws {
        let meter = Meter(Meter.ID("m"), name: "M")
        let tier = Tier(Tier.ID("t"), rank: 0, name: "T")
        let catalog = try Catalog(version: 1, meters: [meter], tiers: [tier], fallback: tier.id)
        #expect(try Catalog(json: Document.small) == catalog)
    }

    @Test func `settings are written even where they are defaults`() throws {
        let json = try Catalog(json: Document.small).json(indented: false)
        #expect(
            json.hasPrefix(#"{"fallback":"t","meters":[{"id":"m","name":"M"}],"settings":{"attempts":"#)
        )
        #expect(json.contains(#""low_balance":[{"percent":20}],"refunds":"expire""#))
    }

    @Test func `a mark before the text and space around it do no harm`() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array(" \r\n\t\(Document.small) \r\n\t".utf8)
        #expect(try Catalog(json: bytes) == Catalog(json: Document.small))
    }

    @Test func `what would be too long to read is not written`() throws {
        let tiers = (0..<64).map { Tier(Tier.ID("t\($0)"), rank: $0, name: "T", features: Self.longTexts) }
        let features = Self.longTexts.keys.map { Feature($0, name: "F", kind: .text) }
        let meters = [Meter(Meter.ID("m"), name: "M")]
        let catalog = try Catalog(version: 1, meters: meters, features: features, tiers: tiers, fallback: tiers[0].id)
        #expect {
            try catalog.json()
        } throws: { error in
            (error as? CatalogJSONError)?.problems.map(\.reason) == [.tooLarge]
        }
    }

    private static let longTexts = Dictionary(
        uniqueKeysWithValues: (0..<5).map {
            (Feature.ID("f\($0)"), Feature.Value.text(String(repeating: "x", count: 4_096)))
        }
    )

    /// Whatever is done to a document, it is read or refused, and what is read can be written.
    @Test func `damaged documents are refused or read, and nothing traps`() throws {
        let seed = SeededGenerator.seed(for: "damaged documents are refused or read")
        var random = SeededGenerator(seed: seed)
        let document = Array(Document.full.utf8)
        let pieces = [
            "null", "-1", "\"", "{", "[", "]", "}", ",", "9223372036854775808", "\\ud800", "\0", "1e999", "\u{E9}",
        ]
        var (read, refused) = (0, 0)
        for _ in 0..<2_000 {
            var bytes = document
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: index)
                default: bytes.removeSubrange(index..<min(bytes.count, index + 40))
                }
            }
            do throws(CatalogJSONError) {
                let catalog = try Catalog(json: bytes)
                #expect(try Catalog(json: catalog.json()) == catalog)
                read += 1
            } catch {
                #expect(!error.problems.isEmpty)
                #expect(error.problems.count <= CatalogJSONError.maximumProblems)
                refused += 1
            }
        }
        print("damaged documents: \(read) read, \(refused) refused")
        #expect(read > 20 && refused > 200)
    }
}
