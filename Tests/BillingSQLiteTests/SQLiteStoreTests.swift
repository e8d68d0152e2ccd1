#if SQLite
import BillingSQLite
import BillingTesting
import Testing

@Suite struct SQLiteStoreTests {
    @Test(arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await law.check { try await SQLiteStore(folder.path("billing.sqlite")) }
    }

    @Test(arguments: LastingLaw.all)
    func lastingLaw(_ law: LastingLaw) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await law.check {
            try await SQLiteStore(folder.path("billing.sqlite"))
        } closing: {
            await $0.close()
        }
    }

    @Test(arguments: SystemLaw.all)
    func systemLaw(_ law: SystemLaw) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await law.check { try await SQLiteStore(folder.path("billing.sqlite")) }
    }
}
#endif
