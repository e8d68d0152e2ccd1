import BillingKit
import BillingSQLite
import CSQLiteFloor
import EngineWorkloads
import Foundation
import Measuring

// Explore: accounts callers keys requestsPerRound rounds [shards]
let a = CommandLine.arguments
let (accounts, callers, requests, rounds) = (Int(a[1])!, Int(a[2])!, Int(a[4])!, Int(a[5])!)
let keys = EngineLoad.KeyOrder(rawValue: a[3])!
let group = callers
let folder = "/var/tmp/billing-bench"
try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
func clean(_ p: String) {
    for s in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: p + s) }
}
let base = "\(folder)/base-\(accounts).sqlite"
if !FileManager.default.fileExists(atPath: base) {
    let store = try await SQLiteStore(base)
    let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: store)
    await withTaskGroup(of: Void.self) { group in
        for worker in 0..<1024 {
            group.addTask {
                var number = worker
                while number < accounts {
                    _ = try! await billing.consume(
                        of: EngineFixture.meter,
                        for: EngineLoad.customer(number),
                        key: .request("open")
                    )
                    number += 1024
                }
            }
        }
    }
    await store.close()
}
let (ours, theirs) = ("\(folder)/ours.sqlite", "\(folder)/floor.sqlite")
clean(ours); clean(theirs)
try FileManager.default.copyItem(atPath: base, toPath: ours)
try FileManager.default.copyItem(atPath: base, toPath: theirs)
let store = try await SQLiteStore(ours)
var configuration = BillingSystem.Configuration()
if a.count > 6 { configuration.shardCount = Int(a[6]) ?? 1 }
let billing = try await BillingSystem(catalog: EngineFixture.catalog(), store: store, configuration: configuration)
// warm
let warm = EngineLoad(callers: 256, accounts: accounts, keys: keys, requests: min(accounts * 3, 300_000))
_ = try await warm.run(on: billing, seed: 99)
guard let floor = billing_floor_open(theirs, 10_000, 65_536) else { throw Failure("no floor") }
var latencies = [UInt32](repeating: 0, count: requests)
_ = billing_floor_run(
    floor,
    Int64(min(accounts * 3, 300_000)),
    256,
    Int32(accounts),
    keys == .ordered ? 1 : 0,
    99,
    &latencies
)
func cpu() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) * 1e6 }
var ratios: [Double] = []
for round in 1...rounds {
    let c0 = cpu()
    let s = billing_floor_run(
        floor,
        Int64(requests),
        Int32(group),
        Int32(accounts),
        keys == .ordered ? 1 : 0,
        UInt64(round),
        &latencies
    )
    let c1 = cpu()
    guard s > 0 else { throw Failure(String(cString: billing_floor_error(floor))) }
    let load = EngineLoad(callers: callers, accounts: accounts, keys: keys, requests: requests)
    let t = try await load.run(on: billing, seed: UInt64(round))
    let c2 = cpu()
    let f = Double(requests) / s
    ratios.append(t.rate / f)
    print(
        "floor \(Int(f))/s cpu \((c1 - c0) / Double(requests))  ours \(Int(t.rate))/s p50 \(t.median) p99 \(t.p99) cpu \((c2 - c1) / Double(requests)) ratio \(t.rate / f)"
    )
}
print("median ratio", ratios.sorted()[ratios.count / 2])
