import BillingInMemory
import BillingKit
import BillingSQLite
import EngineWorkloads
import Foundation

// quick: store callers accounts keys requests batch group
let a = CommandLine.arguments
let load = EngineLoad(
    callers: Int(a[2])!,
    accounts: Int(a[3])!,
    keys: .init(rawValue: a[4])!,
    requests: Int(a[5])!,
    batch: Int(a[6])!
)
let store: any BillingStore
if a[1] == "memory" {
    store = InMemoryStore()
} else {
    for suffix in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: a[1] + suffix) }
    store = try await SQLiteStore(a[1])
}
var configuration = BillingSystem.Configuration()
if a.count > 7 { configuration.shardCount = Int(a[7]) ?? 4 }
let billing = try await BillingSystem(
    catalog: EngineFixture.catalog(),
    store: store,
    configuration: configuration
)
// Opens every account.
let opening = ContinuousClock.now
await withTaskGroup(of: Void.self) { group in
    for worker in 0..<256 {
        group.addTask {
            var number = worker
            while number < load.accounts {
                _ = try? await billing.consume(
                    of: EngineFixture.meter,
                    for: EngineLoad.customer(number),
                    key: .request("open")
                )
                number += 256
            }
        }
    }
}
print("opened in \(ContinuousClock.now - opening)")
for round in 1...3 {
    var before = rusage(); getrusage(0 as Int32 as __rusage_who_t, &before)
    let timing = try await load.run(on: billing, seed: UInt64(round))
    var after = rusage(); getrusage(0 as Int32 as __rusage_who_t, &after)
    func us(_ r: rusage) -> Int {
        (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1_000_000 + Int(r.ru_utime.tv_usec + r.ru_stime.tv_usec)
    }
    print("cpu us/op", Double(us(after) - us(before)) / Double(load.requests * load.batch))
    print(
        "\(a[1]) callers=\(load.callers) accounts=\(load.accounts) \(load.keys): \(Int(timing.rate))/s p50 \(timing.median) p99 \(timing.p99)"
    )
}
