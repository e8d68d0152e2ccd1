#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// What goes wrong is told as what it is, without a secret, and what comes after it goes well again.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct FaultTests {
    private func failure(_ body: () async throws -> Void) async -> StoreError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StoreError
        }
    }

    private func write(_ sql: String, on store: PostgresStore) async throws {
        try await store.database.write(SQLTransaction(running: [SQLStep(SQLStatement(sql))]) { _ in })
    }

    private func catalog(_ version: Catalog.Version) throws -> Catalog {
        let meters = [Meter(Meter.ID("documents"), name: "Documents")]
        return try Catalog(
            version: version,
            meters: meters,
            tiers: [Tier(Tier.ID("free"), rank: 0, name: "Free")],
            fallback: Tier.ID("free")
        )
    }

    @Test(arguments: [
        ("INSERT INTO billing_catalogs VALUES (1, ''), (1, '')", StoreError.Code.unique),
        ("DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''40001''; END'", .serialization),
        ("DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''40P01''; END'", .deadlock),
        ("DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''55P03''; END'", .lockTimeout),
        ("DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''53100''; END'", .full),
        ("DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''53300''; END'", .busy),
        ("DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''25006''; END'", .connectionLost),
        ("SELECT pg_sleep(60)", .busy), ("INSERT INTO billing_catalogs VALUES (0, '')", .corrupt),
        // What the kit cannot read has been written all the same, perhaps.
        ("SELECT 1 FROM no_such_table", .corrupt), ("SELECT 1.5", .outcomeUnknown),
        ("SELECT pg_terminate_backend(pg_backend_pid())", .connectionLost),
    ])
    func `errors are sorted into the kit's classes, and the next transaction is written`(
        sql: String,
        code: StoreError.Code
    ) async throws {
        try await PostgresServer.withSchema { schema in
            var settings = schema.settings()
            settings.connectionCount = 1
            settings.statementTimeout = .milliseconds(200)
            try await schema.withStore(settings) { store in
                let error = await failure { try await write(sql, on: store) }
                #expect(error?.code == code, "\(error?.message ?? "nothing was thrown")")
                _ = try await store.keep(try catalog(3))
                #expect(try await store.catalogVersions() == [3])
            }
        }
    }

    @Test(arguments: [
        ("CREATE TRIGGER ending BEFORE INSERT", "", StoreError.Code.connectionLost),
        ("CREATE CONSTRAINT TRIGGER ending AFTER INSERT", "DEFERRABLE INITIALLY DEFERRED", .outcomeUnknown),
    ])
    func `a connection that ends before the commit is lost, and one that ends in it leaves the outcome open`(
        event: String,
        deferral: String,
        code: StoreError.Code
    ) async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await schema.withStore { store in
                let raw = try schema.raw()
                try raw.run(
                    """
                    CREATE FUNCTION ending() RETURNS trigger LANGUAGE plpgsql AS \
                    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'; \
                    \(event) ON billing_catalogs \(deferral) FOR EACH ROW EXECUTE FUNCTION ending()
                    """
                )
                let insertion = "INSERT INTO billing_catalogs VALUES (1, '')"
                let error = await failure { try await write(insertion, on: store) }
                #expect(error?.code == code, "\(error?.message ?? "nothing was thrown")")
                try raw.run("DROP TRIGGER ending ON billing_catalogs")
                _ = try await store.keep(try catalog(3))
                #expect(try await store.catalogVersions() == [3])
            }
        }
    }

    @Test func `a connection that the server has closed meanwhile is made anew, with its statements`() async throws {
        try await PostgresServer.withSchema { schema in
            let name = "ends_\(schema.name)"
            let store = try await PostgresStore("\(schema.connection) application_name=\(name)", schema.settings())
            let raw = try schema.raw()
            #expect(store.session == 0)
            for version in 1...5 as ClosedRange<Int64> {
                _ = try await store.keep(try catalog(Catalog.Version(version)))
                try raw.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '\(name)'")
            }
            #expect(try await store.catalogVersions().map(\.number) == [5, 4, 3, 2, 1])
            #expect(store.session > 0, "what was remembered on each of them is forgotten")
            await store.close()
        }
    }

    @Test func `while the database cannot be reached every call says so, and afterwards they succeed again`()
        async throws
    {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            let raw = try schema.raw()
            let role = "role_of_\(schema.name)"
            try raw.run("CREATE ROLE \(role) LOGIN SUPERUSER")
            // The last word in a connection string counts.
            let store = try await PostgresStore("\(schema.connection) user=\(role)", schema.settings())
            _ = try await store.keep(try catalog(1))
            try raw.run(
                "ALTER ROLE \(role) NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '\(role)'"
            )
            let second = try catalog(2)
            let errors = await withTaskGroup(of: StoreError?.self) { group in
                for _ in 0..<20 {
                    group.addTask { await failure { _ = try await store.keep(second) } }
                    group.addTask { await failure { _ = try await store.catalogVersions() } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(errors.map { $0?.code } == Array(repeating: .connectionLost, count: 40))
            try raw.run("ALTER ROLE \(role) LOGIN")
            _ = try await store.keep(second)
            #expect(try await store.catalogVersions() == [2, 1])
            await store.close()
            try raw.run(
                "DROP SCHEMA \(schema.name) CASCADE; CREATE SCHEMA \(schema.name); DROP OWNED BY \(role); DROP ROLE \(role)"
            )
        }
    }

    @Test(arguments: [
        "postgresql://billing:geheim@%zz/there", "postgresql://billing:geheim@localhost:port/there",
        "host=/nowhere user=billing password=geheim", "host=/nowhere password='geheim",
        "postgresql://billing:geheim@/geheim?host=/nowhere",
    ])
    func `no password is told when a database cannot be opened`(connection: String) async throws {
        let error = await failure { _ = try await PostgresStore(connection) }
        #expect(error?.code == .cannotOpen)
        #expect(error?.message.contains("geheim") == false, "\(error?.message ?? "")")
    }

    @Test func `a schema that is not there, or a database in another encoding, is refused`() async throws {
        let connection = try #require(PostgresServer.connection)
        var settings = PostgresSettings()
        settings.schema = "there is \"none\""
        let missing = await failure { _ = try await PostgresStore(connection, settings) }
        #expect(missing?.code == .cannotOpen, "\(missing?.message ?? "it was opened")")
        let raw = try RawPostgres(connection)
        try raw.run("DROP DATABASE IF EXISTS latin")
        try raw.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        let latin = await failure { _ = try await PostgresStore("\(connection) dbname=latin") }
        #expect(latin?.code == .cannotOpen)
        #expect(latin?.message.contains("UTF8") == true)
        try raw.run("DROP DATABASE latin")
    }

    @Test func `what was asked before the end is done, and nothing after it`() async throws {
        try await PostgresServer.withSchema { schema in
            let store = try await PostgresStore(schema.connection, schema.settings())
            let kept = try (1...20).map { try catalog(Catalog.Version($0)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for catalog in kept { group.addTask { _ = try await store.keep(catalog) } }
                try await group.waitForAll()
            }
            await store.close()
            let errors = [
                await failure { _ = try await store.catalogVersions() },
                await failure { _ = try await store.keep(kept[0]) },
                await failure { _ = try await store.commit(CommitRequest(items: [])) },
            ]
            #expect(errors.map { $0?.code } == [.closed, .closed, nil])
            #expect(try schema.raw().value("SELECT count(*) FROM billing_catalogs") == "20")
        }
    }

    @Test func `what the database would forget on a loss of power is committed for good all the same`() async throws {
        try await PostgresServer.withSchema { schema in
            let connection = "\(schema.connection) options=-csynchronous_commit=off"
            let store = try await PostgresStore(connection, schema.settings())
            let setting = try await store.database.read(
                SQLTransaction(running: [SQLStep(SQLStatement("SELECT current_setting('synchronous_commit')"))]) {
                    $0.first?.rows ?? []
                }
            )
            await store.close()
            #expect(setting == [[.text("on")]])
        }
    }
}
#endif
