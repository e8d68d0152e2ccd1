#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

// What becomes of a transaction that goes wrong, or whose store or system ends.
extension HostTransactionTests {
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
