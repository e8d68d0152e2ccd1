import BillingInMemory
import BillingKit
import Testing

/// A store under trial, with systems on it.
struct SystemTrial: Sendable {
    let judge: StoreTrial
    let clock = ManualClock(at: StoreTrial.start)
    let entropy = SeededEntropy(seed: 42)

    init(store: any BillingStore, location: SourceLocation) {
        judge = StoreTrial(store: store, location: location)
    }

    var store: any BillingStore { judge.store }

    /// One server's system; several on one store are several servers.
    func system(observers: [any BillingObserver] = []) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: Fixture.catalog,
            store: store,
            observers: observers,
            clock: clock,
            entropy: entropy
        )
    }

    /// Returns the code of the error that a call throws.
    func code(_ body: () async throws -> some Sendable) async -> Account.DecisionError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? Account.DecisionError)?.code
        }
    }
}

/// An error that work throws.
struct WorkFailed: Error {}
