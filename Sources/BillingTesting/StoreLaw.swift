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
/// A store that passes them all cannot be told from the in-memory store by the engine.
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
    /// - Throws: What the store throws where the law expects an answer.
    public func check(
        sourceLocation location: SourceLocation = #_sourceLocation,
        _ makeStore: @Sendable () async throws -> any BillingStore
    ) async throws {
        try await body(StoreTrial(store: makeStore(), location: location))
    }

    /// All laws.
    public static let all: [StoreLaw] =
        accounts + due + journal + life + facts + chance + deliveries + notices + catalogs
}
