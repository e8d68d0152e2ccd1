#if Postgres
import BillingPostgres
import BillingTesting
import Testing

@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct PostgresStoreTests {
    @Test(arguments: StoreLaw.all, PostgresSettings.Isolation.allCases)
    func law(_ law: StoreLaw, _ isolation: PostgresSettings.Isolation) async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(schema.settings(isolation)) { store in
                try await law.check { store }
            }
        }
    }

    @Test(arguments: LastingLaw.all, PostgresSettings.Isolation.allCases)
    func lastingLaw(_ law: LastingLaw, _ isolation: PostgresSettings.Isolation) async throws {
        try await PostgresServer.withSchema { schema in
            try await law.check {
                try await PostgresStore(schema.connection, schema.settings(isolation))
            } closing: {
                await $0.close()
            }
        }
    }

    @Test(arguments: SystemLaw.all, PostgresSettings.Isolation.allCases)
    func systemLaw(_ law: SystemLaw, _ isolation: PostgresSettings.Isolation) async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(schema.settings(isolation)) { store in
                try await law.check { store }
            }
        }
    }

    @Test(arguments: StoreLaw.all)
    func `the laws hold where every transaction may be on another connection`(_ law: StoreLaw) async throws {
        try await PostgresServer.withSchema { schema in
            var settings = schema.settings()
            settings.isBehindTransactionPooler = true
            try await schema.withStore(settings) { store in
                try await law.check { store }
            }
        }
    }
}
#endif
