#if Postgres
import BillingInMemory
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// What goes wrong on the way to the server is found out and gone around, and nothing is lost or doubled by it.
@Suite(
    .enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try.")
)
struct FaultyNetworkTests {
    private static let documents = Meter.ID("documents")
    private static let org: CustomerID = "org_acme"
    private static let start = Timestamp(seconds: 1_796_115_600)

    /// An error as the server sends it before it goes down.
    private static let panic = error("PANIC", "58030", "could not fsync file")
    /// An error as a pooler sends it when it has lost its connection to the server.
    private static let lostByPooler = error("FATAL", "08P01", "server conn crashed?")

    private static func error(_ severity: String, _ state: String, _ words: String) -> [UInt8] {
        let fields = ["S\(severity)", "V\(severity)", "C\(state)", "M\(words)", ""].map { Array($0.utf8) + [0] }
            .joined()
        let length = UInt32(fields.count + 4)
        return [UInt8(ascii: "E")] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + fields
    }

    private static func catalog() throws -> Catalog {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(10, per: .month)])
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    /// Limits that end soon.
    private static func impatient(_ settings: PostgresSettings) -> PostgresSettings {
        var settings = settings
        settings.connectionCount = 1
        settings.connectTimeout = .seconds(2)
        settings.statementTimeout = .seconds(3)
        settings.networkTimeout = .seconds(1)
        return settings
    }

    /// Runs a test with a store whose way to the server may go wrong.
    private static func withProxy(
        _ change: (PostgresSettings) -> PostgresSettings = { $0 },
        _ body: (PostgresSchema, FaultyProxy, PostgresStore) async throws -> Void
    ) async throws {
        try await PostgresServer.withSchema { schema in
            let proxy = try FaultyProxy(to: schema.connection)
            let store = try await PostgresStore(proxy.connection, change(schema.settings()))
            do {
                try await body(schema, proxy, store)
            } catch {
                await proxy.close()
                await store.close()
                throw error
            }
            await store.close()
            await proxy.close()
        }
    }

    private static func system(on store: PostgresStore) async throws -> BillingSystem {
        try await BillingSystem(catalog: catalog(), store: store, clock: ManualClock(at: start))
    }

    /// Uses a unit, and returns the revision that it was written as.
    private static func use(_ key: String, on billing: BillingSystem) async throws -> Int64? {
        let answer = try await billing.consume(of: documents, for: org, key: .request(key))
        if case .consumed(let receipt) = answer { return receipt.revision }
        return nil
    }

    /// Expects keys to have been used once each, and a unit for each.
    private func expectUsed(_ keys: [String], in schema: PostgresSchema) throws {
        let raw = try schema.raw()
        let found = try raw.run("SELECT key FROM billing_journal WHERE key IS NOT NULL ORDER BY revision")
        #expect(found == keys.map { ["request:\($0)"] })
        let drawn = try raw.run("SELECT revision FROM billing_journal WHERE effect = 'drawn' ORDER BY revision")
        #expect(drawn == keys.indices.map { ["\($0 + 1)"] })
        #expect(try raw.value("SELECT used FROM billing_balances") == "\(keys.count)")
    }

    private func code(_ body: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await body()
            return nil
        } catch {
            let error = error as? StoreError
            let message = error?.message ?? "another error"
            #expect(message.contains("PostgreSQL"), "\(message)")
            #expect(error?.code != .outcomeUnknown || !message.contains("nothing was written"), "\(message)")
            return error?.code
        }
    }

    @Test func `a pooler that loses its server in a commit does not say that nothing was written`() async throws {
        try await Self.withProxy { schema, proxy, store in
            let billing = try await Self.system(on: store)
            #expect(try await Self.use("first", on: billing) == 1)
            await proxy.spoilNextWrite(.answerAtFirst(Self.lostByPooler))
            let code = await code {
                try await store.database.write(
                    SQLTransaction(running: [SQLStep(SQLStatement("INSERT INTO billing_catalogs VALUES (7, '')"))]) {
                        _ in
                    }
                )
            }
            #expect(code == .outcomeUnknown)
            #expect(try await store.catalogVersions() == [7, 1], "it was written")
            await proxy.spoilNextWrite(.answerAtFirst(Self.lostByPooler))
            #expect(try await Self.use("second", on: billing) == 2)
            #expect(try await Self.use("third", on: billing) == 3)
            try expectUsed(["first", "second", "third"], in: schema)
        }
    }

    @Test(arguments: [true, false])
    func `a connection that is cut during a commit is gone around, and the command done once`(
        isWritten: Bool
    ) async throws {
        try await Self.withProxy { schema, proxy, store in
            let billing = try await Self.system(on: store)
            #expect(try await Self.use("first", on: billing) == 1)
            await proxy.spoilNextWrite(isWritten ? .cutAfter : .cutBefore)
            #expect(try await Self.use("second", on: billing) == 2)
            #expect(try await Self.use("third", on: billing) == 3)
            #expect(try await Self.use("second", on: billing) == 2)
            try expectUsed(["first", "second", "third"], in: schema)
        }
    }

    @Test(arguments: [
        (ProxyPair.Fault.cutBefore, false), (.cutAfter, true), (.answer(panic), true),
        (.answer(Array(repeating: 0x21, count: 40)), true),
    ])
    func `what became of a commit is told as open where only the server knows it`(
        fault: ProxyPair.Fault,
        isWritten: Bool
    ) async throws {
        try await Self.withProxy { schema, proxy, store in
            await proxy.spoilNextWrite(fault)
            let kept = try Self.catalog()
            #expect(await code { _ = try await store.keep(kept) } == .outcomeUnknown)
            let count = try schema.raw().value("SELECT count(*) FROM billing_catalogs")
            #expect(count == (isWritten ? "1" : "0"))
            #expect(try await store.keep(kept) == kept)
        }
    }

    @Test func `a command whose caller cannot be answered is told as open, and is answered when it is asked again`()
        async throws
    {
        try await Self.withProxy(Self.impatient) { schema, proxy, store in
            let billing = try await Self.system(on: store)
            #expect(try await Self.use("first", on: billing) == 1)
            await proxy.set(.shut)
            await proxy.spoilNextWrite(.cutAfter)
            #expect(await code { _ = try await Self.use("second", on: billing) } == .outcomeUnknown)
            await proxy.set(.open)
            #expect(try await Self.use("second", on: billing) == 2)
            try expectUsed(["first", "second"], in: schema)
        }
    }

    @Test func `a connection that falls silent is given up, and another one used`() async throws {
        try await Self.withProxy(Self.impatient) { schema, proxy, store in
            let billing = try await Self.system(on: store)
            #expect(try await Self.use("first", on: billing) == 1)
            await proxy.fallSilent()
            #expect(try await Self.use("second", on: billing) == 2)
            await proxy.fallSilent()
            #expect(try await billing.overview(of: Self.org).customer == Self.org)
            #expect(try await Self.use("third", on: billing) == 3)
            try expectUsed(["first", "second", "third"], in: schema)
        }
    }

    @Test func `a server that takes connections and says nothing is told as lost`() async throws {
        try await Self.withProxy(Self.impatient) { schema, proxy, store in
            let billing = try await Self.system(on: store)
            #expect(try await Self.use("first", on: billing) == 1)
            await proxy.set(.silent)
            await proxy.cut()
            #expect(await code { _ = try await billing.overview(of: Self.org) } == .connectionLost)
            await proxy.set(.open)
            #expect(try await Self.use("second", on: billing) == 2)
            try expectUsed(["first", "second"], in: schema)
        }
    }

    @Test(arguments: [1, 2, 5])
    func `a caller who is alone is told that the server is gone`(connections: Int) async throws {
        try await Self.withProxy { settings in
            var settings = settings
            settings.connectionCount = connections
            return settings
        } _: { schema, proxy, store in
            // Enough at once for each connection to be made.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...20 {
                    group.addTask { _ = try await store.catalog(Catalog.Version(Int64(number))) }
                    group.addTask { _ = try await store.keep(try Self.catalog()) }
                }
                try await group.waitForAll()
            }
            await proxy.set(.shut)
            await proxy.cut()
            #expect(await code { _ = try await store.catalogVersions() } == .connectionLost)
            #expect(await code { _ = try await store.keep(try Self.catalog()) } == .connectionLost)
            await proxy.set(.open)
            #expect(try await store.catalogVersions() == [1])
        }
    }

    @Test func `a commit that reaches the server after its caller has gone another way changes nothing`() async throws {
        try await Self.withProxy(Self.impatient) { schema, proxy, store in
            let billing = try await Self.system(on: store)
            #expect(try await Self.use("first", on: billing) == 1)
            await proxy.spoilNextWrite(.hold)
            #expect(try await Self.use("second", on: billing) == 2)
            #expect(try await Self.use("third", on: billing) == 3)
            await proxy.release()
            #expect(try await Self.use("fourth", on: billing) == 4)
            try expectUsed(["first", "second", "third", "fourth"], in: schema)
            #expect(try await store.checkIntegrity() == [])
        }
    }

    @Test func `the server is told not to keep the locks of a client that is gone`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore { store in
                // On a socket without a network they have no value, but they are set.
                let question = SQLStatement(
                    """
                    SELECT name FROM pg_settings WHERE source = 'session' AND name LIKE 'tcp\\_%' ORDER BY name
                    """
                )
                let names = try await store.database.read(
                    SQLTransaction(running: [SQLStep(question)]) { ($0.first?.rows ?? []).compactMap(\.first) }
                )
                let expected = [
                    "tcp_keepalives_count", "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_user_timeout",
                ]
                #expect(names == expected.map { .text($0) })
            }
        }
    }
}
#endif
