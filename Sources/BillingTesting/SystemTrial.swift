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
    func system(
        _ catalog: Catalog = Fixture.catalog,
        on store: (any BillingStore)? = nil,
        observers: [any BillingObserver] = []
    ) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: catalog,
            store: store ?? self.store,
            observers: observers,
            clock: clock,
            entropy: entropy
        )
    }

    /// Two servers that sell everything there is to sell.
    func servers() async throws -> [BillingSystem] {
        let catalog = try Fixture.makeSalesCatalog()
        return [try await system(catalog), try await system(catalog)]
    }

    /// Returns how many of a number of calls at once say yes.
    func count(
        _ number: Int,
        where body: @escaping @Sendable (Int) async throws -> Bool
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<number { group.addTask { try await body(index) } }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
    }

    /// Returns the number of a customer's changes.
    func journalLength(of customer: CustomerID) async throws -> Int {
        try await store.journal(JournalQuery(customer: customer)).count
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
