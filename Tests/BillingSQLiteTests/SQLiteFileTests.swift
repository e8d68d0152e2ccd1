#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import CBillingSQLite
import Foundation
import Testing

/// What a SQLite file is to the store: durable, owned by one, and refused with a reason where it cannot be used.
@Suite struct SQLiteFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("billing.sqlite") }

    private static let documents = Meter.ID("documents")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func catalog() throws -> Catalog {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [Self.documents: .limited(10, per: .month)])
        return try Catalog(
            version: 1,
            meters: [Meter(Self.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    /// Returns the error that opening the file gives.
    private func failure(_ path: String, busyTimeout: Duration = .zero) async -> StoreError? {
        do throws(StoreError) {
            await (try SQLiteStore(path, busyTimeout: busyTimeout)).close()
            return nil
        } catch {
            return error
        }
    }

    /// Runs SQL on the file by hand, as an operator would.
    private func run(_ sql: String, on path: String) throws {
        let connection = try RawConnection(path: path)
        try connection.execute(sql)
    }

    @Test func `what was answered is there after the file is opened again`() async throws {
        let receipt: Account.Receipt
        do {
            let store = try await SQLiteStore(path)
            let billing = try await BillingSystem(catalog: catalog(), store: store)
            let answer = try await billing.consume(4, of: Self.documents, for: "org_acme", key: .request("1"))
            guard case .consumed(let given) = answer else {
                Issue.record("\(answer)")
                return
            }
            receipt = given
            await store.close()
        }
        let billing = try await BillingSystem(catalog: catalog(), store: SQLiteStore(path))
        let again = try await billing.consume(4, of: Self.documents, for: "org_acme", key: .request("1"))
        #expect(again == .consumed(receipt))
        #expect(try await billing.overview(of: "org_acme")[Self.documents]?.used == 4)
    }

    @Test func `commits are flushed, in a log beside the file`() async throws {
        let store = try await SQLiteStore(path)
        _ = try await store.keep(catalog())
        #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        // The connection's own settings cannot be seen from outside, so they are asked for through it.
        let settings = try await store.database.readInTurn(PragmaReading.transaction(["synchronous", "journal_mode"]))
        #expect(settings == [[.integer(2)], [.text("wal")]], "FULL is 2")
    }

    @Test(arguments: [(nil, 2_048, 20_480), (4_096, 4_096, 10_240)] as [(Int64?, Int64, Int64)])
    func `a new file has small pages, one that is there keeps its own, and the log is as large with either`(
        before: Int64?,
        after: Int64,
        checkpoint: Int64
    ) async throws {
        if let before {
            let raw = try RawConnection(path: path)
            try raw.execute("PRAGMA page_size = \(before); CREATE TABLE things (name TEXT); DROP TABLE things")
        }
        let store = try await SQLiteStore(path)
        let settings = try await store.database.readInTurn(
            PragmaReading.transaction(["page_size", "wal_autocheckpoint"])
        )
        #expect(settings == [[.integer(after)], [.integer(checkpoint)]])
        let billing = try await BillingSystem(catalog: catalog(), store: store)
        let use = try await billing.consume(4, of: Self.documents, for: "org_acme", key: .request("1"))
        guard case .consumed = use else { Issue.record("\(use)"); return }
    }

    @Test func `a second opening is refused, however the path is spelt`() async throws {
        let store = try await SQLiteStore(path)
        let link = folder.path("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for spelling in [path, folder.path("./billing.sqlite"), link] {
            let error = try #require(await failure(spelling))
            #expect(error.code == .inUse)
            #expect(error.message.contains("process \(ProcessInfo.processInfo.processIdentifier)"), "\(error)")
        }
        await store.close()
        #expect(await failure(path) == nil, "a closed file is free")
    }

    @Test func `a link to a file that does not exist yet leads to one file, and one lock`() async throws {
        let link = folder.path("early.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        let store = try await SQLiteStore(link)
        #expect(await failure(link)?.code == .inUse)
        #expect(await failure(path)?.code == .inUse)
        await store.close()
    }

    @Test func `a path is a path, whatever it begins with`() async throws {
        let odd = folder.path("file:odd?mode=memory")
        await (try SQLiteStore(odd)).close()
        #expect(FileManager.default.fileExists(atPath: odd))
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(-1), .milliseconds(900)])
    func `any time to wait for a lock is one`(busyTimeout: Duration) async throws {
        #expect(await failure(path, busyTimeout: busyTimeout) == nil)
    }

    @Test func `a store that is let go of lets go of its file`() async throws {
        do { _ = try await SQLiteStore(path) }
        // The thread closes the file soon after the last owner is gone.
        for _ in 0..<500 {
            if await failure(path) == nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the file is still in use")
    }

    @Test func `a missing folder is named`() async throws {
        let error = try #require(await failure(folder.path("not/there/billing.sqlite")))
        #expect(error.code == .cannotOpen)
        #expect(error.message.contains(folder.path("not/there")), "\(error)")
    }

    @Test(arguments: ["", ":memory:"])
    func `a path that names no file is refused`(path: String) async throws {
        #expect(await failure(path)?.code == .cannotOpen)
    }

    @Test func `a folder in the file's place is refused`() async throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(await failure(path)?.code == .cannotOpen)
    }

    @Test func `a file that is no database is refused and left as it is`() async throws {
        let content = Data("Dear diary, today I was not a database at all, and tomorrow…".utf8)
        try content.write(to: URL(fileURLWithPath: path))
        #expect(await failure(path)?.code == .cannotOpen)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }

    @Test func `a file that another program has locked is busy, and free again afterwards`() async throws {
        await (try SQLiteStore(path)).close()
        let other = try RawConnection(path: path)
        try other.execute("BEGIN EXCLUSIVE")
        let error = try #require(await failure(path))
        #expect(error.code == .busy)
        #expect(error.message.contains("locked by another program"), "\(error)")
        try other.execute("ROLLBACK")
        #expect(await failure(path) == nil)
    }

    @Test func `a lock while the store is open fails the command and harms nothing`() async throws {
        let store = try await SQLiteStore(path, busyTimeout: .zero)
        let billing = try await BillingSystem(catalog: catalog(), store: store)
        let other = try RawConnection(path: path)
        try other.execute("BEGIN IMMEDIATE")
        await #expect(throws: StoreError.self) {
            try await billing.consume(of: Self.documents, for: "org_acme", key: .request("1"))
        }
        try other.execute("ROLLBACK")
        _ = try await billing.consume(of: Self.documents, for: "org_acme", key: .request("1"))
        #expect(try await billing.overview(of: "org_acme")[Self.documents]?.used == 1)
    }

    @Test func `those that wait together for a locked file are told of it together`() async throws {
        let store = try await SQLiteStore(path, busyTimeout: .milliseconds(500))
        let other = try RawConnection(path: path)
        try other.execute("BEGIN IMMEDIATE")
        @Sendable func isWritten() async -> Bool {
            let request = DutyRequest(
                Duty("look"),
                for: Duty.Holder("me"),
                now: Timestamp(seconds: 1),
                until: Timestamp(seconds: 2)
            )
            return (try? await store.lease(request)) != nil
        }
        let failures = await withTaskGroup(of: Bool.self) { group in
            // While the first waits for the lock, the others come to wait for it.
            group.addTask { await isWritten() }
            group.addTask {
                await withTaskGroup(of: Bool.self) { others in
                    for _ in 0..<30 { others.addTask { await isWritten() } }
                    var failures = 0
                    for await isWritten in others where !isWritten {
                        failures += 1
                        if failures == 1 { try? other.execute("ROLLBACK") }
                    }
                    return failures > 1
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // The first was not written, and of the others more than the one after which the lock was let go.
        #expect(Set(failures) == [false, true])
        await store.close()
    }

    @Test func `a closed store says so`() async throws {
        let store = try await SQLiteStore(path)
        await store.close()
        do throws(StoreError) {
            _ = try await store.catalog(1)
            Issue.record("a closed store answered")
        } catch {
            #expect(error.code == .closed)
        }
    }

    @Test func `a row that was changed by hand is an error and no trap`() async throws {
        let store = try await SQLiteStore(path)
        let billing = try await BillingSystem(catalog: catalog(), store: store)
        _ = try await billing.consume(of: Self.documents, for: "org_acme", key: .request("1"))
        await store.close()
        try RawConnection(path: path).force("UPDATE billing_journal SET effect = 'conjured' WHERE effect = 'drawn'")
        let again = try await SQLiteStore(path)
        do throws(StoreError) {
            _ = try await again.journal(JournalQuery(customer: "org_acme"))
            Issue.record("an effect that nobody wrote was read")
        } catch {
            #expect(error.code == .corrupt)
        }
    }

    @Test(arguments: [
        "UPDATE billing_balances SET grant_used = grant_amount + 1",
        "UPDATE billing_balances SET grant_used = -1",
        "UPDATE billing_balances SET grant_amount = 'many'",
        "UPDATE billing_balances SET grant_id = NULL",
        "UPDATE billing_grants SET used = amount + 1",
        "UPDATE billing_grants SET used = -1",
        "UPDATE billing_grants SET amount = 'many'",
        "UPDATE billing_balances SET ends_at = starts_at - 1",
        "UPDATE billing_accounts SET revision = 0",
        "UPDATE billing_accounts SET revision = 4611686018427387904",
        "UPDATE billing_balances SET grant_source = 'found'",
        "UPDATE billing_balances SET grant_basis = 'found'",
        "UPDATE billing_grants SET amount = 4611686018427387904",
        "UPDATE billing_grants SET source = 'found'",
        "UPDATE billing_journal SET effect = 'found' WHERE effect = 'drawn'",
        "UPDATE billing_journal SET kind = 'found'",
        "UPDATE billing_journal_grants SET used = amount + 1",
        "UPDATE billing_notices SET attempts = 4611686018427387904",
        "UPDATE billing_accounts SET tier_catalog_version = NULL",
        "INSERT INTO billing_levels (customer, meter, units) VALUES ('org_acme', 'seats', 0)",
        "INSERT INTO billing_windows (customer, meter, seconds, starts_at, used) VALUES ('org_acme', 'seats', 0, 0, 0)",
        "INSERT INTO billing_warnings (customer, subject_kind, subject, degree, threshold) "
            + "VALUES ('org_acme', 'meter', 'seats', 'exhausted', 1)",
        "INSERT INTO billing_journal (customer, revision, ordinal, kind, key, fingerprint, recorded_at, effective_at) "
            + "SELECT customer, revision + 1, ordinal, kind, key, fingerprint, recorded_at, effective_at "
            + "FROM billing_journal WHERE key IS NOT NULL",
    ])
    func `the tables refuse what would break them`(sql: String) async throws {
        let store = try await SQLiteStore(path)
        let billing = try await BillingSystem(catalog: catalog(), store: store)
        _ = try await billing.consume(of: Self.documents, for: "org_acme", key: .request("1"))
        _ = try await billing.grant(5, of: Self.documents, to: "org_acme", from: .promotion, key: .request("2"))
        _ = try await billing.consume(13, of: Self.documents, for: "org_acme", key: .request("3"))
        await store.close()
        // The conditions are what is tried, and not what keeps the journal as it is.
        try RawConnection(path: path).removeGuards()
        #expect(throws: RawConnection.Failure.self) { try run(sql, on: path) }
    }
}
#endif
