package import BillingKit

/// One task of a system that is killed, or whose database is.
///
/// Its steps are numbered, and each is the same whenever it is done. So it can be told where it got to, and go on from
/// there.
package struct CrashWorker: Sendable {
    private static let documents = Meter.ID("documents")

    /// The customers, each of whom several tasks work for.
    package static let customers = (0..<5).map { CustomerID("org_\($0)") }

    /// The catalog, whose units no run uses up.
    package static func catalog() throws(CatalogError) -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [documents: .limited(1_000_000_000, per: .month)]
        )
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    /// The keys that a step may have been done under.
    package static func keys(ofStep number: Int, of task: Int) -> [Account.Key] {
        ["request", "job"].map { Account.Key("\($0):\(task)-\(number)") }
    }

    private let billing: BillingSystem
    private let task: Int

    package init(_ task: Int, on billing: BillingSystem) {
        self.task = task
        self.billing = billing
    }

    private struct Unexpected: Error {
        let answer: String
    }

    private var customer: CustomerID { Self.customers[task % Self.customers.count] }

    /// Does a step, and returns what was acknowledged.
    package func perform(_ step: Int) async throws -> CrashStep {
        let name = "\(task)-\(step)"
        let amount = Int64(1 + step % 3)
        switch step % 6 {
        case 3: return try await work(step, name, amount)
        case 4:
            let answer = try await billing.grant(
                amount,
                of: Self.documents,
                to: customer,
                from: .promotion,
                for: ("shop", name),
                key: .request(name)
            )
            guard case .granted(let receipt, _) = answer else { throw Unexpected(answer: "\(answer)") }
            return acknowledged(step, receipt, "grant", "request:\(name)")
        case 5:
            let answer = try await billing.refund(.request("\(task)-\(step - 3)"), for: customer, key: .request(name))
            guard case .refunded(let receipt) = answer else { throw Unexpected(answer: "\(answer)") }
            return acknowledged(step, receipt, "refund", "request:\(name)")
        default:
            let answer = try await billing.consume(amount, of: Self.documents, for: customer, key: .request(name))
            guard case .consumed(let receipt) = answer else { throw Unexpected(answer: "\(answer)") }
            return acknowledged(step, receipt, "consume", "request:\(name)")
        }
    }

    private func work(_ step: Int, _ name: String, _ amount: Int64) async throws -> CrashStep {
        let answer = try await billing.reserve(
            amount,
            of: Self.documents,
            for: customer,
            key: .job(name),
            attempt: "1"
        )
        switch answer {
        case .reserved(let reservation):
            return acknowledged(step, try await billing.capture(reservation), "capture", "job:\(name)")
        case .alreadyDone(let receipt): return acknowledged(step, receipt, "capture", "job:\(name)")
        case .denied: throw Unexpected(answer: "\(answer)")
        }
    }

    private func acknowledged(_ step: Int, _ receipt: Account.Receipt, _ kind: String, _ key: String) -> CrashStep {
        CrashStep(task: task, number: step, receipt: receipt, of: customer, kind: kind, key: key)
    }
}
