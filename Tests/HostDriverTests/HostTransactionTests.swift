#if Postgres
import BillingInMemory
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// The host's own statements and billing commands in one transaction on the host's connection: both are there, or neither.
@Suite(.enabled(if: Server.connection != nil, "There is no PostgreSQL to try."))
struct HostTransactionTests {
    static let documents = Meter.ID("documents")
    static let org: CustomerID = "org_acme"

    /// A server with a store of the kit's, and a host with a table and connections of its own.
    struct Shop: Sendable {
        let schema: Schema
        let store: PostgresStore
        let billing: BillingSystem
        let clock: ManualClock
        let host: HandConnection

        func jobs() async throws -> [String] {
            try await host.execute("SELECT id FROM jobs ORDER BY id").map { row in
                if case .text(let id) = row[0] { id } else { "?" }
            }
        }

        func journal() async throws -> [Account.Change] {
            try await store.journal(JournalQuery(customer: org))
        }

        func used() async throws -> Int64? {
            try await billing.overview(of: org)[documents]?.used
        }

        /// Expects that what is stored is what the journal folds to, and that the tables hold together.
        func audit() async throws {
            #expect(try await store.checkIntegrity() == [])
            #expect(try await billing.examine(org) == [])
        }

        /// Uses units for a job and writes its row, in the transaction that is open.
        func submit(
            _ id: String,
            units: Int64 = 1,
            of customer: CustomerID = org,
            _ connection: HandConnection? = nil
        ) async throws -> BillingSystem.Consumption {
            let connection = connection ?? host
            let transaction = try billing.transaction(on: connection)
            let answer = try await transaction.consume(units, of: documents, for: customer, key: .job(id))
            if case .consumed = answer {
                try await connection.execute("INSERT INTO jobs VALUES ($1) ON CONFLICT DO NOTHING", [id])
            }
            return answer
        }
    }

