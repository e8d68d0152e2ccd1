import BillingKit

extension JournalTables {
    /// The question for the owners of provider's names.
    static func ownerStep(for references: [ProviderReference]) -> SQLStep {
        SQLStep(
            JournalTables.references.selection(by: ["provider", "kind", "id"]),
            [
                .texts(references.map(\.provider.rawValue)), .texts(references.map(\.kind.rawValue)),
                .texts(references.map(\.id)),
            ]
        )
    }

    /// Reads the answer to it.
    static func owners(from rows: SQLRows?) throws(StoreError) -> [ProviderReference: CustomerID] {
        var owners: [ProviderReference: CustomerID] = [:]
        for row in rows?.rows ?? [] {
            var reader = SQLRowReader(row)
            let reference = ProviderReference(
                provider: ProviderID(try reader.text()),
                kind: try reader.word(of: ProviderReference.Kind.self),
                id: try reader.text()
            )
            owners[reference] = CustomerID(try reader.text())
        }
        return owners
    }
}
