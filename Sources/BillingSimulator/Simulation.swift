public import BillingInMemory
public import BillingKit

/// A world of customers, servers and a store that one seed determines, down to the order in which tasks take turns.
///
/// Servers share the store and a few customers. Calls to the store take their time, fail, do what they were to and
/// lose the answer; servers go down between any two steps and come back; clocks jump; customers ask, ask again
/// elsewhere, and use a key for something else. Then everything heals, and whoever was not answered asks again. An
/// auditor with books of its own holds every commit and every answer against the ``Invariant``s.
///
/// ```swift
/// let report = try Simulation(seed: 42).run()
/// print(report.violation ?? "all is well", report.digest)
/// ```
///
/// The same seed gives the same trace, byte for byte, in every process and in every build.
public struct Simulation: Sendable {
    /// What became of a world.
    public struct Report: Sendable {
        /// The seed that determines it.
        public let seed: UInt64

        /// What happened, one line for each event.
        public let trace: [UInt8]

        /// The 64-bit FNV-1a hash of the trace.
        public let digest: UInt64

        /// The number of steps that were run.
        public let steps: Int

        /// How often each kind of request met each outcome, and how often each thing went wrong.
        public let tally: Tally

        /// The first thing that the auditor found wrong, or `nil` for nothing.
        public let violation: Violation?
    }

    /// What determines the world.
    public let seed: UInt64

    /// The number of requests, apart from those that are sent again because nobody answered.
    public let requests: Int

    /// Creates a simulation.
    ///
    /// - Parameters:
    ///   - seed: What determines the world.
    ///   - requests: The number of requests, 1 or more.
    public init(seed: UInt64, requests: Int = 80) {
        self.seed = seed
        self.requests = max(1, requests)
    }

    /// Lets the world live on the calling thread, until it is at rest or something is found wrong.
    ///
    /// - Parameter store: An empty store, which must not sleep by the machine's clock or wait for input and output:
    ///   the seed does not determine when that ends.
    /// - Returns: What became of the world.
    /// - Throws: ``/BillingModel/CatalogError`` when the world's own catalog is wrong, which no seed changes.
    public func run(on store: any BillingStore = InMemoryStore()) throws -> Report {
        var world = World(seed: seed, requests: requests, on: store, catalog: try Shop.catalog())
        world.run()
        let trace = world.chronicle.trace
        return Report(
            seed: seed,
            trace: trace.bytes,
            digest: trace.digest.value,
            steps: world.executor.steps,
            tally: world.chronicle.tally,
            violation: world.chronicle.violation
        )
    }
}
