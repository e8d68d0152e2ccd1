import BillingKit
import BillingSQLite
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

    /// Returns the path of a fresh copy of the file in which all accounts are open.
    func file(_ name: String, accounts: Int) async throws -> String {
        let base = folder.appending(path: "base-\(accounts).sqlite")
        if !FileManager.default.fileExists(atPath: base.path) {
            let store = try await SQLiteStore(base.path)
            let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: store)
            try await EngineLoad(callers: 1, accounts: accounts, keys: .random, requests: 1).open(on: billing)
            await store.close()
        }
        let copy = folder.appending(path: "\(name).sqlite")
        for suffix in ["", "-wal", "-shm", ".lock"] {
            try? FileManager.default.removeItem(atPath: copy.path + suffix)
        }
        try FileManager.default.copyItem(at: base, to: copy)
        return copy.path
    }
}
