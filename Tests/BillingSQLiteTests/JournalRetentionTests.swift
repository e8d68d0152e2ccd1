#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// The beginnings of journals leave, and what is decided afterwards is what would have been decided with them.
@Suite struct JournalRetentionTests {
    private static let documents = Meter.ID("documents")
    private static let searches = Meter.ID("searches")
    private static let org: CustomerID = "org_acme"
    private static let start = Timestamp(seconds: 1_796_115_600)

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A store, and a billing system on it with a clock of its own.
    private struct Shop {
        let store: SQLiteStore
        let billing: BillingSystem
        let clock = ManualClock(at: JournalRetentionTests.start)

        init(_ path: String, isUnlimited: Bool = false) async throws {
            let limited = Tier(
                Tier.ID("free"),
                rank: 0,
                name: "Free",
                allowances: [
                    documents: .limited(20, per: .month, rollover: .upTo(5)), searches: .limited(100, per: .year),
                ]
            )
            let unlimited = Tier(limited.id, rank: 0, name: "Free", allowances: [documents: .unlimited])
            let pro = Tier(Tier.ID("pro"), rank: 1, name: "Pro", allowances: [documents: .unlimited])
            let catalog = try Catalog(
                version: 1,
                meters: [Meter(documents, name: "Documents"), Meter(searches, name: "Searches")],
                tiers: [isUnlimited ? unlimited : limited, pro],
                fallback: limited.id,
                settings: .init(lowBalance: [.units(3)])
            )
            store = try await SQLiteStore(path)
            billing = try await BillingSystem(
                catalog: catalog,
                store: store,
                clock: clock,
                entropy: SeededEntropy(seed: 1)
            )
        }

        func pass(days: Int64) { clock.advance(by: .seconds(days * 86_400)) }

        func consume(
            _ amount: Int64,
            of meter: Meter.ID = documents,
            _ key: String
        ) async throws -> BillingSystem.Consumption {
            try await billing.consume(amount, of: meter, for: org, key: .job(key))
        }

        /// A month of use: grants that end, work, refunds.
        func month(_ number: Int) async throws {
            _ = try await consume(Int64(7 + number % 9), "use \(number)")
            _ = try await consume(2, of: searches, "search \(number)")
            _ = try await billing.grant(
                5,
                of: documents,
                to: org,
                from: .promotion,
                expiry: clock.now().advanced(by: .seconds(40 * 86_400)),
                for: ("shop", "order-\(number)"),
                key: .request("gift \(number)")
            )
            pass(days: 3)
            let work = try await billing.reserve(3, of: documents, for: org, key: .job("work \(number)"), attempt: "1")
            guard case .reserved(let reservation) = work else { throw Unexpected(what: "\(work)") }
            _ = try await billing.capture(reservation, amount: 4)
            _ = try await billing.refund(
                .job("use \(number)"),
                amount: 1,
                for: org,
                key: .request("back \(number)")
            )
            pass(days: 27)
        }

        func account() async throws -> Account {
            try #require(try await store.load(LoadRequest(items: [.init(customer: org)])).first?.account)
        }

        func receipt(of job: String) async throws -> Account.Receipt? {
            let key = Account.Key("job:\(job)")
            return try await store.load(LoadRequest(items: [.init(customer: org, keys: [key])])).first?.precedents[key]?
                .receipt
        }

        func journal(after revision: Int64 = 0) async throws(StoreError) -> [Account.Change] {
            var changes: [Account.Change] = []
            while true {
                let query = JournalQuery(customer: org, after: changes.last?.revision ?? revision)
                let page = try await store.journal(query)
                changes += page
                if page.count < query.limit { return changes }
            }
        }

        /// Archives what is older than 400 days.
        func archive(batchSize: Int = 100) async throws -> [[Account.Change]] {
            var batches: [[Account.Change]] = []
            let retention = try SQLRetention(journalDays: 400, batchSize: batchSize)
            let summary = try await store.archive(retention, at: clock.now()) { batch in
                guard case .changes(let changes) = batch else { throw Unexpected(what: "\(batch)") }
                batches.append(changes)
            }
            #expect(summary.changes == batches.joined().count)
            return batches
        }
    }

