import BillingJSON
import BillingKit

extension [Account.Override] {
    /// The rows of overrides in their order, after the columns that say where they belong.
    func rows(at place: [SQLValue]) -> [[SQLValue]] {
        enumerated().map { index, override in
            let content = override.content
            return place + [
                SQLValue(index), .text(content.kind), .text(content.subject), .text(content.json),
                SQLValue(override.end),
            ]
        }
    }
}

extension Account.Override {
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let position = try reader.integer()
        let content = Content(kind: try reader.text(), subject: try reader.text(), json: try reader.text())
        let end = try reader.optionalTimestamp()
        do {
            self = try Account.Override(content, until: end)
        } catch {
            throw StoreError(.corrupt, "The override at position \(position) cannot be read: \(error)")
        }
    }
}
