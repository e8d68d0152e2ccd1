#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Foundation
import Testing

extension Meter.ID {
    fileprivate static let documents = Meter.ID("documents")
    fileprivate static let images = Meter.ID("images")
}

/// The examples of the articles.
@Suite(.enabled(if: Server.connection != nil, "There is no PostgreSQL to try."))
struct ArticleTests {
    private let catalog: Catalog

    init() throws {
        let allowances: [Meter.ID: Allowance] = [
            .documents: .limited(2, per: .month), .images: .limited(2, per: .month),
        ]
        catalog = try Catalog(
            version: 1,
            meters: [Meter(.documents, name: "Documents"), Meter(.images, name: "Images")],
            tiers: [Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: allowances)],
            fallback: Tier.ID("free")
        )
    }

    // MARK: Running on PostgreSQL

    func open(_ connection: String, schema: String) async throws -> BillingSystem {
        var settings = PostgresSettings()
        settings.schema = schema  // where the tables are, or are to be
        let store = try await PostgresStore(connection, settings)  // such as "postgresql://app@db/shop"
        return try await BillingSystem(catalog: catalog, store: store)
    }

    func openBehindPooler(_ connection: String, schema: String) async throws -> PostgresStore {
        var settings = PostgresSettings()
        settings.schema = schema
        settings.isBehindTransactionPooler = true  // prepares nothing, and sets what it needs in each transaction
        return try await PostgresStore(connection, settings)
    }

    func examine(_ store: PostgresStore) async throws -> [SQLSchema.Finding] {
        try await store.checkIntegrity()  // empty when the tables are sound
    }

    // MARK: Several servers

    func open(_ connections: [String], schema: String) async throws -> [BillingSystem] {
        var servers: [BillingSystem] = []
        for connection in connections {  // each in a process of its own, elsewhere
            var settings = PostgresSettings()
            settings.schema = schema
            let store = try await PostgresStore(connection, settings)
            servers.append(try await BillingSystem(catalog: catalog, store: store))
        }
        return servers
    }

    func showsButton(for customer: CustomerID, _ billing: BillingSystem) async throws -> Bool {
        let known = try await billing.check(of: .images, for: customer, noOlderThan: .seconds(10))
        if case .allowed = known.check { return true }  // as it was `known.age` ago
        return false
    }

    func generate(_ id: String, for customer: CustomerID, _ billing: BillingSystem) async throws -> Bool {
        let answer = try await billing.consume(of: .images, for: customer, key: .job(id))  // as it is
        if case .consumed = answer { return true }
        return false
    }

    // MARK: Your own connection

    func submit(_ id: String, of org: CustomerID, _ connection: HandConnection, _ billing: BillingSystem) async throws
        -> Bool
    {
        while true {
            let transaction = try billing.transaction(on: connection)
            do {
                try await connection.execute("BEGIN")
                guard case .consumed = try await transaction.consume(of: .documents, for: org, key: .job(id)) else {
                    try await connection.execute("ROLLBACK")
                    return false
                }
                try await connection.execute("INSERT INTO jobs VALUES ($1) ON CONFLICT DO NOTHING", [id])
                try await connection.execute("COMMIT")
                transaction.wasCommitted()
                return true
            } catch let error as StoreError where error.code == .serialization || error.code == .deadlock {
                try await connection.execute("ROLLBACK")  // another transaction was in the way; nothing was written
            } catch {
                _ = try? await connection.execute("ROLLBACK")
                throw error
            }
        }
    }

    // MARK: Tests

    private static func unindented(_ text: some StringProtocol) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }

    @Test func `the articles show the tested examples`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let sources = try files.map { Self.unindented(try String(contentsOf: $0, encoding: .utf8)) }
        for (name, count) in zip(Article.names, [3, 2, 4, 0]) {
            let article = try Article(name)
            #expect(article.languages.isSubset(of: ["swift", "sql"]), "\(name)")
            let examples = article.examples(in: "swift")
            #expect(examples.count == count, "\(name)")
            for example in examples {
                #expect(sources.contains { $0.contains(Self.unindented(example)) }, "\(name): \(example)")
            }
        }
    }

    @Test func `the read-me shows a tested example`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let tested = try String(contentsOf: folder.appendingPathComponent("Readme.swift"), encoding: .utf8)
        let example = tested.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast(2)
        let readme = folder.appendingPathComponent("../../README.md").standardized
        let text = try String(contentsOf: readme, encoding: .utf8)
        #expect(text.contains("```swift\n\(example.joined(separator: "\n"))\n```"))
    }

    @Test(arguments: ["RunningOnPostgreSQL", "SeveralServers"])
    func `PostgreSQL understands the statements of the articles`(name: String) async throws {
        try await Server.withSchema { schema in
            try await schema.withStore { _ in
                let host = try schema.connect()
                for example in try Article(name).examples(in: "sql") {
                    // Roles belong to the server, which other tests use too.
                    try await host.execute("BEGIN")
                    for statement in example.components(separatedBy: ";\n") where !statement.isEmpty {
                        await #expect(throws: Never.self, "\(statement)") { try await host.execute(statement) }
                    }
                    try await host.execute("ROLLBACK")
                }
            }
        }
    }

    @Test func `a role that may only read and write rows is enough for a server`() async throws {
        try await Server.withSchema { schema in
            let host = try schema.connect()
            let (owner, app) = ("\(schema.name)_owner", "\(schema.name)_app")
            let roles = try #require(try Article("RunningOnPostgreSQL").examples(in: "sql").first)
                .replacingOccurrences(
                    of: "CREATE SCHEMA billing AUTHORIZATION billing_owner",
                    with: "ALTER SCHEMA billing OWNER TO billing_owner"
                )
                .replacingOccurrences(of: "billing_owner", with: owner)
                .replacingOccurrences(of: "billing_app", with: app)
                .replacingOccurrences(of: "SCHEMA billing", with: "SCHEMA \(schema.name)")
            for statement in roles.components(separatedBy: ";\n") where !statement.isEmpty {
                try await host.execute(statement)
            }
            var settings = PostgresSettings()
            settings.schema = schema.name
            await #expect(throws: StoreError.self, "there are no tables, and it may make none") {
                try await PostgresStore("\(schema.connection) user=\(app)", settings)
            }
            try await PostgresStore("\(schema.connection) options=-crole=\(owner)", settings).close()
            let store = try await PostgresStore("\(schema.connection) user=\(app)", settings)
            let billing = try await BillingSystem(catalog: catalog, store: store)
            #expect(try await generate("1", for: "org_acme", billing))
            #expect(try await billing.webhooks.deliveries(DeliveryQuery(states: [.failed])).isEmpty)
            #expect(try await examine(store) == [])
            await store.close()
            try await host.execute("DROP OWNED BY \(owner) CASCADE")
            try await host.execute("DROP OWNED BY \(app) CASCADE")
            try await host.execute("DROP ROLE \(owner)")
            try await host.execute("DROP ROLE \(app)")
            try await host.execute("CREATE SCHEMA \(schema.name)")
        }
    }

    @Test func `a server whose tables are there waits for nobody who changes some`() async throws {
        try await Server.withSchema { schema in
            try await schema.withStore { _ in }
            let host = try schema.connect()
            try await host.execute("BEGIN")
            try await host.execute("SELECT pg_advisory_xact_lock(7020089372261541735)")
            try await schema.withStore { store in
                let findings = try await store.checkIntegrity()
                #expect(findings == [])
            }
            try await host.execute("ROLLBACK")
        }
    }

    @Test(arguments: [true, false])
    func `commits are on the disk though the database's default is that they need not be`(isPooled: Bool) async throws {
        try await Server.withSchema { schema in
            let connection = "\(schema.connection) options='-c synchronous_commit=off'"
            var settings = PostgresSettings()
            settings.schema = schema.name
            let store =
                isPooled
                ? try await openBehindPooler(connection, schema: schema.name)
                : try await PostgresStore(connection, settings)
            let host = try schema.connect()
            try await host.execute("CREATE TABLE said (word TEXT)")
            try await host.execute(
                """
                CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                INSERT INTO \(schema.name).said VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$
                """
            )
            try await host.execute(
                "CREATE TRIGGER say AFTER INSERT ON billing_journal FOR EACH STATEMENT EXECUTE FUNCTION say()"
            )
            let billing = try await BillingSystem(catalog: catalog, store: store)
            #expect(try await generate("1", for: "org_acme", billing))
            #expect(try await host.execute("SELECT DISTINCT word FROM said") == [[.text("on")]])
            await store.close()
        }
    }

    @Test func `the examples do what the articles say`() async throws {
        try await Server.withSchema { schema in
            let one = try await open(schema.connection, schema: schema.name)
            let more = try await open([schema.connection, schema.connection], schema: schema.name)
            #expect(try await showsButton(for: "org_acme", one))
            #expect(try await generate("a", for: "org_acme", one))
            #expect(try await generate("b", for: "org_acme", more[0]))
            #expect(try await showsButton(for: "org_acme", one), "as it was before the other server used the last unit")
            #expect(try await !showsButton(for: "org_acme", more[1]))
            #expect(try await !generate("c", for: "org_acme", more[1]))
            #expect(try await generate("b", for: "org_acme", more[1]), "the first receipt again")
            let host = try schema.connect()
            try await host.execute("CREATE TABLE jobs (id TEXT PRIMARY KEY)")
            for (id, isIn) in [("1", true), ("2", true), ("2", true), ("3", false)] {
                #expect(try await submit(id, of: "org_acme", host, one) == isIn)
            }
            #expect(try await host.execute("SELECT id FROM jobs ORDER BY id") == [[.text("1")], [.text("2")]])
        }
    }
}
#endif