    private struct Unexpected: Error {
        let what: String
    }

    private func shop(_ name: String = "billing", months: Int = 30) async throws -> Shop {
        let shop = try await Shop(folder.path("\(name).sqlite"))
        for number in 0..<months { try await shop.month(number) }
        return shop
    }

    private func code(_ body: () async throws -> Void) async -> StoreError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StoreError
        }
    }

    @Test(arguments: [1, 7, 1_000])
    func `old changes leave whole and in order, and those after them stay as they were`(batchSize: Int) async throws {
        let shop = try await shop()
        let (account, journal) = (try await shop.account(), try await shop.journal())
        let batches = try await shop.archive(batchSize: batchSize)
        let archived = Array(batches.joined())
        #expect(archived.count > 60)
        #expect(batches.allSatisfy { $0.count <= batchSize && !$0.isEmpty })
        let cutoff = shop.clock.now().advanced(by: .seconds(-400 * 86_400))
        #expect(archived.allSatisfy { $0.recordedAt < cutoff })
        let kept = try await shop.journal(after: Int64(archived.count))
        #expect(archived + kept == journal)
        #expect(kept.count > 60)
        // No more than has to stays: a month's promotion at the time, and the year's running period.
        #expect(kept.first.map { $0.recordedAt < cutoff.advanced(by: .seconds(60 * 86_400)) } == true)
        #expect(try await shop.account() == account)
        #expect(try await shop.store.checkIntegrity() == [])
        #expect(try await shop.archive().isEmpty, "once they are gone, nothing is left to go")
        await shop.store.close()
    }

    @Test func `what comes afterwards is decided as if nothing had left`() async throws {
        let (archived, whole) = (try await shop("archived"), try await shop("whole"))
        let batches = try await archived.archive()
        #expect(!batches.isEmpty)
        for number in 30..<50 {
            for shop in [archived, whole] {
                try await shop.month(number)
                // Back to what was used up to a year ago, whose grants are long over.
                _ = try await shop.billing.refund(
                    .job("work \(number - 10)"),
                    amount: 1,
                    for: Self.org,
                    key: .request("late \(number)")
                )
            }
            #expect(try await archived.account() == whole.account(), "month \(number)")
            for key in ["use \(number - 12)", "work \(number - 5)"] {
                let receipt = try await archived.receipt(of: key)
                #expect(try await receipt == whole.receipt(of: key) && receipt != nil, "the receipt of '\(key)'")
            }
            if number % 5 == 0 { _ = try await archived.archive(batchSize: 3) }
            #expect(try await archived.store.checkIntegrity() == [], "month \(number)")
        }
        let journal = try await whole.journal()
        let kept = try await archived.journal(after: Int64(journal.count - 100))
        #expect(kept == journal.suffix(100))
        for shop in [archived, whole] { await shop.store.close() }
    }

    @Test func `what needs all of the journal says from which revision on it is kept`() async throws {
        let shop = try await shop()
        let archived = try await shop.archive()
        let last = try #require(archived.last?.last?.revision)
        let past = shop.clock.now()
        for (name, error) in [
            ("journal", await code { _ = try await shop.journal() }),
            ("journal, a little later", await code { _ = try await shop.journal(after: last - 1) }),
            ("past", await code { _ = try await shop.billing.overview(of: Self.org, asOf: past) }),
            ("examination", await code { _ = try await shop.billing.examine(Self.org) }),
        ] {
            let error = try #require(error, "\(name)")
            #expect(error.code == .archived, "\(name): \(error)")
            #expect(error.message.contains("from revision \(last + 1) on"), "\(name): \(error)")
        }
        #expect(try await shop.billing.overview(of: Self.org).customer == Self.org)
        #expect(try await shop.billing.overview(of: "org_other", asOf: past).customer == "org_other")
        #expect(try await shop.billing.examine("org_other") == [])
        await shop.store.close()
    }

    @Test func `names stay for ever, and a use that has left cannot be refunded`() async throws {
        let shop = try await shop()
        _ = try await shop.archive()
        let again = try await shop.billing.grant(
            5,
            of: Self.documents,
            to: Self.org,
            from: .promotion,
            for: ("shop", "order-0"),
            key: .request("another key")
        )
        #expect(again == .alreadyGranted)
        do {
            _ = try await shop.billing.refund(
                .job("use 1"),
                amount: 1,
                for: Self.org,
                key: .request("too late")
            )
            Issue.record("it was refunded")
        } catch let error as Account.DecisionError {
            #expect(error.code == .unknownUse)
        }
        await shop.store.close()
    }

    @Test func `the newest change stays, however old`() async throws {
        let shop = try await Shop(folder.path("billing.sqlite"))
        // Nothing is used, so there is neither a grant nor a period that anything would stay for.
        for number in 0..<20 {
            _ = try await shop.billing.startUpgrade(to: Tier.ID("pro"), for: Self.org, reference: "job-\(number)")
            shop.pass(days: 2)
        }
        shop.pass(days: 5_000)
        let account = try await shop.account()
        #expect(account.revision == 20)
        let batches = try await shop.archive(batchSize: 4)
        #expect(batches.joined().count == 19)
        #expect(try await shop.account() == account)
        let kept = try await shop.journal(after: account.revision - 1)
        #expect(kept.count == 1)
        #expect(try await shop.store.checkIntegrity() == [])
        await shop.store.close()
    }

    @Test func `what speaks of a live grant stays, and all that follows`() async throws {
        let shop = try await shop(months: 2)
        _ = try await shop.billing.grant(
            500,
            of: Self.documents,
            to: Self.org,
            from: .order,
            priority: 99,
            key: .request("bought")
        )
        let bought = try await shop.account().revision
        for number in 2..<30 { try await shop.month(number) }
        let archived = try await shop.archive().joined()
        #expect(archived.last?.revision == bought - 1)
        #expect(try await shop.store.checkIntegrity() == [])
        await shop.store.close()
    }

    @Test func `what speaks of a live hold stays, and all that follows`() async throws {
        let shop = try await Shop(folder.path("billing.sqlite"), isUnlimited: true)
        _ = try await shop.consume(1, "first")
        let work = try await shop.billing.reserve(of: Self.documents, for: Self.org, key: .job("work"), attempt: "1")
        guard case .reserved(let reservation) = work else { throw Unexpected(what: "\(work)") }
        let held = try await shop.account().revision
        for number in 0..<40 {
            try await shop.billing.extend(reservation, by: .seconds(31 * 86_400))
            shop.pass(days: 25)
            _ = try await shop.consume(1, "\(number)")
        }
        #expect(try await shop.archive().joined().last?.revision == held - 1)
        _ = try await shop.billing.capture(reservation)
        #expect(try await shop.archive().joined().count > 20, "once it is over, more may go")
        #expect(try await shop.store.checkIntegrity() == [])
        await shop.store.close()
    }

    @Test func `what a running period has begun before stays`() async throws {
        let shop = try await Shop(folder.path("billing.sqlite"))
        _ = try await shop.consume(1, "before")
        shop.pass(days: 10)
        let now = shop.clock.now()
        let subscription = SubscriptionSnapshot(
            provider: "polar",
            id: "sub_1",
            version: ObjectVersion(object: now, event: now),
            tier: Tier.ID("pro"),
            status: .active,
            cycle: Recurrence(every: 3, .year),
            period: TimeSpan(from: now, to: now.advanced(by: .seconds(1_095 * 86_400))),
            cancelsAtPeriodEnd: false
        )
        let snapshot = ProviderSnapshot(provider: "polar", subscriptions: [subscription])
        try await shop.store.transaction(with: shop.billing) { transaction in
            try transaction.perform(Account.Command(.take(snapshot), key: "delivery"), for: Self.org)
        }
        for number in 0..<30 {
            _ = try await shop.consume(1, "\(number)")
            shop.pass(days: 30)
        }
        #expect(try await shop.archive().joined().map(\.key) == ["job:before"])
        await shop.store.close()
    }

    /// A shop where a grant without an end was used long ago but for its last unit, and that lately.
    private func shopWithGrantUsedUp() async throws -> Shop {
        let shop = try await shop(months: 1)
        let given = try await shop.billing.grant(
            10,
            of: Self.documents,
            to: Self.org,
            from: .order,
            priority: -1,
            key: .request("bought")
        )
        guard case .granted(_, let grant) = given else { throw Unexpected(what: "\(given)") }
        _ = try await shop.consume(9, "long ago")
        for number in 0..<12 {
            shop.pass(days: 30)
            if number == 11 { _ = try await shop.consume(1, "lately") }
        }
        for number in 12..<18 { try await shop.month(number) }
        #expect(try await !shop.account().grants.contains { $0.id == grant }, "it is used up")
        shop.pass(days: 60)
        _ = try await shop.consume(1, "now")
        return shop
    }

    private func bringBack(in shop: Shop) async throws {
        let answer = try await shop.billing.refund(
            .job("lately"),
            amount: 1,
            for: Self.org,
            key: .request("bring back")
        )
        guard case .refunded = answer else { throw Unexpected(what: "\(answer)") }
        #expect(try await shop.account().grants.contains { $0.source == .order && $0.amount == 10 }, "it is live again")
    }

    @Test func `a grant that a refund brings back keeps what has not left yet`() async throws {
        let shop = try await shopWithGrantUsedUp()
        let journal = try await shop.journal()
        let bought = try #require(journal.first { $0.key == "request:bought" }).revision
        #expect(bought > 3)
        let summary = try await shop.store.archive(SQLRetention(journalDays: 400), at: shop.clock.now()) { _ in
            try await bringBack(in: shop)
        }
        #expect(summary.changes == bought - 1, "those before it go, though more was handed over")
        #expect(try await shop.journal(after: bought - 1).first?.revision == bought)
        #expect(try await shop.store.checkIntegrity() == [])
        await shop.store.close()
    }

    @Test func `a grant that a refund brings back after its beginning has left is no contradiction`() async throws {
        let shop = try await shopWithGrantUsedUp()
        let batches = try await shop.archive()
        #expect(batches.joined().contains { $0.key == "job:long ago" })
        try await bringBack(in: shop)
        #expect(try await shop.store.checkIntegrity() == [])
        #expect(try await shop.consume(1, "the unit that came back") != shop.consume(1, "now"))
        await shop.store.close()
    }

    @Test func `a beginning that was deleted by hand is found, and no archive`() async throws {
        let shop = try await shop(months: 3)
        await shop.store.close()
        let path = folder.path("billing.sqlite")
        try RawConnection(path: path).force("DELETE FROM billing_journal WHERE revision <= 2")
        let store = try await SQLiteStore(path)
        #expect(try await store.checkIntegrity().map(\.rule).contains(.denseRevisions))
        await store.close()
    }

    @Test func `a beginning that should be gone and is not is found too`() async throws {
        let shop = try await shop()
        _ = try await shop.archive()
        await shop.store.close()
        let path = folder.path("billing.sqlite")
        try RawConnection(path: path).execute("UPDATE billing_archived SET revision = revision - 1")
        let store = try await SQLiteStore(path)
        #expect(try await store.checkIntegrity().map(\.rule) == [.denseRevisions])
        await store.close()
    }

    @Test func `fewer days than there have to be are refused`() {
        #expect(throws: SQLRetention.Refusal.self) { try SQLRetention(journalDays: 399) }
    }
}
#endif
