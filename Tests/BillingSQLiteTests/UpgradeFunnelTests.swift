#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Foundation
import Testing

/// Which refusals sell what is one question to the tables, the one that the article "Upgrades and attribution" shows.
@Suite struct UpgradeFunnelTests {
    private static let documents = Meter.ID("documents")
    private static let searches = Meter.ID("searches")
    private static let (free, pro) = (Tier.ID("free"), Tier.ID("pro"))

    private static func catalog() throws -> Catalog {
        try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents"), Meter(searches, name: "Searches")],
            tiers: [
                Tier(free, rank: 0, name: "Free", allowances: [documents: .limited(1, per: .month)]),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [documents: .unlimited, searches: .unlimited]
                ),
            ],
            fallback: free
        )
    }

    private static func query() throws -> String {
        let package = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
        let file = package.appendingPathComponent("Sources/BillingModel/Documentation.docc/UpgradesAndAttribution.md")
        let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "```sql\n")
        return try #require(parts.last?.components(separatedBy: "```").first)
    }

    @Test func `which refused meter sells which tier`() async throws {
        let folder = try TemporaryFolder()
        let store = try await SQLiteStore(folder.path("billing.sqlite"))
        let clock = ManualClock(at: Timestamp(seconds: 1_796_115_600))
        let billing = try await BillingSystem(catalog: Self.catalog(), store: store, clock: clock)
        // Six customers meet a limit, four of them that of documents, of whom two buy, at two providers that have the same
        // name for the order.
        let meters = [Self.documents, Self.documents, Self.searches, Self.searches, Self.documents, Self.documents]
        for (number, meter) in meters.enumerated() {
            let customer = CustomerID("org_\(number)")
            let answer = try await billing.consume(5, of: meter, for: customer, key: .request("1"))
            guard case .denied(let denial) = answer else {
                Issue.record("\(answer)")
                continue
            }
            let offer = Account.Command.UpgradeRequest(.tier(Self.pro), reference: "job", denial: denial)
            let key = try await billing.recordPaywall(offer, for: customer).key
            _ = try await billing.recordCheckout(.init("chk_\(number)"), of: key, for: customer)
        }
        let usd = try Currency(named: "usd")
        let now = clock.now()
        for (provider, number) in [("polar", 1), ("polar_other", 4)] as [(ProviderID, Int)] {
            let customer = CustomerID("org_\(number)")
            let order = Account.Order(
                provider: provider,
                id: "ord_1",
                version: ObjectVersion(object: now, event: now),
                status: "paid",
                isPaid: true,
                purpose: .purchase,
                createdAt: now,
                total: Money(minorUnits: 900, currency: usd),
                checkout: "chk_\(number)"
            )
            var account = try #require(
                try await store.load(LoadRequest(items: [.init(customer: customer)])).first?.account
            )
            let word = Account.Command(.take(ProviderSnapshot(provider: provider, order: order)))
            let change = try #require(try account.decide(word, at: now, in: Self.catalog()).change)
            let isNext = account.apply(change)
            #expect(isNext)
            let item = CommitRequest.Item(account: account, changes: [change], dueAt: nil)
            #expect(try await store.commit(CommitRequest(items: [item])) == [.committed])
        }
        let rows = try await RawConnection(path: folder.path("billing.sqlite")).rows(try Self.query())
        #expect(
            rows == [
                [.text("documents"), .text("pro"), .integer(4), .integer(2)],
                [.text("searches"), .text("pro"), .integer(2), .integer(0)],
            ]
        )
        await store.close()
    }
}
#endif
