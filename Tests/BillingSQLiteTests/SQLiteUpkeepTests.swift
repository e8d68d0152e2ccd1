#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Foundation
import Synchronization
import Testing

/// Backups, examinations and reports of a file that is in use, and what is beside it.
@Suite struct SQLiteUpkeepTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("billing.sqlite") }
    private var copy: String { folder.path("copy.sqlite") }

    private static let documents = Meter.ID("documents")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func catalog() throws -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [Self.documents: .limited(1_000_000, per: .month)]
        )
        return try Catalog(
            version: 1,
            meters: [Meter(Self.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    private func system(_ store: SQLiteStore) async throws -> BillingSystem {
        try await BillingSystem(catalog: catalog(), store: store)
    }

    private func use(_ number: Int, of billing: BillingSystem) async throws {
        _ = try await billing.consume(
            of: Self.documents,
            for: CustomerID("org_\(number % 7)"),
            key: .request("\(number)")
        )
    }

    private func error(of body: () async throws(StoreError) -> Void) async -> StoreError? {
        do throws(StoreError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    private func names() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path("")))
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    // MARK: Backups

    @Test func `a backup has everything that was answered before it, and is whole, while others write`() async throws {
        let store = try await SQLiteStore(path)
        let billing = try await system(store)
        for number in 0..<50 { try await use(number, of: billing) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 1...4 {
                group.addTask { for number in 0..<100 { try await use(task * 1_000 + number, of: billing) } }
            }
            group.addTask { try await store.backup(to: copy) }
            try await group.waitForAll()
        }
        await store.close()
        #expect(try names().isSuperset(of: ["copy.sqlite"]))
        #expect(try names().isDisjoint(with: ["copy.sqlite-wal", "copy.sqlite-journal", "copy.sqlite.partial"]))
        #expect(try permissions(copy) == 0o600)
        let header = try Data(contentsOf: URL(fileURLWithPath: copy)).prefix(20)
        #expect(Array(header.suffix(2)) == [1, 1], "it can be read without a log beside it")

        let restored = try await SQLiteStore(copy)
        #expect(try await restored.checkIntegrity().isEmpty)
        let again = try await system(restored)
        var keys: Set<Account.Key> = []
        for number in 0..<7 {
            let customer = CustomerID("org_\(number)")
            let journal = try await restored.journal(JournalQuery(customer: customer))
            keys.formUnion(journal.compactMap(\.key))
            #expect(try await again.examine(customer).isEmpty)
        }
        for number in 0..<50 { #expect(keys.contains(Account.Key("request:\(number)"))) }
        await restored.close()
    }

    @Test func `a backup replaces nothing`() async throws {
        let store = try await SQLiteStore(path)
        for taken in [copy, path] {
            if taken == copy { try Data("mine".utf8).write(to: URL(fileURLWithPath: copy)) }
            let error = try #require(await error { () throws(StoreError) in try await store.backup(to: taken) })
            #expect(error.code == .cannotOpen)
            #expect(error.message.contains("replaces nothing"), "\(error)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == Data("mine".utf8))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"),
            withDestinationPath: folder.path("none")
        )
        let ofLink = await error { () throws(StoreError) in try await store.backup(to: folder.path("link")) }
        #expect(ofLink?.code == .cannotOpen, "a link to nothing is a name that is taken")
        try Data().write(to: URL(fileURLWithPath: folder.path("other.sqlite.partial")))
        let ofPartial = await error { () throws(StoreError) in try await store.backup(to: folder.path("other.sqlite")) }
        #expect(ofPartial?.code == .cannotOpen)
        #expect(try names().contains("other.sqlite.partial"), "another backup may be writing it")
        await store.close()
    }

    @Test func `a backup into a folder that is missing says so`() async throws {
        let store = try await SQLiteStore(path)
        let target = folder.path("not/there/copy.sqlite")
        let error = try #require(await error { () throws(StoreError) in try await store.backup(to: target) })
        #expect(error.code == .cannotOpen)
        #expect(error.message.contains(target), "\(error)")
        await store.close()
    }

    @Test func `a copy that is not sound is an error and is not left behind`() async throws {
        let store = try await SQLiteStore(path)
        try await use(1, of: system(store))
        try RawConnection(path: path).execute(
            "PRAGMA ignore_check_constraints = ON; UPDATE billing_balances SET grant_used = -1"
        )
        let error = try #require(await error { () throws(StoreError) in try await store.backup(to: copy) })
        #expect(error.code == .corrupt)
        #expect(error.message.contains("billing_balances"), "\(error)")
        #expect(try names().filter { $0.hasPrefix("copy") }.isEmpty)
        await store.close()
    }

    @Test(arguments: [0, 2])
    func `a closed store gives no backup and no examination`(readers: Int) async throws {
        var settings = SQLiteSettings()
        settings.readerCount = readers
        let store = try await SQLiteStore(path, settings: settings)
        try await store.backup(to: copy)
        await store.close()
        let second = folder.path("second.sqlite")
        #expect(await error { () throws(StoreError) in try await store.backup(to: second) }?.code == .closed)
        #expect(await error { () throws(StoreError) in _ = try await store.checkIntegrity() }?.code == .closed)
        #expect(try names().filter { $0.hasPrefix("second") }.isEmpty)
    }

    @Test func `a store that is closed during its backup leaves a whole copy or none`() async throws {
        let store = try await SQLiteStore(path)
        let billing = try await system(store)
        for number in 0..<50 { try await use(number, of: billing) }
        async let backup = error { () throws(StoreError) in try await store.backup(to: copy) }
        await store.close()
        let failure = await backup
        if let failure { #expect(failure.code == .closed) }
        #expect(try names().filter { $0.hasPrefix("copy") } == (failure == nil ? ["copy.sqlite"] : []))
    }

    @Test func `a store without readers does everything on its one connection`() async throws {
        var settings = SQLiteSettings()
        settings.readerCount = 0
        let store = try await SQLiteStore(path, settings: settings)
        let billing = try await system(store)
        try await use(1, of: billing)
        #expect(try await store.checkIntegrity().isEmpty)
        try await store.backup(to: copy)
        try await use(2, of: billing)
        #expect(try await store.journal(JournalQuery(customer: "org_2")).count == 1)
        await store.close()
        let other = try await SQLiteStore(copy)
        #expect(try await other.journal(JournalQuery(customer: "org_1")).count == 1)
        #expect(try await other.journal(JournalQuery(customer: "org_2")).isEmpty)
        await other.close()
    }

    // MARK: Examinations

    @Test(arguments: [
        (SQLSchema.Finding.Rule.file, "UPDATE billing_balances SET grant_used = -1"),
        (.denseRevisions, "DELETE FROM billing_journal WHERE revision = 2"),
        (.denseRevisions, "UPDATE billing_journal SET revision = 9 WHERE revision = 1"),
        (.denseOrdinals, "DELETE FROM billing_journal WHERE revision = 1 AND ordinal = 0"),
        (.newestRevision, "UPDATE billing_accounts SET revision = revision + 1"),
        (.newestRevision, "DELETE FROM billing_journal WHERE revision = 3"),
        (.knownAccount, "DELETE FROM billing_accounts"),
        (.heldUnits, "UPDATE billing_holds SET amount = amount + 1, units = units + 1"),
        (.liveGrants, "UPDATE billing_holds SET grant_id = 'another'"),
        // More than can be added up is found as well.
        (
            .heldUnits,
            """
            INSERT INTO billing_holds SELECT customer, 'another', part, meter, pool, grant_id, 9223372036854775807, \
            9223372036854775807, key, attempt, member, reserved_at, lapses_at FROM billing_holds
            """
        ),
        (.usedUnits, "UPDATE billing_journal SET amount = 9223372036854775807 WHERE effect = 'drawn'"),
        (.usedUnits, "UPDATE billing_journal SET amount = -9223372036854775808 WHERE effect = 'drawn'"),
        (.usedUnits, "UPDATE billing_balances SET grant_used = grant_used + 1"),
        (.usedUnits, "DELETE FROM billing_journal WHERE effect = 'drawn' AND revision = 2"),
    ])
    func `what was changed by hand is found`(rule: SQLSchema.Finding.Rule, sql: String) async throws {
        let store = try await SQLiteStore(path)
        let billing = try await system(store)
        _ = try await billing.consume(2, of: Self.documents, for: "org_acme", key: .request("1"))
        _ = try await billing.consume(3, of: Self.documents, for: "org_acme", key: .request("2"))
        _ = try await billing.reserve(4, of: Self.documents, for: "org_acme", key: .job("3"))
        #expect(try await store.checkIntegrity().isEmpty)
        try RawConnection(path: path).force(sql)
        let findings = try await store.checkIntegrity()
        #expect(findings.contains { $0.rule == rule }, "\(findings)")
        if rule != .file { #expect(findings.allSatisfy { $0.customer == "org_acme" }, "\(findings)") }
        await store.close()
    }

    // MARK: Reports

    @Test func `a report is read while a transaction is written, and does not see it`() async throws {
        let store = try await SQLiteStore(path)
        let billing = try await system(store)
        let (began, end) = (Gate(), Gate())
        let insertion = SQLStep(SQLStatement("INSERT INTO billing_catalogs (version, content) VALUES (7, '')"))
        let writing = Task {
            try await store.database.write(
                SQLTransaction(running: [insertion]) { _ in
                    began.open()
                    end.wait()
                }
            )
        }
        // Not waited for in a task: those are few, and each that is blocked is missed.
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                began.wait()
                continuation.resume()
            }
        }
        #expect(try await store.catalogVersions() == [1])
        #expect(try await billing.overview(of: "org_0")[Self.documents]?.used == 0)
        end.open()
        try await writing.value
        #expect(try await store.catalogVersions() == [7, 1])
        await store.close()
    }

    @Test func `a report sees what was answered before it`() async throws {
        let store = try await SQLiteStore(path)
        let billing = try await system(store)
        for number in 0..<200 {
            try await use(number * 7, of: billing)
            #expect(try await store.journal(JournalQuery(customer: "org_0")).count == number + 1)
        }
        await store.close()
    }

    @Test func `a reader neither writes nor copies the log`() async throws {
        let store = try await SQLiteStore(path)
        let step = SQLStep(SQLStatement("INSERT INTO billing_catalogs (version, content) VALUES (7, '')"))
        let error = await error { () throws(StoreError) in
            try await store.database.read(SQLTransaction(running: [step]) { _ in })
        }
        #expect(error?.code == .cannotOpen)
        let pragmas = PragmaReading.transaction(["query_only", "wal_autocheckpoint"])
        #expect(try await store.database.read(pragmas) == [[.integer(1)], [.integer(0)]])
        await store.close()
    }

    // MARK: Files

    @Test(arguments: zip(SQLiteStore.Durability.allCases, [2, 1, 0]))
    func `each durability is the connection's setting`(durability: SQLiteStore.Durability, value: Int64) async throws {
        let store = try await SQLiteStore(path, durability: durability)
        let settings = try await store.database.readInTurn(PragmaReading.transaction(["synchronous"]))
        #expect(settings == [[.integer(value)]])
        await store.close()
    }

    @Test func `a new file and its log are for their user alone, and one that is there keeps its permissions`()
        async throws
    {
        let store = try await SQLiteStore(path)
        try await use(1, of: system(store))
        for name in [path, path + "-wal", path + "-shm", path + ".lock"] { #expect(try permissions(name) == 0o600) }
        await store.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let again = try await SQLiteStore(path)
        try await use(2, of: system(again))
        #expect(try permissions(path) == 0o640)
        #expect(try permissions(path + "-wal") == 0o640)
        await again.close()
    }

    @Test func `a log that has grown is cut, and none is left by closing`() async throws {
        var settings = SQLiteSettings()
        settings.checkpointBytes = 20 * settings.pageBytes
        settings.logSizeLimit = 200_000
        let store = try await SQLiteStore(path, settings: settings)
        let billing = try await system(store)
        func size() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
        }
        // While somebody reads an instant, what comes after it cannot leave the log.
        let other = try RawConnection(path: path)
        try other.execute("BEGIN; SELECT count(*) FROM billing_journal")
        for number in 0..<100 { try await use(number, of: billing) }
        #expect(try size() > settings.logSizeLimit)
        try other.execute("COMMIT")
        for number in 100..<200 { try await use(number, of: billing) }
        #expect(try size() <= settings.logSizeLimit)
        await store.close()
        // Closed while somebody has the file open, it is in the database all the same.
        try other.execute("SELECT count(*) FROM billing_journal")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.range(of: Data("request:199".utf8)) != nil)
    }
}

/// Something that threads wait for.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() {
        semaphore.signal()
    }

    func wait() {
        semaphore.wait()
    }
}
#endif
