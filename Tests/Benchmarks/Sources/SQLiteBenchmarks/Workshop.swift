import BillingKit
import BillingSQLite
import CSQLiteFloor
import EngineWorkloads
import Foundation
import Measuring

/// Files for one number of accounts: opened once, then copied for whoever writes.
struct Workshop {
    let folder: URL

    init() throws {
        // Where the system's directory for temporary files is in memory, nothing would be flushed to a disk.
        let disk = ProcessInfo.processInfo.environment["BENCH_DIRECTORY"].map { URL(filePath: $0) }
        folder = (disk ?? FileManager.default.temporaryDirectory).appending(path: "billing-benchmarks-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func removeAll() {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Returns the path of a fresh copy of the file in which all accounts are open, with as many uses in the journal.
    func file(_ name: String, accounts: Int, uses: Int) async throws -> String {
        let base = folder.appending(path: "base-\(accounts)-\(uses).sqlite")
        if !FileManager.default.fileExists(atPath: base.path) {
            let store = try await SQLiteStore(base.path)
            let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: store)
            try await EngineLoad(callers: 1, accounts: accounts, keys: .random, requests: 1).open(on: billing)
            await store.close()
            try fill(base.path, accounts: accounts, uses: uses)
        }
        let copy = folder.appending(path: "\(name).sqlite")
        for suffix in ["", "-wal", "-shm", ".lock"] {
            try? FileManager.default.removeItem(atPath: copy.path + suffix)
        }
        try FileManager.default.copyItem(at: base, to: copy)
        return copy.path
    }

    /// Adds uses to a file in the quickest way there is.
    private func fill(_ path: String, accounts: Int, uses: Int) throws {
        guard uses > 0 else { return }
        guard let floor = billing_floor_open(path, 20_480, 12_288) else {
            throw Failure("The floor cannot open its file.")
        }
        defer { billing_floor_close(floor) }
        let group = 4_096
        var latencies = [UInt32](repeating: 0, count: uses / group + 1)
        let seconds = billing_floor_run(floor, Int64(uses), Int32(group), Int32(accounts), 1, 1, 999, &latencies)
        guard seconds > 0 else { throw Failure(String(cString: billing_floor_error(floor))) }
    }

    /// Forgets the files of a number of accounts and uses, which may be large.
    func remove(accounts: Int, uses: Int) {
        try? FileManager.default.removeItem(at: folder.appending(path: "base-\(accounts)-\(uses).sqlite"))
    }
}
