#if SQLite
import BillingKit
import BillingSQLite
import CrashTesting

extension Audit {
    /// Looks at everything in a file.
    init(of store: SQLiteStore, customers: [CustomerID]) async throws(StoreError) {
        try await self.init(of: store, store.checkIntegrity(), customers: customers)
    }
}
#endif
