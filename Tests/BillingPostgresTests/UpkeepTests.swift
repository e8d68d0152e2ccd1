#if Postgres
import BillingInMemory
import BillingKit
import BillingPostgres
import BillingSQL
import ProcessTesting
import Testing

/// What is done to the tables as a whole holds nobody up, and is held up by nobody for long.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct UpkeepTests {
    private typealias Shared = LockedAccountTests

    private static func waiting(_ schema: PostgresSchema) -> String {
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(schema.name)' AND wait_event_type = 'Lock'"
    }

    @Test func `a migration gives up soon at a table that somebody reads, and is made once that has ended`()
        async throws
    {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await schema.withStore { _ in }
            let reader = try schema.raw()
            try reader.run("SET idle_in_transaction_session_timeout = '900s'")
            try reader.run("BEGIN; LOCK TABLE billing_accounts IN ACCESS SHARE MODE")
            let migrations =
                SQLSchema.migrations(in: .postgres) + [
                    SQLMigration("a column of tests", ["ALTER TABLE billing_accounts ADD COLUMN invented BIGINT"])
                ]
            async let opened = PostgresStore(
                "\(schema.connection) application_name=\(schema.name)",
                schema.settings(),
                migrations: migrations
            )
            let watcher = try schema.raw()
            try await waitUntil("the change waits for the table") {
                try watcher.value(Self.waiting(schema)) == "1"
            }
            // Whoever comes now waits behind it, and not for as long as the table is read.
            let behind = try schema.raw()
            try behind.run("SET lock_timeout = '30s'")
            let count = try await ChildProcess.onThreadOfItsOwn {
                try behind.value("SELECT count(*) FROM billing_accounts")
            }
            #expect(count == "0")
            try await waitUntil("it is tried again") { try watcher.value(Self.waiting(schema)) == "1" }
            try reader.run("COMMIT")
            await (try await opened).close()
            #expect(try watcher.run("SELECT invented FROM billing_accounts") == [])
        }
    }

    @Test func `archiving leaves out an account that others have locked, and takes it the next time`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore { store in
                let clock = ManualClock(at: Timestamp(seconds: 1_796_115_600))
                let billing = try await BillingSystem(catalog: Shared.makeCatalog(), store: store, clock: clock)
                let customers: [CustomerID] = [Shared.locked, "org_free"]
                for month in 0..<30 {
                    for customer in customers {
                        #expect(try await Shared.consume("\(month)", for: customer, on: billing))
                    }
                    clock.advance(by: .seconds(31 * 86_400))
                }
                let retention = try SQLRetention(journalDays: 400)
                func archived() async throws -> [CustomerID: Int] {
                    var seen: [CustomerID: Int] = [:]
                    try await store.archive(retention, at: clock.now()) { batch in
                        guard case .changes(let changes) = batch else { return }
                        for change in changes { seen[change.customer, default: 0] += 1 }
                    }
                    return seen
                }
                let raw = try Shared.locker(schema)
                let left = "SELECT count(DISTINCT revision) FROM billing_journal WHERE customer = '\(Shared.locked)'"
                let free = left.replacing("\(Shared.locked)", with: "org_free")
                let whole = try raw.value(left)
                try raw.run("BEGIN; SELECT 1 FROM billing_accounts WHERE customer = '\(Shared.locked)' FOR UPDATE")
                #expect(try await archived()["org_free"] ?? 0 > 10)
                #expect(try raw.value(left) == whole)
                let rest = try raw.value(free)
                #expect(rest != whole)
                try raw.run("COMMIT")
                #expect(try await archived()[Shared.locked] ?? 0 > 10)
                #expect(try raw.value(left) == rest)
            }
        }
    }

    @Test func `the tables are examined while every connection is busy`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Shared.patient(schema)) { store in
                let raw = try schema.raw()
                // Whoever waited for a connection would have it in the end.
                try raw.run("SET idle_in_transaction_session_timeout = '20s'")
                let number = Int64.random(in: 1 ... .max)
                try raw.run("BEGIN; SELECT pg_advisory_xact_lock(\(number))")
                let waiting = SQLTransaction<Void>(
                    running: [SQLStep(SQLStatement("SELECT pg_advisory_xact_lock(\(number))"))]
                ) { _ in }
                async let busy: Void = store.database.write(waiting)
                try await Shared.waitUntilLocked(schema)
                #expect(try await store.checkIntegrity() == [])
                // Its connection would be gone by now, and this would throw.
                try raw.run("COMMIT")
                try await busy
            }
        }
    }

    @Test(arguments: [false, true])
    func `no connection of the kit makes machine code for a question`(isPooled: Bool) async throws {
        try await PostgresServer.withSchema { schema in
            var settings = schema.settings()
            settings.isBehindTransactionPooler = isPooled
            let store = try await PostgresStore("\(schema.connection) options=-cjit=on", settings)
            let question = SQLTransaction(
                running: [SQLStep(SQLStatement("SELECT current_setting('jit')"))]
            ) { $0.first?.rows ?? [] }
            let (read, written) = (try await store.database.read(question), try await store.database.write(question))
            await store.close()
            #expect(read == [[.text("off")]] && written == [[.text("off")]])
        }
    }
}
#endif
