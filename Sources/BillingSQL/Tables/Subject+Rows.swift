import BillingKit

extension Account.Balance.Subject {
    /// The words that a subject's kind can be.
    static let kinds = ["meter", "pool"]

    var kind: String {
        switch self {
        case .meter: "meter"
        case .pool: "pool"
        }
    }

    init(kind: String, name: String) throws(StoreError) {
        switch kind {
        case "meter": self = .meter(Meter.ID(name))
        case "pool": self = .pool(CreditPool.ID(name))
        default: throw StoreError(.corrupt, "A row says '\(kind)' where that is no kind of balance.")
        }
    }
}

extension SQLValue {
    static func values(of subject: Account.Balance.Subject?) -> [SQLValue] {
        [SQLValue(subject?.kind), SQLValue(subject?.name)]
    }
}

extension SQLRowReader {
    mutating func subject() throws(StoreError) -> Account.Balance.Subject {
        try Account.Balance.Subject(kind: text(), name: text())
    }
}
