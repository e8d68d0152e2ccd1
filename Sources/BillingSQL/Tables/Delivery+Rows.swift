import BillingKit

extension Delivery {
    /// Reads a delivery from a row of its table.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            id: Delivery.ID(provider: ProviderID(try reader.text()), id: try reader.text()),
            body: try reader.blob(),
            receivedAt: try reader.timestamp(),
            state: try reader.word(of: Delivery.State.self),
            detail: try reader.text(),
            attempts: try reader.attempts(),
            dueAt: try reader.optionalTimestamp()
        )
    }

    init(row: [SQLValue]) throws(StoreError) {
        var reader = SQLRowReader(row)
        try self.init(&reader)
    }
}
