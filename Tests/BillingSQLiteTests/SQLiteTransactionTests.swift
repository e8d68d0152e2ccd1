#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// A transaction of which a step fails is not there, and the next one is as good as ever.
@Suite struct SQLiteTransactionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func insertion(_ version: Int64) -> SQLStep {
        SQLStep(
            SQLStatement("INSERT INTO billing_catalogs (version, content) VALUES (?1, '')"),
            [.integers([version])]
        )
    }

    @Test(arguments: [
        (insertion(1), StoreError.Code.unique),
        (insertion(0), .corrupt),
        (SQLStep(SQLStatement("INSERT INTO there_is_no_such_table VALUES (1)")), .corrupt),
        (SQLStep(SQLStatement("BEGIN")), .corrupt),
        // A row for each of three numbers, of which the last is there already.
        (
            SQLStep(
                SQLStatement("INSERT INTO billing_catalogs (version, content) VALUES (?1, '') RETURNING version"),
                [.integers([3, 4, 1])]
            ), .unique
        ),
    ])
    func `nothing is left of a transaction of which a step fails`(step: SQLStep, code: StoreError.Code) async throws {
        let store = try await SQLiteStore(folder.path("billing.sqlite"))
        try await store.database.write(SQLTransaction(running: [Self.insertion(1)]) { _ in })
        for _ in 0..<2 {
            do throws(StoreError) {
                try await store.database.write(SQLTransaction(running: [Self.insertion(2), step]) { _ in })
                Issue.record("it was written")
            } catch {
                #expect(error.code == code, "\(error)")
            }
            #expect(try await store.catalogVersions() == [1])
            #expect(try await store.database.readInTurn(.catalogVersionCount) == 1, "nor for the writer itself")
        }
        try await store.database.write(SQLTransaction(running: [Self.insertion(2)]) { _ in })
        #expect(try await store.catalogVersions() == [2, 1])
        await store.close()
    }

    @Test func `a report of which a step fails leaves no instant open`() async throws {
        var settings = SQLiteSettings()
        settings.readerCount = 1
        let store = try await SQLiteStore(folder.path("billing.sqlite"), settings: settings)
        for version in 1...3 {
            let broken = SQLStep(SQLStatement("SELECT version FROM billing_catalogs WHERE abs(-9223372036854775808)"))
            try await store.database.write(SQLTransaction(running: [Self.insertion(Int64(version))]) { _ in })
            do throws(StoreError) {
                try await store.database.read(SQLTransaction(running: [broken]) { _ in })
                Issue.record("it was read")
            } catch {
                #expect(error.code == .corrupt)
            }
            #expect(try await store.catalogVersions().count == version, "the reader sees what was answered before")
        }
        await store.close()
    }
}

extension SQLTransaction<Int64> {
    fileprivate static var catalogVersionCount: SQLTransaction {
        SQLTransaction(running: [SQLStep(SQLStatement("SELECT count(*) FROM billing_catalogs"))]) { rows in
            if case .integer(let count) = rows.first?.rows.first?.first { count } else { -1 }
        }
    }
}
#endif
