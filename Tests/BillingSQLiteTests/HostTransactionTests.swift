#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// The host's own statements and billing commands in one transaction: both are there, or neither.
@Suite struct HostTransactionTests {
    private static let documents = Meter.ID("documents")
    private static let searches = Meter.ID("searches")
    private static let org: CustomerID = "org_acme"

    private let folder: TemporaryFolder
    private let store: SQLiteStore
    private let billing: BillingSystem
    private let clock = ManualClock(at: Timestamp(seconds: 1_796_115_600))

    init() async throws {
        folder = try TemporaryFolder()
        store = try await SQLiteStore(folder.path("billing.sqlite"))
        billing = try await BillingSystem(catalog: Self.catalog(), store: store, clock: clock)
        try await store.transaction(with: billing) { transaction in
            try transaction.run(
                """
                CREATE TABLE jobs (
                  id TEXT NOT NULL PRIMARY KEY, org TEXT NOT NULL, units INTEGER NOT NULL CHECK (units > 0), extra
                )
                """
            )
        }
    }

    private static func catalog(version: Catalog.Version = 1, allowance: Int64 = 10) throws -> Catalog {
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
            meters: [Meter(documents, name: "Documents"), Meter(searches, name: "Searches")],
            tiers: [free, pro],
            fallback: free.id,
            settings: .init(lowBalance: [.units(2)])
        )
    }

    /// Writes a job's row and uses its units, as a host would.
    private static func submit(
        _ id: String,
        units: Int64 = 1,
        in transaction: borrowing SQLiteTransaction
    ) throws -> BillingSystem.Consumption {
        let answer = try transaction.consume(units, of: documents, for: org, key: .job(id))
        if case .consumed = answer {
            try transaction.run(
                "INSERT INTO jobs (id, org, units) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                [.text(id), .text(org.rawValue), .integer(units)]
            )
        }
        return answer
    }

    private func submit(_ id: String, units: Int64 = 1) async throws -> BillingSystem.Consumption {
        try await store.transaction(with: billing) { transaction in
            try Self.submit(id, units: units, in: transaction)
        }
    }

    private func jobs() async throws -> [String] {
        try await store.database.read(
            SQLTransaction(running: [SQLStep(SQLStatement("SELECT id FROM jobs ORDER BY id"))]) { rows in
                (rows.first?.rows ?? []).compactMap { if case .text(let id) = $0.first { id } else { nil } }
            }
        )
    }

    private func journal() async throws -> [Account.Change] {
        try await store.journal(JournalQuery(customer: Self.org))
    }

    private func used() async throws -> Int64? {
        try await billing.overview(of: Self.org)[Self.documents]?.used
    }

    /// Expects that what is stored is what the journal folds to, and that the tables hold together.
    private func audit() async throws {
        let stored = try #require(try await store.load(LoadRequest(items: [.init(customer: Self.org)])).first?.account)
        #expect(stored == Account(folding: try await journal(), of: Self.org))
        #expect(try await store.checkIntegrity() == [])
        #expect(try await billing.examine(Self.org) == [])
    }

    private func isConsumed(_ answer: BillingSystem.Consumption) -> Bool {
        if case .consumed = answer { true } else { false }
    }

    /// Returns the error of a transaction's body.
    private func failure(
        _ body: @escaping @Sendable (borrowing SQLiteTransaction) throws -> Void
    ) async -> StoreError? {
        do {
            try await store.transaction(with: billing, body)
            return nil
        } catch {
            return error as? StoreError
        }
    }

    private struct Regret: Error {}

    // MARK: Together

    @Test func `the host's row and the use of its units are both there`() async throws {
        let answer = try await submit("1", units: 4)
        #expect(isConsumed(answer))
        #expect(try await jobs() == ["1"])
        #expect(try await used() == 4)
        #expect(try await journal().map(\.key) == ["job:1"])
        try await audit()
    }

    @Test func `an error that the body throws leaves neither`() async throws {
        await #expect(throws: Regret.self) {
            try await store.transaction(with: billing) { transaction in
                _ = try Self.submit("1", in: transaction)
                _ = try transaction.grant(5, of: .meter(Self.documents), to: Self.org, from: .promotion, key: .job("2"))
                throw Regret()
            }
        }
        #expect(try await jobs() == [])
        #expect(try await journal().isEmpty)
        #expect(isConsumed(try await billing.consume(10, of: Self.documents, for: Self.org, key: .job("1"))))
    }

    @Test func `commands and statements see what came before them in the transaction`() async throws {
        let answers = try await store.transaction(with: billing) { transaction in
            let first = try Self.submit("1", units: 7, in: transaction)
            let denied = try Self.submit("2", units: 4, in: transaction)
            let gift = try transaction.grant(
                1,
                of: .meter(Self.documents),
                to: Self.org,
                from: .promotion,
                key: .request("gift")
            )
            let second = try Self.submit("2", units: 4, in: transaction)
            let rows = try transaction.run("SELECT count(*), sum(units) FROM jobs WHERE org = ?1", [.text("org_acme")])
            #expect(rows == [[.integer(2), .integer(11)]])
            #expect(try transaction.run("SELECT revision FROM billing_accounts") == [[.integer(3)]])
            guard case .granted = gift else { throw Regret() }
            return [first, denied, second]
        }
        #expect(answers.map(isConsumed) == [true, false, true])
        #expect(try await journal().count == 3)
        try await audit()
    }

    @Test func `a denial is an answer and undoes nothing`() async throws {
        let answer = try await store.transaction(with: billing) { transaction in
            try transaction.run("INSERT INTO jobs VALUES ('asked', 'org_acme', 1, NULL)")
            return try transaction.consume(11, of: Self.documents, for: Self.org, key: .job("1"))
        }
        guard case .denied(let denial) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(denial.remaining == 10)
        #expect(try await jobs() == ["asked"])
        #expect(try await journal().isEmpty, "nor is it remembered")
    }

    @Test func `a command that fails leaves the rest to the body`() async throws {
        try await store.transaction(with: billing) { transaction in
            try transaction.run("INSERT INTO jobs VALUES ('kept', 'org_acme', 1, NULL)")
            #expect(throws: Account.DecisionError.self) {
                try transaction.consume(of: Meter.ID("nothing"), for: Self.org, key: .job("1"))
            }
            #expect(throws: BillingError.self) {
                try transaction.perform(Account.Command(.examine(folded: nil)), for: Self.org)
            }
            #expect(throws: StoreError.self) { try transaction.run("INSERT INTO jobs VALUES ('kept', 'x', 1, NULL)") }
            _ = try Self.submit("2", in: transaction)
        }
        #expect(try await jobs() == ["2", "kept"])
        try await audit()
    }

    @Test func `a command whose rows cannot all be written leaves none of them`() async throws {
        try RawConnection(path: folder.path("billing.sqlite")).execute(
            """
            CREATE TRIGGER broken BEFORE INSERT ON billing_references BEGIN SELECT RAISE(ABORT, 'broken by hand'); END
            """
        )
        try await store.transaction(with: billing) { transaction in
            _ = try Self.submit("1", in: transaction)
            #expect(throws: StoreError.self) {
                try transaction.grant(
                    5,
                    of: .meter(Self.documents),
                    to: Self.org,
                    from: .order,
                    for: ("shop", "order_1"),
                    key: .request("gift")
                )
            }
            _ = try Self.submit("2", in: transaction)
        }
        #expect(try await journal().map(\.key) == ["job:1", "job:2"])
        #expect(try await jobs() == ["1", "2"])
        try await audit()
    }

    // MARK: Keys

    @Test func `a key is used once, inside and outside`() async throws {
        let inside = try await submit("1", units: 3)
        #expect(try await billing.consume(3, of: Self.documents, for: Self.org, key: .job("1")) == inside)
        #expect(try await submit("1", units: 3) == inside)
        let outside = try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("2"))
        #expect(try await submit("2", units: 2) == outside)
        await #expect(throws: Account.DecisionError.self) { try await submit("2", units: 3) }
        #expect(try await used() == 5)
        #expect(try await jobs() == ["1", "2"])
        try await audit()
    }

    @Test func `a billing system that remembers the account finds it changed, and decides anew`() async throws {
        #expect(isConsumed(try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("before"))))
        for round in 0..<3 {
            #expect(isConsumed(try await submit("in \(round)", units: 2)))
            // With what it remembers, the key of the transaction would be free and two units more be left.
            let repeated = try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("in \(round)"))
            #expect(isConsumed(repeated))
            #expect(try await used() == Int64(4 + round * 2))
        }
        #expect(!isConsumed(try await billing.consume(3, of: Self.documents, for: Self.org, key: .job("after"))))
        #expect(isConsumed(try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("after"))))
        try await audit()
    }

    @Test func `an answer from memory is never older than a transaction that was answered`() async throws {
        _ = try await billing.consume(of: Self.documents, for: Self.org, key: .job("0"))
        let before = try await billing.check(of: Self.documents, for: Self.org, noOlderThan: .seconds(30))
        #expect(before.check == .allowed(leaving: .units(8)))
        _ = try await submit("1", units: 9)
        let after = try await billing.check(of: Self.documents, for: Self.org, noOlderThan: .seconds(30))
        guard case .denied = after.check else {
            Issue.record("\(after)")
            return
        }
    }

    @Test func `64 callers, in transactions and plainly, get exactly the allowance`() async throws {
        let catalog = try Self.catalog(version: 2, allowance: 100)
        let billing = try await BillingSystem(catalog: catalog, store: store, clock: clock)
        let store = store
        let counts = try await withThrowingTaskGroup(of: (inside: Bool, said: Bool).self) { group in
            for caller in 0..<64 {
                group.addTask {
                    let (key, isInside) = ("\(caller)", caller % 2 == 0)
                    var answers: [BillingSystem.Consumption] = []
                    for number in 0..<4 {
                        if isInside {
                            answers.append(
                                try await store.transaction(with: billing) { transaction in
                                    try Self.submit("\(key).\(number)", in: transaction)
                                }
                            )
                        } else {
                            let key = BillingSystem.Key.job("\(key).\(number)")
                            answers.append(try await billing.consume(of: Self.documents, for: Self.org, key: key))
                        }
                    }
                    let said = answers.filter { if case .consumed = $0 { true } else { false } }.count
                    return (isInside, said > 0)
                }
            }
            return try await group.reduce(into: (callers: 0, inside: 0)) { sum, one in
                sum.callers += 1
                sum.inside += one.inside && one.said ? 1 : 0
            }
        }
        #expect(counts.callers == 64)
        #expect(counts.inside > 0, "some of it went through transactions")
        let changes = try await journal().filter { $0.kind == .consume }
        #expect(changes.count == 100)
        let even = changes.compactMap(\.key).filter { key in
            (Int(key.rawValue.dropFirst(4).prefix { $0 != "." }) ?? 1) % 2 == 0
        }
        #expect(try await jobs() == even.map { String($0.rawValue.dropFirst(4)) }.sorted(), "a row for each")
        try await audit()
    }

    @Test func `what a decision needs of the past is read on the same connection`() async throws {
        let subscription = SubscriptionSnapshot(
            provider: "polar",
            id: "sub_1",
            version: ObjectVersion(object: clock.now(), event: clock.now()),
            tier: Tier.ID("pro"),
            status: .active,
            cycle: .month,
            period: Recurrence.month.span(containing: clock.now(), from: clock.now()),
            cancelsAtPeriodEnd: false
        )
        _ = try await submit("before", units: 6)
        let taken = try await store.transaction(with: billing) { transaction in
            try transaction.perform(
                Account.Command(.take(ProviderSnapshot(provider: "polar", subscriptions: [subscription])), key: "d:1"),
                for: Self.org
            )
        }
        #expect(taken == .taken)
        // Under the next catalog the customer stands on the first one's terms, which that system has never seen.
        let next = try await BillingSystem(
            catalog: Self.catalog(version: 2, allowance: 1),
            store: store,
            clock: clock
        )
        let answer = try await store.transaction(with: next) { transaction in
            try transaction.consume(90, of: Self.documents, for: Self.org, key: .job("after"))
        }
        #expect(isConsumed(answer))
        try await audit()
    }

    @Test func `notices of the transaction are told after it, without waiting for the next look`() async throws {
        let (heard, ear) = AsyncStream.makeStream(of: Account.Notice.self)
        struct Listener: BillingObserver {
            let ear: AsyncStream<Account.Notice>.Continuation

            func hear(_ notice: Account.Notice) async throws { ear.yield(notice) }
        }
        // On this clock no interval ever ends.
        let billing = try await BillingSystem(
            catalog: Self.catalog(),
            store: store,
            observers: [Listener(ear: ear)],
            clock: clock
        )
        let service = Task { await billing.run() }
        var notices = heard.makeAsyncIterator()
        _ = try await billing.consume(9, of: Self.documents, for: Self.org, key: .job("1"))
        #expect(await notices.next()?.revision == 1)
        let store = store
        _ = try await store.transaction(with: billing) { try Self.submit("2", units: 1, in: $0) }
        #expect(await notices.next()?.kind == .exhausted(.meter(Self.documents)))
        service.cancel()
        await service.value
    }

    // MARK: What the host's statements may not do

    @Test(arguments: [
        ("COMMIT", "begins and ends the transaction"),
        ("ROLLBACK", "begins and ends the transaction"),
        ("BEGIN", "begins and ends the transaction"),
        ("SAVEPOINT mine", "begins and ends the transaction"),
        ("RELEASE command", "begins and ends the transaction"),
        ("ATTACH ':memory:' AS other", "attached"),
        ("DETACH main", "attached"),
        ("PRAGMA synchronous = OFF", "synchronous"),
        ("PRAGMA journal_mode = DELETE", "journal_mode"),
        ("PRAGMA writable_schema = ON", "writable_schema"),
        ("INSERT INTO billing_catalogs VALUES (9, '')", "'billing_catalogs' is the kit's"),
        ("UPDATE billing_balances SET used = 0", "'billing_balances' is the kit's"),
        ("DELETE FROM billing_journal", "'billing_journal' is the kit's"),
        ("UPDATE BILLING_Balances SET used = 0", "'billing_balances' is the kit's"),
        ("REPLACE INTO main.billing_levels VALUES ('org_acme', 'seats', 1)", "'billing_levels' is the kit's"),
        ("WITH w AS (SELECT 1) DELETE FROM billing_accounts", "'billing_accounts' is the kit's"),
        ("DROP TABLE billing_notices", "'billing_notices' is the kit's"),
        ("ALTER TABLE billing_accounts ADD COLUMN mine", "'billing_accounts' is the kit's"),
        ("ALTER TABLE billing_accounts RENAME TO mine", "'billing_accounts' is the kit's"),
        ("CREATE INDEX mine ON billing_accounts (tier)", "'billing_accounts' is the kit's"),
        ("DROP INDEX billing_accounts_due", "'billing_accounts' is the kit's"),
        ("CREATE TABLE billing_mine (id)", "'billing_mine' is the kit's"),
        ("ALTER TABLE jobs RENAME TO billing_mine", "'billing_mine' is the kit's"),
        ("ALTER TABLE jobs RENAME TO [Billing_Mine]", "'Billing_Mine' is the kit's"),
        ("CREATE TEMP TABLE billing_accounts (id)", "'billing_accounts' is the kit's"),
        ("CREATE TEMP VIEW billing_accounts AS SELECT 1", "'billing_accounts' is the kit's"),
        (
            "CREATE TRIGGER mine AFTER INSERT ON billing_journal BEGIN SELECT 1; END",
            "'billing_journal' is the kit's"
        ),
        (
            "CREATE TEMP TRIGGER mine AFTER INSERT ON billing_journal BEGIN SELECT 1; END",
            "'billing_journal' is the kit's"
        ),
        ("ANALYZE", "does not know"),
        ("SELECT 1; COMMIT", "more than one statement"),
        ("SELECT 1; nonsense", "more than one statement"),
        ("", "no statement"),
        ("-- nothing", "no statement"),
        ("SELECT 1\0", "NUL"),
        ("SELECT ?1", "1 parameters and was given 0"),
        ("SELECT 0.5", "REAL"),
        ("SELECT nowhere", "no such column"),
        ("nonsense", "syntax error"),
        (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 10000) SELECT i FROM n",
            "more than 10000 rows"
        ),
    ])
    func `a statement that may not run is refused with the reason, and the rest goes on`(
        sql: String,
        words: String
    ) async throws {
        let refused = try await store.transaction(with: billing) { transaction in
            _ = try Self.submit("before", in: transaction)
            var refused: StoreError?
            do throws(StoreError) { try transaction.run(sql) } catch { refused = error }
            _ = try Self.submit("after", in: transaction)
            return refused
        }
        let error = try #require(refused, "it was run")
        #expect(error.code == .statement)
        #expect(error.message.contains(words), "\(error)")
        #expect(try await jobs() == ["after", "before"])
        try await audit()
    }

    @Test func `triggers of the host's cannot write the kit's tables either`() async throws {
        let error = try #require(
            await failure { transaction in
                try transaction.run(
                    "CREATE TRIGGER mine AFTER INSERT ON jobs BEGIN UPDATE billing_balances SET used = 0; END"
                )
                _ = try Self.submit("1", in: transaction)
            }
        )
        #expect(error.code == .statement)
        #expect(error.message.contains("'billing_balances' is the kit's"), "\(error)")
        #expect(try await jobs() == [])
    }

    @Test func `the host's tables can be made, altered, indexed and asked about`() async throws {
        let rows = try await store.transaction(with: billing) { transaction in
            for sql in [
                "CREATE INDEX jobs_org ON jobs (org)", "ALTER TABLE jobs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE jobs ADD COLUMN checked INTEGER DEFAULT 1 CHECK (checked = 1)",
                "ALTER TABLE jobs RENAME COLUMN extra TO more", "CREATE VIEW orgs AS SELECT DISTINCT org FROM jobs",
                "CREATE TEMP TABLE scratch (id)", "DROP TABLE scratch", "REINDEX jobs_org",
                "CREATE TABLE other (id INTEGER PRIMARY KEY)", "DROP TABLE other;  -- with a remark",
            ] {
                try transaction.run(sql)
            }
            try transaction.run(
                "INSERT INTO jobs (id, org, units, more) VALUES (?1, ?2, ?3, ?4)",
                [.text("é\u{1F4BA}'; DROP TABLE jobs"), .text(""), .integer(.max), .blob([0, 255])]
            )
            try transaction.run("INSERT INTO jobs (id, org, units, more) VALUES ('b', 'x', 1, x'')")
            #expect(try transaction.run("SELECT name FROM pragma_table_info('jobs') LIMIT 1") == [[.text("id")]])
            return try transaction.run("SELECT id, org, units, more, NULL FROM jobs ORDER BY id DESC")
        }
        let odd: [SQLValue] = [
            .text("é\u{1F4BA}'; DROP TABLE jobs"), .text(""), .integer(.max), .blob([0, 255]), .null,
        ]
        #expect(rows == [odd, [.text("b"), .text("x"), .integer(1), .blob([]), .null]])
    }

    @Test func `the kit's own statements are as good as ever after the host's`() async throws {
        _ = try await submit("1")
        let law = try await billing.consume(of: Self.documents, for: "org_other", key: .job("1"))
        #expect(isConsumed(law))
        #expect(try await store.keep(Self.catalog(version: 7)).version == 7)
        try await store.backup(to: folder.path("copy.sqlite"))
        let copy = try await SQLiteStore(folder.path("copy.sqlite"))
        #expect(try await copy.journal(JournalQuery(customer: Self.org)).count == 1)
        await copy.close()
    }

    // MARK: Faults

    @Test(arguments: [
        ("INSERT INTO jobs VALUES ('1', 'x', 0, NULL)", StoreError.Code.constraint, "CHECK"),
        ("INSERT INTO jobs VALUES ('1', NULL, 1, NULL)", .constraint, "NOT NULL"),
        ("INSERT INTO jobs VALUES ('taken', 'x', 1, NULL)", .unique, "UNIQUE"),
    ])
    func `a broken constraint of the host's is named, and its statement alone undone`(
        sql: String,
        code: StoreError.Code,
        words: String
    ) async throws {
        try await store.transaction(with: billing) { transaction in
            try transaction.run("INSERT INTO jobs VALUES ('taken', 'x', 1, NULL)")
            do throws(StoreError) {
                try transaction.run(sql)
                Issue.record("it was written")
            } catch {
                #expect(error.code == code)
                #expect(error.message.contains(words), "\(error)")
            }
        }
        #expect(try await jobs() == ["taken"])
    }

    @Test(arguments: [
        // A value that is refused once its row is written.
        ("INSERT INTO jobs VALUES ('1', 'x', 1, NULL) RETURNING 0.5", StoreError.Code.statement),
        (
            """
            INSERT INTO jobs (id, org, units) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
            WHERE i <= 10000) SELECT i, 'x', 1 FROM n RETURNING id
            """, .statement
        ),
        // Both keep what they have written before they fail.
        ("INSERT OR FAIL INTO jobs VALUES ('1', 'x', 1, NULL), ('taken', 'x', 1, NULL)", .unique),
        ("INSERT INTO jobs VALUES ('1', 'x', 1, NULL), ('failing', 'x', 1, NULL)", .constraint),
    ])
    func `what a statement that fails has done is undone, and the rest goes on`(
        sql: String,
        code: StoreError.Code
    ) async throws {
        try await store.transaction(with: billing) { transaction in
            try transaction.run("INSERT INTO jobs VALUES ('taken', 'x', 1, NULL)")
            try transaction.run(
                """
                CREATE TRIGGER watch AFTER INSERT ON jobs WHEN NEW.id = 'failing' \
                BEGIN SELECT RAISE(FAIL, 'the host says no'); END
                """
            )
            do throws(StoreError) {
                try transaction.run(sql)
                Issue.record("it was written")
            } catch {
                #expect(error.code == code, "\(error)")
            }
            #expect(try transaction.run("SELECT id FROM jobs") == [[.text("taken")]])
            _ = try Self.submit("after", in: transaction)
        }
        #expect(try await jobs() == ["after", "taken"])
        try await audit()
    }

    @Test func `a statement that ends the transaction is told of by every later call, and nothing is written`()
        async throws
    {
        for isSwallowed in [true, false] {
            let error = try #require(
                await failure { transaction in
                    _ = try Self.submit("1", in: transaction)
                    do throws(StoreError) {
                        try transaction.run("INSERT OR ROLLBACK INTO jobs VALUES ('1', 'x', 1, NULL)")
                    } catch {
                        #expect(error.message.contains("whole transaction has ended"), "\(error)")
                        guard isSwallowed else { throw error }
                    }
                    #expect(throws: StoreError.self) { try transaction.run("SELECT 1") }
                    #expect(throws: StoreError.self) {
                        try transaction.consume(of: Self.documents, for: Self.org, key: .job("2"))
                    }
                }
            )
            #expect(error.code == .unique)
            #expect(try await jobs() == [])
            #expect(try await journal().isEmpty)
        }
        #expect(isConsumed(try await submit("1")))
    }

    @Test func `a commit that fails leaves neither`() async throws {
        try await store.transaction(with: billing) { transaction in
            try transaction.run(
                """
                CREATE TABLE parts (job TEXT REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED)
                """
            )
        }
        let error = try #require(
            await failure { transaction in
                _ = try Self.submit("1", in: transaction)
                try transaction.run("INSERT INTO parts VALUES ('missing')")
            }
        )
        #expect(error.code == .constraint)
        #expect(error.message.contains("foreign key"), "\(error)")
        #expect(try await jobs() == [])
        #expect(try await journal().isEmpty)
        #expect(isConsumed(try await submit("1")), "the next one is as good as ever")
    }

    @Test func `a task that was cancelled before its turn does nothing`() async throws {
        let (store, billing) = (store, billing)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.transaction(with: billing) { try Self.submit("1", in: $0) }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await jobs() == [])
        #expect(try await journal().isEmpty)
    }

    @Test func `a task that is cancelled in the midst of it has it done whole`() async throws {
        let (store, billing) = (store, billing)
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let latch = Latch()
        let task = Task {
            try await store.transaction(with: billing) { transaction in
                beginning.finish()
                latch.waitUntilOpen()
                return try Self.submit("1", in: transaction)
            }
        }
        for await _ in began {}
        task.cancel()
        latch.open()
        #expect(isConsumed(try await task.value))
        #expect(try await jobs() == ["1"])
        try await audit()
    }

    @Test func `a store that is closed meanwhile ends what was asked for before, and refuses what comes later`()
        async throws
    {
        let (store, billing) = (store, billing)
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let latch = Latch()
        let task = Task {
            try await store.transaction(with: billing) { transaction in
                beginning.finish()
                latch.waitUntilOpen()
                return try Self.submit("1", in: transaction)
            }
        }
        for await _ in began {}
        async let closing: Void = store.close()
        latch.open()
        #expect(isConsumed(try await task.value))
        await closing
        #expect(await failure { _ = try $0.run("SELECT 1") }?.code == .closed)
        let again = try await SQLiteStore(folder.path("billing.sqlite"))
        #expect(try await again.journal(JournalQuery(customer: Self.org)).map(\.key) == ["job:1"])
        await again.close()
    }

    @Test func `a system that was shut down takes no command in a transaction either`() async throws {
        let running = Task { await billing.run() }
        running.cancel()
        await running.value
        do {
            _ = try await submit("1")
            Issue.record("it was done")
        } catch let error as BillingError {
            #expect(error.code == .shutDown)
        }
        #expect(try await jobs() == [])
        #expect(try await journal().isEmpty)
    }

    @Test func `a system that is being shut down takes the ends of work in a transaction, and no beginnings`()
        async throws
    {
        guard
            case .reserved(let captured) = try await billing.reserve(of: Self.documents, for: Self.org, key: .job("1")),
            case .reserved(let released) = try await billing.reserve(of: Self.documents, for: Self.org, key: .job("2"))
        else {
            Issue.record("there are ten")
            return
        }
        let (mayEnd, end) = AsyncStream.makeStream(of: Void.self)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let working = Task {
            try await billing.metered(Self.documents, for: Self.org, key: .job("3")) {
                begin.finish()
                for await _ in mayEnd {}
            }
        }
        for await _ in begun {}
        let running = Task { await billing.run() }
        running.cancel()
        var isRefused = false
        while !isRefused {
            do {
                _ = try await billing.consume(0, of: Self.documents, for: Self.org, key: .once)
            } catch let error as BillingError {
                isRefused = error.code == .shutDown
            } catch is Account.DecisionError {
                await Task.yield()
            }
        }
        await #expect(throws: BillingError.self) { try await submit("4") }
        try await store.transaction(with: billing) { transaction in
            let capture = Account.Command.Capture(of: captured.receipt, hold: captured.hold, amount: nil)
            let key = Account.Key("job:1")
            guard
                case .applied = try transaction.perform(Account.Command(.capture(capture), key: key), for: Self.org),
                case .applied = try transaction.perform(Account.Command(.release(released.hold)), for: Self.org)
            else {
                Issue.record("work that has begun can end")
                return
            }
        }
        end.finish()
        _ = try await working.value
        await running.value
        #expect(try await used() == 2)
    }

    @Test func `a billing system on another store is refused`() async throws {
        let other = try await BillingSystem(catalog: Self.catalog(), store: InMemoryStore())
        let store = store
        await #expect(throws: BillingError.self) {
            try await store.transaction(with: other) { try Self.submit("1", in: $0) }
        }
        #expect(try await jobs() == [])
    }
}
#endif
