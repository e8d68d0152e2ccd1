import BillingJSON
package import BillingKit

extension SQLTransaction<Catalog> {
    /// Keeps a catalog unless its version is there already, and reads what is kept.
    static func keeping(_ catalog: Catalog) -> SQLTransaction {
        let table = LogTables.catalogs
        return SQLTransaction(
            .run([]) { _ throws(StoreError) in
                let row: [SQLValue] = [.integer(catalog.version.number), .text(try catalog.content)]
                let steps = [table.step(table.addition, rows: [row]), LogTables.catalogStep(for: catalog.version)]
                return .run(steps) { (rows) throws(StoreError) in
                    guard let kept = try Catalog.stored(in: rows.last) else {
                        throw StoreError(.corrupt, "Catalog version \(catalog.version) is gone after it was kept.")
                    }
                    return .done(kept)
                }
            }
        )
    }
}

extension SQLTransaction<Catalog?> {
    /// Reads a catalog.
    package static func catalog(_ version: Catalog.Version) -> SQLTransaction {
        SQLTransaction(
            .run([LogTables.catalogStep(for: version)]) { (rows) throws(StoreError) in
                .done(try Catalog.stored(in: rows.first))
            }
        )
    }
}

extension SQLTransaction<[Catalog.Version]> {
    /// Reads which catalogs there are, the latest first.
    static var catalogVersions: SQLTransaction {
        let statement = SQLStatement("SELECT version FROM billing_catalogs ORDER BY version DESC")
        return SQLTransaction(
            .run([SQLStep(statement)]) { (rows) throws(StoreError) in
                var versions: [Catalog.Version] = []
                for row in rows.first?.rows ?? [] {
                    var reader = SQLRowReader(row)
                    versions.append(Catalog.Version(try reader.integer()))
                }
                return .done(versions)
            }
        )
    }
}

extension SQLTransaction<CustomerID?> {
    /// Reads whom a provider's name belongs to.
    static func owner(of reference: ProviderReference) -> SQLTransaction {
        SQLTransaction(
            .run([JournalTables.ownerStep(for: [reference])]) { (rows) throws(StoreError) in
                .done(try JournalTables.owners(from: rows.first)[reference])
            }
        )
    }
}

extension LogTables {
    fileprivate static func catalogStep(for version: Catalog.Version) -> SQLStep {
        SQLStep(catalogs.selection(by: ["version"]), [.integers([version.number])])
    }
}

extension Catalog {
    /// The catalog as it is kept: the JSON that an operator writes, so that a person can read and compare it.
    fileprivate var content: String {
        get throws(StoreError) {
            do {
                return try json(indented: false)
            } catch {
                throw StoreError(.corrupt, "Catalog version \(version) cannot be written: \(error)")
            }
        }
    }

    fileprivate static func stored(in rows: SQLRows?) throws(StoreError) -> Catalog? {
        guard let row = rows?.rows.first else { return nil }
        var reader = SQLRowReader(row)
        let number = try reader.integer()
        let content = try reader.text()
        do {
            return try Catalog(json: content)
        } catch {
            throw StoreError(.corrupt, "The stored catalog of version \(number) cannot be read: \(error)")
        }
    }
}
