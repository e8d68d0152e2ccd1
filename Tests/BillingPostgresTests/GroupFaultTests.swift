#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import ProcessTesting
import Testing

/// What goes wrong with one of those that are written together is that one's alone.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct GroupFaultTests {
    private typealias Shared = LockedAccountTests

    private static let bad: CustomerID = "org_bad"

    /// Has the database refuse every row of one customer's account.
    private static func refuse(_ schema: PostgresSchema) throws {
        try schema.raw().run(
            """
            CREATE FUNCTION refusing() RETURNS trigger LANGUAGE plpgsql AS \
            'BEGIN IF NEW.customer = ''\(bad)'' THEN RAISE EXCEPTION ''refused''; END IF; RETURN NEW; END'; \
            CREATE TRIGGER refusing BEFORE INSERT OR UPDATE ON billing_accounts \
            FOR EACH ROW EXECUTE FUNCTION refusing()
            """
        )
    }

    @Test func `of one call the good are written, and the bad one is told its own fault when it comes by itself`()
        async throws
    {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await schema.withStore(Shared.patient(schema)) { store in
                try Self.refuse(schema)
                // Before the bad one in the order in which they are written, and after it.
                let items = try (["org_a", Self.bad, "org_c"] as [CustomerID]).map(Shared.firstUse)
                #expect(try await store.commit(CommitRequest(items: items)) == [.committed, .conflict, .committed])
                let error = await #expect(throws: StoreError.self) {
                    try await store.commit(CommitRequest(items: [items[1]]))
                }
                #expect(error?.code == .corrupt && error?.message.contains("refused") == true)
                #expect(try schema.raw().value("SELECT count(*) FROM billing_accounts") == "2")
            }
        }
    }

    @Test func `of commands that share a group each of the bad customer is told the fault, and all others are done`()
        async throws
    {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await schema.withStore(Shared.patient(schema)) { store in
                try Self.refuse(schema)
                let billing = try await BillingSystem(catalog: Shared.makeCatalog(), store: store)
                let codes = await withTaskGroup(of: (Int, StoreError.Code?).self) { group in
                    for number in 0..<40 {
                        let customer = number % 4 == 0 ? Self.bad : CustomerID("org_\(number % 7)")
                        group.addTask {
                            do {
                                let isConsumed = try await Shared.consume("\(number)", for: customer, on: billing)
                                #expect(isConsumed)
                                return (number, nil)
                            } catch {
                                return (number, (error as? StoreError)?.code)
                            }
                        }
                    }
                    return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                }
                for number in 0..<40 { #expect(codes[number] == (number % 4 == 0 ? .corrupt : nil), "\(number)") }
                #expect(try schema.raw().value("SELECT sum(used) FROM billing_balances") == "30")
            }
        }
    }

    @Test func `a group that has failed does not wait for an account that is locked`() async throws {
        try await PostgresServer.withSchema(withoutTables: true) { schema in
            try await schema.withStore(Shared.patient(schema)) { store in
                let first = try ([Shared.locked, Self.bad] as [CustomerID]).map(Shared.firstUse)
                #expect(try await store.commit(CommitRequest(items: first)) == [.committed, .committed])
                try Self.refuse(schema)
                let raw = try schema.raw()
                // Whoever waited for it all the same would have it in the end, and would not be told that it is locked.
                try raw.run("SET idle_in_transaction_session_timeout = '20s'")
                try raw.run("BEGIN; SELECT 1 FROM billing_accounts WHERE customer = '\(Shared.locked)' FOR UPDATE")
                // What asks a question first is written as one group, and fails with the bad one.
                let items = first.map(Shared.reschedule) + [try Shared.firstUse(of: "org_c")]
                #expect(try await store.commit(CommitRequest(items: items)) == [.locked, .conflict, .committed])
                try raw.run("COMMIT")
            }
        }
    }
}
#endif
