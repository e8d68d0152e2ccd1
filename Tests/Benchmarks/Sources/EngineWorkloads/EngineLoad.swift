public import BillingKit
import Measuring

/// Callers that use a billing system at once, each awaiting its answer before it asks again.
package struct EngineLoad: Sendable {
    /// How the keys of successive requests lie to each other.
    package enum KeyOrder: String, Sendable {
        /// Each after the one before it, as with identifiers that begin with the time.
        case ordered
        /// Anywhere.
        case random
    }

    /// The number of callers.
    package let callers: Int
    /// The number of accounts, used evenly and in no order.
    package let accounts: Int
    /// How the keys lie.
    package let keys: KeyOrder
    /// The requests, all callers together.
    package let requests: Int
    /// The events of one request: 1 for a plain use, more for a batch under one key.
    package let batch: Int

    /// Creates a load.
    package init(callers: Int, accounts: Int, keys: KeyOrder, requests: Int, batch: Int = 1) {
        self.callers = callers
        self.accounts = accounts
        self.keys = keys
        self.requests = requests - requests % callers
        self.batch = batch
    }

    /// Returns the customer of a number.
    package static func customer(_ number: Int) -> CustomerID {
        let digits = String(number)
        return CustomerID("customer-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits)
    }

    /// Uses each account once, so that all are open.
    ///
    /// - Parameters:
    ///   - billing: Who is asked.
    ///   - key: What each use has for its key.
    /// - Throws: What the system throws.
    package func open(on billing: BillingSystem, key: String = "open") async throws {
        let helpers = min(accounts, 1_024)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for helper in 0..<helpers {
                group.addTask {
                    for number in stride(from: helper, to: accounts, by: helpers) {
                        let customer = Self.customer(number)
                        _ = try await billing.consume(of: EngineFixture.meter, for: customer, key: .request(key))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Sends all requests.
    ///
    /// - Parameters:
    ///   - billing: Who is asked.
    ///   - seed: Names the requests: another seed for each run on one store.
    /// - Returns: How it went.
    /// - Throws: What the system throws, and a failure when a request is refused.
    package func run(on billing: BillingSystem, seed: UInt64) async throws -> EngineTiming {
        let share = requests / callers
        let lists = (0..<callers).map { caller in
            RequestList(of: self, count: share, caller: caller, seed: seed)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let latencies = try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for list in lists {
                group.addTask { try await list.send(to: billing) }
            }
            var all: [UInt32] = []
            all.reserveCapacity(requests)
            for try await some in group { all += some }
            return all
        }
        return EngineTiming(units: requests * batch, elapsed: start.duration(to: clock.now), latencies: latencies)
    }
}
