import BillingKit

extension SQLTransaction<Bool> {
    // The first is asked for, and not any: a database that takes much to be due would look for any from the table's beginning.

    /// Reads whether a delivery of a provider is due.
    static func isAnyDue(_ request: LeaseDeliveriesRequest) -> SQLTransaction {
        let question = SQLStatement(
            once: "SELECT 1 FROM billing_deliveries WHERE provider = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT 1"
        )
        let columns: [SQLColumn] = [
            .texts([request.provider.rawValue]), .integers([request.lease.now.microseconds]),
        ]
        return SQLTransaction(running: [SQLStep(question, columns)]) { $0.first?.rows.isEmpty == false }
    }

    /// Reads whether a notice is due.
    static func isAnyDue(_ request: LeaseRequest) -> SQLTransaction {
        let question = SQLStatement(once: "SELECT 1 FROM billing_notices WHERE due_at <= ?1 ORDER BY due_at LIMIT 1")
        return SQLTransaction(running: [SQLStep(question, [.integers([request.now.microseconds])])]) {
            $0.first?.rows.isEmpty == false
        }
    }
}
