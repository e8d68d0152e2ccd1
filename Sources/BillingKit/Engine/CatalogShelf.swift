/// The current catalog, and the earlier ones as they are asked for.
final class CatalogShelf: Sendable {
    let current: Catalog
    private let store: any BillingStore
    private let earlier = Lock<[Catalog.Version: Catalog]>([:])

    init(current: Catalog, store: any BillingStore) {
        self.current = current
        self.store = store
    }

    /// The earlier catalogs that were asked for so far.
    var earlierCatalogs: [Catalog.Version: Catalog] { earlier.withLock(\.self) }

    /// Returns the catalogs among what a decision needs.
    ///
    /// - Throws: ``StoreError``; ``BillingError`` when the store does not have one. It is never replaced by
    ///   another: a customer is not moved to other terms because a row is missing.
    func facts(for needs: [Account.Facts.Need]) async throws -> [Catalog.Version: Catalog] {
        var found: [Catalog.Version: Catalog] = [:]
        for case .catalog(let version) in needs {
            found[version] = try await catalog(version)
        }
        return found
    }

    /// Returns the catalog of a version.
    ///
    /// - Throws: As ``facts(for:)``.
    func catalog(_ version: Catalog.Version) async throws -> Catalog {
        if version == current.version { return current }
        if let known = earlier.withLock({ $0[version] }) { return known }
        guard let catalog = try await store.catalog(version) else {
            throw BillingError.catalogMissing(version)
        }
        earlier.withLock { $0[version] = catalog }
        return catalog
    }
}
