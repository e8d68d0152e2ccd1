public import BillingKit
public import Testing

/// One law of the whole system on a store: what a host relies on, whatever lies below.
public struct SystemLaw: Sendable, CustomTestStringConvertible {
    /// What the law says.
    public let name: String

    private let body: @Sendable (SystemTrial) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (SystemTrial) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// What the law says.
    public var testDescription: String { name }

    /// Holds a system on a store to the law.
    ///
    /// - Parameters:
    ///   - location: Where a breach is reported; the caller's line by default.
    ///   - makeStore: Makes an empty store.
    /// - Throws: What making the store throws. What the system throws where the law expects an answer is a breach.
    public func check(
        sourceLocation location: SourceLocation = #_sourceLocation,
        _ makeStore: @Sendable () async throws -> any BillingStore
    ) async throws {
        let trial = SystemTrial(store: try await makeStore(), location: location)
        await trial.judge.judge { _ in try await body(trial) }
    }

    /// All laws.
    public static let all: [SystemLaw] =
        gate + checks + events + gauges + limits + work + reservations + credits + pools + refunds + countsPutRight
        + terms + upgrades + past + examinations + sweeps + deductions + faults + cancellations
}
