#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import BillingTesting
import Testing

/// A store over a driver that the kit did not write, which drives the same transaction values.
@Suite struct ForeignDriverTests {
    private struct ForeignStore: SQLStore {
        let database: ForeignDatabase
    }

    /// Runs transactions one at a time on a connection in a host's hands.
    private actor ForeignDatabase: SQLDatabase {
        private let connection: RawConnection
        private var isBusy = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(path: String) throws {
            connection = try RawConnection(path: path)
        }

        /// The rows that were written so far.
        var writtenRows: Int { connection.writtenRows }

        func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
            try await perform(transaction, "BEGIN IMMEDIATE")
        }

        func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
            try await perform(transaction, "BEGIN")
        }

        private func perform<Answer>(_ transaction: SQLTransaction<Answer>, _ begin: String) async throws(StoreError)
            -> Answer
        {
            while isBusy { await withCheckedContinuation { waiting.append($0) } }
            isBusy = true
            defer {
                isBusy = false
                if !waiting.isEmpty { waiting.removeFirst().resume() }
            }
            _ = try await connection.run([SQLStep(SQLStatement(begin))])
            do throws(StoreError) {
                let answer = try await connection.run(transaction)
                _ = try await connection.run([SQLStep(SQLStatement("COMMIT"))])
                return answer
            } catch {
                _ = try await connection.run([SQLStep(SQLStatement("ROLLBACK"))])
                throw error
            }
        }
    }

    @Test(arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await law.check {
            let database = try ForeignDatabase(path: folder.path("billing.sqlite"))
            try await database.write(SQLSchema.preparation())
            return ForeignStore(database: database)
        }
    }

    @Test func `a consume writes three rows: the account's, the balance's and the journal's`() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let database = try ForeignDatabase(path: folder.path("billing.sqlite"))
        try await database.write(SQLSchema.preparation())
        let documents = Meter.ID("documents")
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(10, per: .month)])
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let billing = try await BillingSystem(catalog: catalog, store: ForeignStore(database: database))
        _ = try await billing.consume(of: documents, for: "org_acme", key: .request("1"))
        let before = await database.writtenRows
        _ = try await billing.consume(of: documents, for: "org_acme", key: .request("2"))
        #expect(await database.writtenRows - before == 3)
    }
}
#endif
