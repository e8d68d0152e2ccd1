import BillingKit

/// The store under trial, of which calls fail as a law plans it.
final class TroubledStore: WrappingStore {
    /// A fault of one call.
    enum Fault: Hashable, Sendable {
        /// The call fails before anything happens.
        case before(StoreError.Code)
        /// The call is made and then fails, as when the connection breaks during the commit.
        case after(StoreError.Code)

        var code: StoreError.Code {
            switch self {
            case .before(let code), .after(let code): code
            }
        }
    }

    /// One call of those that commands are answered with.
    struct Call: Sendable {
        enum Kind: Hashable, Sendable { case load, commit, keep, catalog, journal }

        let kind: Kind
        /// The calls of the plan so far, this one included.
        let number: Int
        let customers: [CustomerID]
    }

    private struct State {
        var plan: (@Sendable (Call) -> Fault?)?
        var calls = 0
        var faults = 0
    }

    let base: any BillingStore
    private let state = Lock(State())

    init(_ base: any BillingStore) {
        self.base = base
    }

    /// Has calls fail from now on, counted from 1.
    func plan(_ plan: @escaping @Sendable (Call) -> Fault?) {
        state.withLock { $0 = State(plan: plan) }
    }

    /// Has calls succeed again.
    ///
    /// - Returns: The calls that were made under the plan, and those among them that failed.
    @discardableResult
    func heal() -> (calls: Int, faults: Int) {
        state.withLock { state in
            defer { state = State() }
            return (state.calls, state.faults)
        }
    }

    private func perform<Answer>(
        _ kind: Call.Kind,
        of customers: [CustomerID] = [],
        _ body: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let fault = state.withLock { state -> Fault? in
            state.calls += 1
            let fault = state.plan?(Call(kind: kind, number: state.calls, customers: customers))
            if fault != nil { state.faults += 1 }
            return fault
        }
        guard let fault else { return try await body() }
        if case .after = fault { _ = try await body() }
        throw StoreError(fault.code, "The trial has planned this call to fail.")
    }

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        try await perform(.load, of: request.items.map(\.customer)) { () throws(StoreError) in
            try await base.load(request)
        }
    }

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        try await perform(.commit, of: request.items.map(\.account.customer)) { () throws(StoreError) in
            try await base.commit(request)
        }
    }

    func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog {
        try await perform(.keep) { () throws(StoreError) in try await base.keep(catalog) }
    }

    func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? {
        try await perform(.catalog) { () throws(StoreError) in try await base.catalog(version) }
    }

    func catalogVersions() async throws(StoreError) -> [Catalog.Version] {
        try await perform(.catalog) { () throws(StoreError) in try await base.catalogVersions() }
    }

    func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        try await perform(.journal, of: [query.customer]) { () throws(StoreError) in try await base.journal(query) }
    }
}
