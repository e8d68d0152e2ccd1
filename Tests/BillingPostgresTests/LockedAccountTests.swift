#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import ProcessTesting
import Testing

/// What other transactions have locked holds up nothing but itself.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct LockedAccountTests {
    static let documents = Meter.ID("documents")
    static let others = (0..<12).map { CustomerID("org_\($0)") }
    static let locked: CustomerID = "org_locked"

    static func makeCatalog(_ units: Int64 = 1_000) throws -> Catalog {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(units, per: .month)])
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    /// Settings with which whoever waits for a lock waits longer than any test, and the one connection with it.
    static func patient(_ schema: PostgresSchema) -> PostgresSettings {
        var settings = schema.settings()
        settings.lockTimeout = .seconds(900)
        settings.connectionCount = 1
        return settings
    }

    static func consume(_ key: String, for customer: CustomerID, on billing: BillingSystem) async throws -> Bool {
        let answer = try await billing.consume(of: documents, for: customer, key: .request(key))
        if case .consumed = answer { return true }
        return false
    }

    /// A connection whose transactions end by themselves when the test waits for what waits for them.
    static func locker(_ schema: PostgresSchema) throws -> RawPostgres {
        let raw = try schema.raw()
        try raw.run("SET idle_in_transaction_session_timeout = '900s'")
        return raw
    }

    /// Makes the locked account in a transaction that goes on.
    private static let insertion =
        "BEGIN; INSERT INTO billing_accounts (customer, revision, instant, anchor) VALUES ('\(locked)', 1, 0, 0)"

    /// Returns once a connection of the store waits for a lock.
    static func waitUntilLocked(_ schema: PostgresSchema) async throws {
        let raw = try schema.raw()
        let waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(schema.name)' AND wait_event_type = 'Lock'
            """
        try await waitUntil("somebody waits for a lock") { try raw.value(waiting) != "0" }
    }

    /// The change that uses a unit of a customer whom nothing is known of.
    static func firstUse(of customer: CustomerID) throws -> CommitRequest.Item {
        let catalog = try makeCatalog()
        var account = Account(customer: customer)
        let command = Account.Command(.consume(.init(meter: documents, amount: 1)), key: "first")
        let decision = try account.decide(
            command,
            facts: Account.Facts(),
            at: Timestamp(seconds: 1_796_115_600),
            in: catalog
        )
        let change = try #require(decision.change)
        account.apply(change)
        return CommitRequest.Item(account: account, changes: [change], dueAt: account.dueAt(in: catalog))
    }

    /// Writes of each customer, in a call of its own, all at once.
    private static func commitFirstUses(of customers: [CustomerID], on store: PostgresStore) async throws {
        try await withThrowingTaskGroup(of: [CommitOutcome].self) { group in
            for customer in customers {
                let item = try firstUse(of: customer)
                group.addTask { try await store.commit(CommitRequest(items: [item])) }
            }
            for try await outcomes in group { #expect(outcomes == [.committed]) }
        }
    }

    /// The change that lets an account be due at another instant.
    static func reschedule(_ first: CommitRequest.Item) -> CommitRequest.Item {
        CommitRequest.Item(account: first.account, changes: [], dueAt: Timestamp(seconds: 5))
    }

    @Test func `a commit does not wait for a locked account, and an update does`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Self.patient(schema)) { store in
                let first = try Self.firstUse(of: Self.locked)
                #expect(try await store.commit(CommitRequest(items: [first])) == [.committed])
                let raw = try Self.locker(schema)
                try raw.run("BEGIN; SELECT 1 FROM billing_accounts WHERE customer = '\(Self.locked)' FOR UPDATE")
                let again = Self.reschedule(first)
                let both = CommitRequest(items: [again, try Self.firstUse(of: "org_free")])
                #expect(try await store.commit(both) == [.locked, .committed])
                async let late = store.update(Self.locked) {
                    LoadRequest.Item(customer: Self.locked)
                } deciding: { loaded in
                    loaded.account?.revision == 1 ? again : nil
                }
                try await Self.waitUntilLocked(schema)
                try await Self.commitFirstUses(of: Self.others, on: store)
                #expect(try raw.value("SELECT count(*) FROM billing_accounts") == "\(Self.others.count + 2)")
                let due = "SELECT due_at FROM billing_accounts WHERE customer = '\(Self.locked)'"
                #expect(try raw.value(due) != "5000000")
                try raw.run("COMMIT")
                #expect(try await late == .committed)
                #expect(try raw.value(due) == "5000000")
            }
        }
    }

    @Test func `commands on other accounts are answered while one is locked, and those on that one once it is free`()
        async throws
    {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Self.patient(schema)) { store in
                let billing = try await BillingSystem(catalog: Self.makeCatalog(), store: store)
                #expect(try await Self.consume("first", for: Self.locked, on: billing))
                let raw = try Self.locker(schema)
                try raw.run("BEGIN; SELECT 1 FROM billing_accounts WHERE customer = '\(Self.locked)' FOR UPDATE")
                try await withThrowingTaskGroup(of: Bool.self) { late in
                    for number in 0..<5 {
                        late.addTask { try await Self.consume("\(number)", for: Self.locked, on: billing) }
                    }
                    try await Self.waitUntilLocked(schema)
                    // Enough of them that some share everything with the locked one that customers can share.
                    try await withThrowingTaskGroup(of: Bool.self) { group in
                        for number in 0..<100 {
                            group.addTask { try await Self.consume("one", for: "org_\(number)", on: billing) }
                        }
                        for try await isConsumed in group { #expect(isConsumed) }
                    }
                    let used = "SELECT used FROM billing_balances WHERE customer = '\(Self.locked)'"
                    #expect(try raw.value(used) == "1")
                    try raw.run("COMMIT")
                    for try await isConsumed in late { #expect(isConsumed) }
                    #expect(try raw.value(used) == "6")
                }
            }
        }
    }

    @Test func `commands on an account that stays locked are told so, and nothing of them is written`() async throws {
        try await PostgresServer.withSchema { schema in
            var settings = schema.settings()
            settings.lockTimeout = .milliseconds(300)
            try await schema.withStore(settings) { store in
                let billing = try await BillingSystem(catalog: Self.makeCatalog(), store: store)
                #expect(try await Self.consume("first", for: Self.locked, on: billing))
                let raw = try schema.raw()
                try raw.run("BEGIN; SELECT 1 FROM billing_accounts FOR UPDATE")
                let error = await #expect(throws: StoreError.self) {
                    try await Self.consume("second", for: Self.locked, on: billing)
                }
                #expect(error?.code == .lockTimeout)
                try raw.run("COMMIT")
                #expect(try raw.value("SELECT used FROM billing_balances") == "1")
                #expect(try await Self.consume("second", for: Self.locked, on: billing))
                #expect(try raw.value("SELECT used FROM billing_balances") == "2")
            }
        }
    }

    @Test(arguments: [(true, CommitOutcome.conflict), (false, .committed)])
    func `commits of other accounts are made while another transaction makes an account, and that one is locked`(
        isKept: Bool,
        outcome: CommitOutcome
    ) async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Self.patient(schema)) { store in
                let raw = try Self.locker(schema)
                try raw.run(Self.insertion)
                let item = try Self.firstUse(of: Self.locked)
                let others = try Self.others.map(Self.firstUse)
                // In one group with it, before it and after it.
                let outcomes = try await store.commit(CommitRequest(items: others[..<6] + [item] + others[6...]))
                #expect(outcomes.enumerated().allSatisfy { $1 == ($0 == 6 ? .locked : .committed) }, "\(outcomes)")
                try raw.run(isKept ? "COMMIT" : "ROLLBACK")
                #expect(try await store.commit(CommitRequest(items: [item])) == [outcome])
            }
        }
    }

    @Test func `commands on an account that another transaction makes wait for it, and others do not`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Self.patient(schema)) { store in
                let billing = try await BillingSystem(catalog: Self.makeCatalog(), store: store)
                let raw = try Self.locker(schema)
                try raw.run(Self.insertion)
                async let late = Self.consume("late", for: Self.locked, on: billing)
                try await Self.waitUntilLocked(schema)
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for customer in Self.others {
                        group.addTask { try await Self.consume("one", for: customer, on: billing) }
                    }
                    for try await isConsumed in group { #expect(isConsumed) }
                }
                try raw.run("ROLLBACK")
                #expect(try await late)
            }
        }
    }

    @Test func `an account that was made between its lock and its loading is begun with anew`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore { store in
                let item = try Self.firstUse(of: Self.locked)
                var update = SQLTransaction<CommitOutcome?>.updating(Self.locked) {
                    LoadRequest.Item(customer: Self.locked)
                } deciding: { _ in
                    nil
                }
                // Nobody is there to be locked; what is loaded after is not what it will be.
                _ = try update.next([])
                guard case .run(let questions) = try update.next([SQLRows([])]) else {
                    Issue.record("nothing is loaded")
                    return
                }
                #expect(try await store.commit(CommitRequest(items: [item])) == [.committed])
                let rows = try await store.database.read(SQLTransaction(running: questions) { $0 })
                let error = #expect(throws: StoreError.self) { try update.next(rows) }
                #expect(error?.code == .unique)
            }
        }
    }

    @Test func `an update that waits when its store is closed is made before it is`() async throws {
        try await PostgresServer.withSchema { schema in
            let store = try await PostgresStore(
                "\(schema.connection) application_name=\(schema.name)",
                Self.patient(schema)
            )
            let first = try Self.firstUse(of: Self.locked)
            #expect(try await store.commit(CommitRequest(items: [first])) == [.committed])
            let raw = try Self.locker(schema)
            try raw.run("BEGIN; SELECT 1 FROM billing_accounts FOR UPDATE")
            async let late = store.update(Self.locked) {
                LoadRequest.Item(customer: Self.locked)
            } deciding: { _ in
                Self.reschedule(first)
            }
            try await Self.waitUntilLocked(schema)
            async let closing: Void = store.close()
            let watcher = try schema.raw()
            let mine = "FROM pg_stat_activity WHERE application_name = '\(schema.name)'"
            try await waitUntil("only what waits is connected") {
                try watcher.value("SELECT count(*) \(mine)") == "1"
            }
            // It goes on waiting.
            try await waitUntil("it waits for the lock") {
                try watcher.value("SELECT count(*) \(mine) AND wait_event_type = 'Lock'") == "1"
            }
            try raw.run("COMMIT")
            #expect(try await late == .committed)
            await closing
        }
    }

    @Test(arguments: PostgresSettings.Isolation.allCases)
    func `two servers on one account give away exactly what there is`(
        _ isolation: PostgresSettings.Isolation
    ) async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(schema.settings(isolation)) { first in
                try await schema.withStore(schema.settings(isolation)) { second in
                    var servers: [BillingSystem] = []
                    for store in [first, second] {
                        servers.append(try await BillingSystem(catalog: Self.makeCatalog(60), store: store))
                    }
                    let systems = servers
                    let given = try await withThrowingTaskGroup(of: Bool.self) { group in
                        for number in 0..<100 {
                            group.addTask {
                                try await Self.consume("\(number)", for: "org_hot", on: systems[number % 2])
                            }
                        }
                        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                    }
                    #expect(given == 60)
                    let raw = try schema.raw()
                    #expect(try raw.value("SELECT used FROM billing_balances WHERE customer = 'org_hot'") == "60")
                    let drawn = "SELECT count(*), sum(amount) FROM billing_journal WHERE effect = 'drawn'"
                    #expect(try raw.run(drawn) == [["60", "60"]])
                    #expect(try await first.checkIntegrity() == [])
                }
            }
        }
    }
}
#endif
