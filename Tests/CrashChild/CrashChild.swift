#if SQLite
import BillingKit
import BillingSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program that is killed in the middle of its work.
///
/// Its arguments are the path of a database and, for each of its tasks, the number of the first step to do. Every task
/// does its steps in order, each the same whenever it is done, and says `task step customer revision kind key` when one
/// has been answered. So it can be told where the one before it got to, and go on from there.
@main
struct CrashChild {
    static let documents = Meter.ID("documents")

    static func main() async throws {
        let arguments = CommandLine.arguments
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [documents: .limited(1_000_000_000, per: .month)]
        )
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        var settings = SQLiteSettings()
        // A log of few pages is often copied into the database, so that it is often killed while it is.
        settings.checkpointPages = 40
        let store = try await SQLiteStore(arguments[1], settings: settings)
        let billing = try await BillingSystem(catalog: catalog, store: store)
        await withTaskGroup(of: Void.self) { group in
            for (task, first) in arguments.dropFirst(2).compactMap({ Int($0) }).enumerated() {
                group.addTask {
                    var step = first
                    while true {
                        do {
                            try await Worker(billing: billing, task: task).perform(step)
                            step += 1
                        } catch {
                            say("\(task) \(step) failed: \(error)")
                            exit(1)
                        }
                    }
                }
            }
        }
    }
}

/// One task and what it does.
private struct Worker {
    let billing: BillingSystem
    let task: Int

    private var customer: CustomerID { CustomerID("org_\(task % 5)") }

    func perform(_ step: Int) async throws {
        let name = "\(task)-\(step)"
        let amount = Int64(1 + step % 3)
        switch step % 6 {
        case 3: try await work(step, name, amount)
        case 4:
            let answer = try await billing.grant(
                amount,
                of: CrashChild.documents,
                to: customer,
                from: .promotion,
                for: ("shop", name),
                key: .request(name)
            )
            guard case .granted(let receipt, _) = answer else { throw Unexpected(answer: "\(answer)") }
            acknowledge(step, receipt, "grant", "request:\(name)")
        case 5:
            let answer = try await billing.refund(.request("\(task)-\(step - 3)"), for: customer, key: .request(name))
            guard case .refunded(let receipt) = answer else { throw Unexpected(answer: "\(answer)") }
            acknowledge(step, receipt, "refund", "request:\(name)")
        default:
            let answer = try await billing.consume(
                amount,
                of: CrashChild.documents,
                for: customer,
                key: .request(name)
            )
            guard case .consumed(let receipt) = answer else { throw Unexpected(answer: "\(answer)") }
            acknowledge(step, receipt, "consume", "request:\(name)")
        }
    }

    private func work(_ step: Int, _ name: String, _ amount: Int64) async throws {
        let answer = try await billing.reserve(
            amount,
            of: CrashChild.documents,
            for: customer,
            key: .job(name),
            attempt: "1"
        )
        switch answer {
        case .reserved(let reservation):
            let receipt = try await billing.capture(reservation)
            acknowledge(step, receipt, "capture", "job:\(name)")
        case .alreadyDone(let receipt): acknowledge(step, receipt, "capture", "job:\(name)")
        case .denied: throw Unexpected(answer: "\(answer)")
        }
    }

    private func acknowledge(_ step: Int, _ receipt: Account.Receipt, _ kind: String, _ key: String) {
        say("\(task) \(step) \(customer) \(receipt.revision) \(kind) \(key)")
    }
}

private struct Unexpected: Error {
    let answer: String
}

/// Writes a line in one call, past every buffer that would be lost with the process.
private func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(1, bytes, bytes.count)
}
#else
@main
enum CrashChild {
    static func main() {}
}
#endif
