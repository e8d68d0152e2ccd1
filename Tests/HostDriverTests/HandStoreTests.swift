#if Postgres
import BillingKit
import BillingSQL
import BillingTesting
import Synchronization
import Testing

/// A store over a driver that the kit did not write, which drives the same transaction values.
@Suite(.enabled(if: Server.connection != nil, "There is no PostgreSQL to try."))
struct HandStoreTests {
    @Test(arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        try await Server.withSchema { schema in
            try await law.check { try await schema.makeHandStore() }
        }
    }

    private static let documents = Meter.ID("documents")

    private static func makeCatalog() throws -> Catalog {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(1_000, per: .month)])
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    @Test func `a store whose connections are ended goes on with others, and counts everything once`() async throws {
        try await Server.withSchema { schema in
            let store = try await schema.makeHandStore()
            let billing = try await BillingSystem(catalog: Self.makeCatalog(), store: store)
            let killer = try HandConnection(schema.connection, schema: schema.name)
            let kill = """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE application_name = '\(schema.name)_host'
                """
            var killed = 0
            for round in 0..<6 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // In every other round they are ended while they work.
                    for number in 0..<12 {
                        group.addTask {
                            let key = BillingSystem.Key.request("\(round) \(number)")
                            let answer = try await billing.consume(
                                of: Self.documents,
                                for: "org_\(number % 4)",
                                key: key
                            )
                            guard case .consumed = answer else { throw StoreError(.corrupt, "\(answer)") }
                        }
                    }
                    if round % 2 == 1 { try await killer.execute(kill) }
                    try await group.waitForAll()
                }
                if case .integer(let count)? = try await killer.execute(kill).first?.first { killed += Int(count) }
            }
            #expect(killed >= 6 && store.session >= 6)
            for number in 0..<4 {
                let line = try await billing.overview(of: CustomerID("org_\(number)"))[Self.documents]
                #expect(line?.used == 18)
            }
        }
    }

    @Test func `a server that cannot be reached is told of, and is tried again with the next request`() async throws {
        try await Server.withSchema { schema in
            let isThere = Mutex(true)
            let (connection, name) = (schema.connection, schema.name)
            let database = HandDatabase(1) { () async throws(StoreError) in
                guard isThere.withLock(\.self) else { throw StoreError(.connectionLost, "nobody is there") }
                return try await HandConnection.connecting(
                    to: "\(connection) application_name=\(name)_host",
                    schema: name
                )
            }
            try await database.write(SQLSchema.preparation(in: .postgres))
            let store = HandStore(database: database)
            #expect(try await store.catalogVersions() == [])
            isThere.withLock { $0 = false }
            try await HandConnection(connection).execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '\(name)_host'"
            )
            for _ in 0..<3 {
                let error = await #expect(throws: StoreError.self) { try await store.catalogVersions() }
                #expect(error?.code == .connectionLost)
            }
            isThere.withLock { $0 = true }
            #expect(try await store.catalogVersions() == [])
            #expect(store.session == 1)
        }
    }

    private static func value(_ column: SQLColumn, _ row: Int) -> SQLValue { column[row] }

    @Test func `columns come back as they were bound`() async throws {
        try await Server.withSchema { schema in
            let host = try schema.connect()
            let columns: [SQLColumn] = [
                .integers([.min, nil, 0, .max, -1]),
                .texts(["", nil, "NULL", "a \"quoted\" \\ {b,c}", "\u{0}\u{1}\u{2} é\n"]),
                .blobs([[], nil, [0], [92, 34, 255], Array(0...255)]),
            ]
            for column in columns {
                let text = "SELECT v FROM unnest($1::\(column.postgresType)) WITH ORDINALITY AS p (v, n) ORDER BY n"
                let rows = try await host.run([SQLStep(SQLStatement(text), [column])])[0].rows
                #expect(rows == (0..<column.count).map { [column[$0]] })
            }
        }
    }

    @Test(arguments: [
        ("23505", StoreError.Code.unique), ("40001", .serialization), ("40P01", .deadlock), ("55P03", .lockTimeout),
        ("57P01", .connectionLost), ("08006", .connectionLost), ("53100", .full), ("40003", .outcomeUnknown),
        ("57014", .busy), ("42501", .cannotOpen), ("XX000", .corrupt),
    ])
    func `PostgreSQL's codes are sorted into the kit's`(state: String, code: StoreError.Code) {
        #expect(StoreError(sqlState: state, "said so").code == code)
    }
}
#endif
