public import BillingKit
public import Testing

/// One law of the store's contract, as a test.
///
/// Run every law on a store of your own; each gets fresh stores from a factory:
///
/// ```swift
/// @Test(arguments: StoreLaw.all)
/// func law(_ law: StoreLaw) async throws {
///     try await law.check { try await MyStore() }
/// }
/// ```
///
/// A store that passes them all cannot be told from the in-memory store by the engine. What it keeps when its process
/// goes down is ``LastingLaw``'s to try, and what a host sees through it ``SystemLaw``'s.
public struct StoreLaw: Sendable, CustomTestStringConvertible {
    /// What the law says.
    public let name: String

    private let body: @Sendable (StoreTrial) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (StoreTrial) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// What the law says.
    public var testDescription: String { name }

    /// Holds a store to the law.
    ///
    /// - Parameters:
    ///   - location: Where a breach is reported; the caller's line by default.
    ///   - makeStore: Makes an empty store.
    /// - Throws: What making the store throws. What the store throws where the law expects an answer is a breach.
    public func check(
        sourceLocation location: SourceLocation = #_sourceLocation,
        _ makeStore: @Sendable () async throws -> any BillingStore
    ) async throws {
        await StoreTrial(store: try await makeStore(), location: location).judge(body)
    }

    /// All laws.
    public static let all: [StoreLaw] =
        accounts + commits + updates + customers + names + due + journal + life + facts + chance + upgrades + forgetting
        + deliveries + rivals
        + leases + duties + notices
        + catalogs + bounds
}
