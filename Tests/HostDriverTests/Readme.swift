#if Postgres
import BillingKit
import BillingPostgres

func makeBilling(database: String, catalog: Catalog) async throws -> BillingSystem {
    let store = try await PostgresStore(database)  // "postgresql://app@db/shop?sslmode=verify-full"
    return try await BillingSystem(catalog: catalog, store: store)
}
#endif
