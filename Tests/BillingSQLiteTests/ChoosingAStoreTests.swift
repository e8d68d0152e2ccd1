#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Foundation
import Testing

extension Meter.ID {
    fileprivate static let images = Meter.ID("images")
}

/// The examples, the numbers and the promises of the article "Choosing a store".
@Suite struct ChoosingAStoreTests {
    func mayGenerate(_ customer: CustomerID, _ billing: BillingSystem) async throws -> Bool {
        let known = try await billing.check(of: .images, for: customer, noOlderThan: .seconds(30))
        if case .allowed = known.check { return true }
        return false
    }

    func open(_ path: String) async throws -> BillingSystem {
        let store = try await SQLiteStore(path)  // such as "/var/lib/shop/billing.sqlite"
        return try await BillingSystem(catalog: catalog, store: store)
    }

    private let article: String
    private let catalog: Catalog

    init() throws {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let file = package.appendingPathComponent("Sources/BillingSQLite/Documentation.docc/ChoosingAStore.md")
        article = try String(contentsOf: file, encoding: .utf8)
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [.images: .limited(1_000, per: .month)])
        catalog = try Catalog(
            version: 1,
            meters: [Meter(.images, name: "Images")],
            tiers: [free],
            fallback: free.id
        )
    }

    private func system(_ store: any BillingStore, clock: any BillingClock = SystemClock()) async throws
        -> BillingSystem
    {
        return try await BillingSystem(catalog: catalog, store: store, clock: clock)
    }

    /// The cells of the line of a table that begins with a text.
    private func cells(_ beginning: String) throws -> [String] {
        let line = try #require(article.components(separatedBy: "\n").first { $0.hasPrefix("| \(beginning)") })
        return line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func number(_ text: String) throws -> Int64 {
        try #require(Int64(text.filter(\.isNumber)))
    }

    @Test func `the article shows the tested examples`() throws {
        let parts = article.components(separatedBy: "```")
        let examples = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.filter { $0.hasPrefix("swift\n") }
        #expect(examples.count == 2)
        func unindented(_ text: some StringProtocol) -> String {
            text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
        }
        let here = unindented(try String(contentsOfFile: #filePath, encoding: .utf8))
        for example in examples { #expect(here.contains(unindented(example.dropFirst("swift\n".count))), "\(example)") }
    }

    @Test func `the defaults are those that the article gives`() async throws {
        let configuration = BillingSystem.Configuration()
        let folder = try TemporaryFolder()
        let store = try await SQLiteStore(folder.path("billing.sqlite"))
        #expect(configuration.shardCount == nil, "it is the store's")
        let link = "``/BillingKit/BillingSystem/Configuration/"
        let expected: [(String, Int64)] = [
            ("mailboxCapacity", Int64(configuration.mailboxCapacity)),
            ("largestGroup", Int64(configuration.largestGroup)),
            ("cachedBytes", Int64(configuration.cachedBytes >> 20)),
            ("shardCount", Int64(store.shardCount)),
            ("sweepInterval", configuration.sweepInterval.components.seconds),
            ("pollInterval", configuration.pollInterval.components.seconds),
            ("deliveryLease", configuration.deliveryLease.components.seconds),
            ("drainLimit", configuration.drainLimit.components.seconds),
        ]
        for (name, value) in expected {
            #expect(try number(cells(link + name)[1]) == value, "\(name)")
        }
        await store.close()
    }

    @Test func `a use and a customer take as many bytes as the article says`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("billing.sqlite")
        let customers = 1_000
        let usesOfEach = 20

        func use(_ round: Int, _ billing: BillingSystem) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<customers {
                    group.addTask {
                        let key = BillingSystem.Key.request("\(UUID().uuidString.prefix(28))-\(round)-\(number)")
                        _ = try await billing.consume(of: .images, for: CustomerID("org_\(number + 100_000)"), key: key)
                    }
                }
                try await group.waitForAll()
            }
        }

        func size(after rounds: Range<Int>) async throws -> Int64 {
            let store = try await SQLiteStore(path, durability: .losesFileOnPowerLoss)
            let billing = try await system(store)
            for round in rounds { try await use(round, billing) }
            await store.close()
            return try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64)
        }

        let empty = try await size(after: 0..<0)
        let first = try await size(after: 0..<1)
        let last = try await size(after: 1..<(usesOfEach + 1))
        let perCustomer = (first - empty) / Int64(customers)
        let perUse = (last - first) / Int64(customers * usesOfEach)
        let saidPerUse = try number(cells("a use, with a key")[1])
        let saidPerCustomer = try number(cells("a customer, with")[1])
        #expect(abs(perUse - saidPerUse) * 100 <= saidPerUse * 15, "\(perUse) bytes a use")
        #expect(abs(perCustomer - saidPerCustomer) * 100 <= saidPerCustomer * 15, "\(perCustomer) bytes a customer")
        #expect(article.contains("a million uses are about \(saidPerUse) MB"))
    }

    @Test func `a second store is refused, and two systems share one`() async throws {
        let folder = try TemporaryFolder()
        let store = try await SQLiteStore(folder.path("billing.sqlite"))
        let refusal = await #expect(throws: StoreError.self) {
            try await SQLiteStore(folder.path("billing.sqlite"))
        }
        #expect(refusal?.code == .inUse)
        let (one, other) = (try await system(store), try await system(store))
        for number in 0..<5 {
            _ = try await one.consume(of: .images, for: "org", key: .request("one \(number)"))
            _ = try await other.consume(of: .images, for: "org", key: .request("other \(number)"))
        }
        #expect(try await one.overview(of: "org")[.images]?.used == 10)
        await store.close()
        let reopened = try await open(folder.path("billing.sqlite"))
        #expect(try await reopened.overview(of: "org")[.images]?.used == 10)
    }

    @Test func `stores in memory know nothing of one another`() async throws {
        let (one, other) = (try await system(InMemoryStore()), try await system(InMemoryStore()))
        _ = try await one.consume(1_000, of: .images, for: "org", key: .request("1"))
        #expect(try await mayGenerate("org", one) == false)
        #expect(try await mayGenerate("org", other))
    }

    @Test func `an answer from memory is as old as its last confirmation, and lacks what others did since`()
        async throws
    {
        let clock = ManualClock(at: Timestamp(seconds: 1_796_115_600))
        let store = InMemoryStore()
        let (one, other) = (try await system(store, clock: clock), try await system(store, clock: clock))
        _ = try await one.consume(of: .images, for: "org", key: .request("1"))
        clock.advance(by: .seconds(20))
        _ = try await other.consume(999, of: .images, for: "org", key: .request("2"))
        let known = try await one.check(of: .images, for: "org", noOlderThan: .seconds(30))
        #expect(known.age == .seconds(20) && known.check == .allowed(leaving: .units(998)))
        clock.advance(by: .seconds(11))
        #expect(try await mayGenerate("org", one) == false, "it is too old, so the store is asked")
        #expect(try await one.check(of: .images, for: "org", noOlderThan: .seconds(30)).age == .zero)
    }
}
#endif