    static func catalog(version: Catalog.Version = 1, allowance: Int64 = 10) throws -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [documents: .limited(allowance, per: .month)]
        )
        let pro = Tier(
            Tier.ID("pro"),
            rank: 1,
            name: "Pro",
            allowances: [documents: .limited(allowance * 10, per: .month)]
        )
        return try Catalog(
            version: version,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free, pro],
            fallback: free.id,
            settings: .init(lowBalance: [.units(2)])
        )
    }

    static func withShop(allowance: Int64 = 10, _ body: (Shop) async throws -> Void) async throws {
        try await Server.withSchema { schema in
            try await schema.withStore { store in
                let clock = ManualClock(at: Timestamp(seconds: 1_796_115_600))
                let billing = try await BillingSystem(
                    catalog: catalog(allowance: allowance),
                    store: store,
                    clock: clock
                )
                let host = try schema.connect()
                try await host.execute("CREATE TABLE jobs (id TEXT COLLATE \"C\" PRIMARY KEY)")
                try await body(Shop(schema: schema, store: store, billing: billing, clock: clock, host: host))
            }
        }
    }

    private func isConsumed(_ answer: BillingSystem.Consumption) -> Bool {
        if case .consumed = answer { true } else { false }
    }

    // MARK: Together

    @Test func `the host's row and the use of its units are both there, or neither`() async throws {
        try await Self.withShop { shop in
            for (ending, there) in [("ROLLBACK", false), ("COMMIT", true)] {
                try await shop.host.execute("BEGIN")
                #expect(isConsumed(try await shop.submit("1", units: 4)))
                let gift = try await shop.billing.transaction(on: shop.host)
                    .grant(5, of: .meter(Self.documents), to: Self.org, from: .promotion, key: .request("gift"))
                guard case .granted = gift else {
                    Issue.record("\(gift)")
                    return
                }
                try await shop.host.execute(ending)
                #expect(try await shop.jobs() == (there ? ["1"] : []))
                #expect(try await shop.journal().compactMap(\.key) == (there ? ["job:1", "request:gift"] : []))
                #expect(try await shop.used() == (there ? 4 : 0))
            }
            try await shop.audit()
        }
    }

    @Test func `commands see what came before them, and a denial undoes nothing`() async throws {
        try await Self.withShop { shop in
            try await shop.host.execute("BEGIN")
            #expect(isConsumed(try await shop.submit("1", units: 7)))
            #expect(!isConsumed(try await shop.submit("2", units: 4)))
            let transaction = try shop.billing.transaction(on: shop.host)
            _ = try await transaction.grant(
                1,
                of: .meter(Self.documents),
                to: Self.org,
                from: .promotion,
                key: .job("g")
            )
            #expect(isConsumed(try await shop.submit("2", units: 4)))
            try await shop.host.execute("COMMIT")
            #expect(try await shop.jobs() == ["1", "2"])
            #expect(try await shop.journal().count == 3)
            try await shop.audit()
        }
    }

    @Test func `a command that fails leaves the rest of the transaction as it is`() async throws {
        try await Self.withShop { shop in
            try await shop.host.execute("BEGIN")
            #expect(isConsumed(try await shop.submit("1")))
            let transaction = try shop.billing.transaction(on: shop.host)
            await #expect(throws: Account.DecisionError.self) {
                try await transaction.consume(of: Meter.ID("nothing"), for: Self.org, key: .job("2"))
            }
            await #expect(throws: BillingError.self) {
                try await transaction.perform(Account.Command(.examine(folded: nil)), for: Self.org)
            }
            // A row that cannot be written ends the command at a savepoint, and not the transaction.
            try await shop.host.execute("ALTER TABLE billing_references ADD CHECK (kind <> 'grant')")
            await #expect(throws: StoreError.self) {
                try await transaction.grant(
                    5,
                    of: .meter(Self.documents),
                    to: Self.org,
                    from: .order,
                    for: ("shop", "order_1"),
                    key: .request("gift")
                )
            }
            #expect(isConsumed(try await shop.submit("3")))
            try await shop.host.execute("COMMIT")
            #expect(try await shop.journal().map(\.key) == ["job:1", "job:3"])
            #expect(try await shop.jobs() == ["1", "3"])
            try await shop.audit()
        }
    }

    @Test func `a key is used once, inside and outside`() async throws {
        try await Self.withShop { shop in
            try await shop.host.execute("BEGIN")
            let inside = try await shop.submit("1", units: 3)
            #expect(try await shop.submit("1", units: 3) == inside)
            try await shop.host.execute("COMMIT")
            #expect(try await shop.billing.consume(3, of: Self.documents, for: Self.org, key: .job("1")) == inside)
            let outside = try await shop.billing.consume(2, of: Self.documents, for: Self.org, key: .job("2"))
            try await shop.host.execute("BEGIN")
            #expect(try await shop.submit("2", units: 2) == outside)
            await #expect(throws: Account.DecisionError.self) { try await shop.submit("2", units: 3) }
            try await shop.host.execute("COMMIT")
            #expect(try await shop.used() == 5)
            #expect(try await shop.jobs() == ["1", "2"])
            try await shop.audit()
        }
    }

    @Test func `what a decision needs of the past is read on the same connection`() async throws {
        try await Self.withShop { shop in
            _ = try await shop.billing.consume(6, of: Self.documents, for: Self.org, key: .job("before"))
            let now = shop.clock.now()
            let subscription = SubscriptionSnapshot(
                provider: "polar",
                id: "sub_1",
                version: ObjectVersion(object: now, event: now),
                tier: Tier.ID("pro"),
                status: .active,
                cycle: .month,
                period: Recurrence.month.span(containing: now, from: now),
                cancelsAtPeriodEnd: false
            )
            try await shop.host.execute("BEGIN")
            let taken = try await shop.billing.transaction(on: shop.host).perform(
                Account.Command(.take(ProviderSnapshot(provider: "polar", subscriptions: [subscription])), key: "d:1"),
                for: Self.org
            )
            #expect(taken == .taken)
            try await shop.host.execute("COMMIT")
            // Under the next catalog the customer stands on the first one's terms, which that system has never seen.
            let next = try await BillingSystem(
                catalog: Self.catalog(version: 2, allowance: 1),
                store: shop.store,
                clock: shop.clock
            )
            try await shop.host.execute("BEGIN")
            let answer = try await next.transaction(on: shop.host)
                .consume(90, of: Self.documents, for: Self.org, key: .job("after"))
            try await shop.host.execute("COMMIT")
            #expect(isConsumed(answer))
            try await shop.audit()
        }
    }

    @Test func `text that is written otherwise than it is, is the same to both drivers`() async throws {
        try await Self.withShop { shop in
            let members = ["a\u{1}b", "\u{1}\u{2}", "{\"a\\\",NULL}"].map { MemberID($0) }
            for (index, member) in members.enumerated() {
                try await shop.host.execute("BEGIN")
                let transaction = try shop.billing.transaction(on: shop.host)
                let key = BillingSystem.Key.request("\(index)")
                _ = try await transaction.consume(of: Self.documents, for: Self.org, by: member, key: key)
                try await shop.host.execute("COMMIT")
            }
            #expect(try await shop.journal().map(\.member) == members)
        }
    }

    // MARK: What is remembered

    @Test func `the billing system forgets what it remembered once it is told of the commit`() async throws {
        try await Self.withShop { shop in
            #expect(
                isConsumed(try await shop.billing.consume(2, of: Self.documents, for: Self.org, key: .job("before")))
            )
            func remembered() async throws -> (left: Int64?, age: Duration) {
                shop.clock.advance(by: .seconds(1))
                let known = try await shop.billing.check(of: Self.documents, for: Self.org, noOlderThan: .seconds(60))
                guard case .allowed(.units(let left)) = known.check else { return (nil, known.age) }
                return (left, known.age)
            }
            #expect(try await remembered() == (7, .seconds(1)))
            let transaction = try shop.billing.transaction(on: shop.host)
            try await shop.host.execute("BEGIN")
            _ = try await transaction.consume(3, of: Self.documents, for: Self.org, key: .job("in"))
            try await shop.host.execute("COMMIT")
            #expect(try await remembered() == (7, .seconds(2)), "it says how old it is")
            transaction.wasCommitted()
            #expect(try await remembered() == (4, .zero))
        }
    }

    @Test func `a billing system that remembers the account finds it changed, and decides anew`() async throws {
        try await Self.withShop { shop in
            #expect(
                isConsumed(try await shop.billing.consume(2, of: Self.documents, for: Self.org, key: .job("before")))
            )
            for round in 0..<3 {
                try await shop.host.execute("BEGIN")
                #expect(isConsumed(try await shop.submit("in \(round)", units: 2)))
                try await shop.host.execute("COMMIT")
                // With what it remembers, the key of the transaction would be free and two units more be left.
                let key = BillingSystem.Key.job("in \(round)")
                #expect(isConsumed(try await shop.billing.consume(2, of: Self.documents, for: Self.org, key: key)))
                #expect(try await shop.used() == Int64(4 + round * 2))
            }
            #expect(
                !isConsumed(try await shop.billing.consume(3, of: Self.documents, for: Self.org, key: .job("after")))
            )
            try await shop.audit()
        }
    }

    @Test func `notices of the transaction are told once the billing system hears of its commit`() async throws {
        try await Self.withShop { shop in
            struct Listener: BillingObserver {
                let ear: AsyncStream<Account.Notice>.Continuation

                func hear(_ notice: Account.Notice) async throws { ear.yield(notice) }
            }
            let (heard, ear) = AsyncStream.makeStream(of: Account.Notice.self)
            var configuration = BillingSystem.Configuration()
            // Later than the test's limit: nothing but the word of the commit can wake it.
            configuration.pollInterval = .seconds(86_400)
            let billing = try await BillingSystem(
                catalog: Self.catalog(),
                store: shop.store,
                observers: [Listener(ear: ear)],
                clock: shop.clock,
                configuration: configuration
            )
            let running = Task { await billing.run() }
            let transaction = try billing.transaction(on: shop.host)
            try await shop.host.execute("BEGIN")
            _ = try await transaction.consume(9, of: Self.documents, for: Self.org, key: .job("1"))
            try await shop.host.execute("COMMIT")
            transaction.wasCommitted()
            var notices = heard.makeAsyncIterator()
            #expect(await notices.next()?.customer == Self.org)
            running.cancel()
            await running.value
        }
    }

    @Test func `a store in another kind of database has no part in the host's transaction`() async throws {
        try await Self.withShop { shop in
            let billing = try await BillingSystem(catalog: Self.catalog(), store: InMemoryStore())
            #expect(throws: BillingError.self) { try billing.transaction(on: shop.host) }
        }
    }
}
#endif
