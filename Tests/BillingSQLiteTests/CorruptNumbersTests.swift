#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Foundation
import SeededTesting
import Testing

/// Whatever a hand has put into a column, the server goes on: what is asked is answered or refused, and nothing traps or
/// hangs.
@Suite(.serialized) struct CorruptNumbersTests {
    private static let images = Meter.ID("images")
    private static let pages = Meter.ID("pages")
    private static let seats = Meter.ID("seats")
    private static let credits = CreditPool.ID("credits")
    private static let pro = Tier.ID("pro")
    private static let start = Timestamp(seconds: 1_796_115_600)
    private static let customers: [CustomerID] = ["org_free", "org_bought", "org_trial"]

    /// What is put into the columns: the ends of what there is, and what lies about the greatest number of units.
    private static let numbers: [Int64] = [
        .max, .min, -1, 0, 1, Account.maximumCount, Account.maximumCount + 1, -Account.maximumCount,
    ]

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func catalog() throws -> Catalog {
        try Catalog(
            version: 1,
            meters: [
                Meter(images, name: "Images", draw: .init(on: credits, cost: 2)),
                Meter(pages, name: "Pages", draw: .init(on: credits, cost: 3)),
                Meter(seats, name: "Seats", kind: .gauge),
            ],
            pools: [CreditPool(credits, name: "Credits")],
            tiers: [
                Tier(
                    Tier.ID("free"),
                    rank: 0,
                    name: "Free",
                    allowances: [
                        images: .limited(20, per: .day, overage: .counted(upTo: 5), rollover: .upTo(10)),
                        pages: .limited(5, per: .month), seats: .level(10, overage: .counted(upTo: 2)),
                    ],
                    rates: [pages: [.init(8, per: .hour)]],
                    credits: [credits: .init(50, per: .week, rollover: .upTo(20))]
                ),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [images: .unlimited, pages: .limited(100, per: .month), seats: .unlimited],
                    credits: [credits: .init(500, per: .month)]
                ),
            ],
            fallback: Tier.ID("free"),
            trial: .init(days: 10, gives: .tier(pro), reminderDays: [3, 1]),
            settings: .init(
                lowBalance: [.percent(20), .units(2)],
                refunds: .extend(byDays: 5),
                holdLength: .seconds(3_600)
            )
        )
    }

    private static func system(_ store: SQLiteStore, at now: Timestamp) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: catalog(),
            store: store,
            clock: ManualClock(at: now),
            entropy: SeededEntropy(seed: 7)
        )
    }

    /// Makes a file in which three customers have something of everything.
    private func fill(_ path: String) async throws {
        let store = try await SQLiteStore(path, durability: .losesFileOnPowerLoss)
        let billing = try await Self.system(store, at: Self.start)
        for customer in Self.customers {
            if customer == "org_trial" { _ = try await billing.startTrial(for: customer) }
            try await live(customer, in: billing)
        }
        let overrides = [
            Account.Override(
                .allowance(.limited(30, per: .day), of: Self.images),
                until: Self.start.advanced(by: .seconds(10 * 86_400))
            )
        ]
        try await billing.override(overrides, for: "org_free", key: .request("7"))
        let subscription = SubscriptionSnapshot(
            provider: "polar",
            id: "sub_1",
            version: ObjectVersion(object: Self.start, event: Self.start),
            tier: Self.pro,
            status: .active,
            cycle: .month,
            period: Recurrence.month.span(containing: Self.start, from: Self.start)
        )
        let snapshot = ProviderSnapshot(provider: "polar", subscriptions: [subscription])
        try await store.transaction(with: billing) { transaction in
            _ = try transaction.perform(Account.Command(.take(snapshot), key: "d:1"), for: "org_bought")
        }
        await store.close()
    }

    private func live(_ customer: CustomerID, in billing: BillingSystem) async throws {
        let day = Duration.seconds(86_400)
        let end = Self.start.advanced(by: .seconds(1_000 * 86_400))
        _ = try await billing.consume(3, of: Self.images, for: customer, key: .request("1"))
        _ = try await billing.record(7, of: Self.pages, for: customer, key: .request("2"))
        _ = try await billing.grant(
            30,
            of: Self.credits,
            to: customer,
            from: .promotion,
            expiry: end,
            key: .request("3")
        )
        _ = try await billing.grant(30, of: Self.images, to: customer, from: .promotion, key: .request("4"))
        _ = try await billing.reserve(20, of: Self.images, for: customer, key: .job("5"), holdingFor: day)
        _ = try await billing.reserve(1, of: Self.pages, for: customer, key: .job("6"), holdingFor: day)
        _ = try await billing.setLevel(4, of: Self.seats, for: customer, key: .request("7a"))
        _ = try await billing.startUpgrade(to: Self.pro, cycle: .month, for: customer, reference: "r")
        _ = try await billing.refund(.request("1"), amount: 1, for: customer, key: .request("8"))
    }

    /// All that is done to the file: each column of each table that has rows is set to something, in all of them at once.
    private func alterations(of path: String) async throws -> [String] {
        let connection = try RawConnection(path: path)
        let tables = SQLStep(
            SQLStatement(
                """
                SELECT t.name, c.name, c.type, c."notnull" FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c \
                WHERE t.type = 'table' AND t.name LIKE 'billing_%' \
                AND t.name NOT IN ('billing_schema', 'billing_catalogs') ORDER BY t.name, c.cid
                """
            )
        )
        var all: [String] = []
        var filled: [String: Bool] = [:]
        for row in try await connection.run([tables])[0].rows {
            guard case (.text(let table), .text(let column), .text(let type)) = (row[0], row[1], row[2]) else {
                continue
            }
            if filled[table] == nil {
                filled[table] = try await !connection.rows("SELECT 1 FROM \(table) LIMIT 1").isEmpty
            }
            guard filled[table] == true else { continue }
            let values = type == "INTEGER" ? Self.numbers.map { "\($0)" } : ["''", "'a' || char(0) || 'b'"]
            // What may not be empty cannot be emptied, whatever conditions are left out.
            let isOptional = row[3] == .integer(0)
            all += (isOptional ? values + ["NULL"] : values).map { "UPDATE OR REPLACE \(table) SET \(column) = \($0)" }
        }
        return all
    }

    /// Does everything with all customers, whatever comes of it.
    private func tryEverything(_ store: SQLiteStore, at now: Timestamp) async {
        guard let billing = try? await Self.system(store, at: now) else { return }
        for customer in Self.customers {
            _ = try? await billing.overview(of: customer)
            for meter in [Self.images, Self.pages] {
                _ = try? await billing.check(2, of: meter, for: customer)
                for _ in 0..<2 { _ = try? await billing.consume(2, of: meter, for: customer, key: .once) }
                _ = try? await billing.record(500, of: meter, for: customer, key: .once)
                _ = try? await billing.reserve(1, of: meter, for: customer, key: .once)
            }
            _ = try? await billing.refund(.request("1"), amount: 1, for: customer, key: .once)
            _ = try? await billing.correct(Self.images, by: 2, reason: "r", author: "ann", for: customer, key: .once)
            _ = try? await billing.raise(of: Self.seats, for: customer, key: .once)
            _ = try? await billing.grant(5, of: Self.credits, to: customer, from: .promotion, key: .once)
            _ = try? await billing.metered(Self.images, for: customer, key: .job("5")) { 1 }
            try? await billing.settle(customer)
            _ = try? await billing.startTrial(for: customer)
            _ = try? await billing.startUpgrade(to: Self.pro, cycle: .month, for: customer, reference: "r")
            _ = try? await billing.overview(of: customer, asOf: Self.start.advanced(by: .seconds(5)))
            for finding in (try? await billing.examine(customer)) ?? [] {
                _ = try? await billing.repair(finding, of: customer)
            }
            _ = try? await billing.overview(of: customer)
        }
        await billing.sweep()
        _ = try? await store.leaseNotices(LeaseRequest(now: now, until: now, limit: 1_000))
    }

    @Test func `nothing that a column is set to traps or hangs`() async throws {
        let base = folder.path("base.sqlite")
        try await fill(base)
        let all = try await alterations(of: base)
        #expect(all.count > 1_000, "\(all.count)")
        // All of them take minutes: `BILLINGKIT_ALTERATIONS=100000` tries them, as `make soak` does.
        let count = ProcessInfo.processInfo.environment["BILLINGKIT_ALTERATIONS"].flatMap { Int($0) } ?? 15
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "CorruptNumbersTests"))
        let chosen = all.shuffled(using: &generator).prefix(count)
        print("CorruptNumbersTests: \(chosen.count) of \(all.count) alterations")
        for (number, sql) in chosen.enumerated() {
            let path = folder.path("\(number).sqlite")
            try FileManager.default.copyItem(atPath: base, toPath: path)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let connection = try RawConnection(path: path)
            let before = connection.writtenRows
            #expect(throws: Never.self, "\(sql)") { try connection.force(sql) }
            #expect(connection.writtenRows > before, "\(sql)")
            let store = try await SQLiteStore(path, durability: .losesFileOnPowerLoss)
            for days in [0, 400] as [Int64] {
                await tryEverything(store, at: Self.start.advanced(by: .seconds(10 + days * 86_400)))
            }
            _ = try? await store.checkIntegrity()
            await store.close()
        }
    }
}
#endif
