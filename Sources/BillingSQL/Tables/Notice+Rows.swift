import BillingKit

extension Account.Notice {
    /// The row of a notice that nobody has been told yet.
    var row: [SQLValue] {
        let (word, subject, other): (String, String, String?) =
            switch kind {
            case .exhausted(let meter): ("exhausted", meter.rawValue, nil)
            case .tierChanged(let from, let to): ("tier_changed", from.rawValue, to.rawValue)
            case .paymentDue(let subscription): ("payment_due", subscription, nil)
            }
        return [
            .text(customer.rawValue), .integer(revision), SQLValue(ordinal), .text(word), .text(subject),
            SQLValue(other), SQLValue(at), .text("waiting"), .integer(0),
            // Due at once, even for a teller whose clock stands before the account's time.
            .integer(.min),
        ]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let customer = CustomerID(try reader.text())
        let (revision, ordinal) = (try reader.integer(), try reader.integer())
        let (word, subject, other) = (try reader.text(), try reader.text(), try reader.optionalText())
        let kind: Kind
        switch (word, other) {
        case ("exhausted", _): kind = .exhausted(Meter.ID(subject))
        case ("tier_changed", let other?): kind = .tierChanged(from: Tier.ID(subject), to: Tier.ID(other))
        case ("payment_due", _): kind = .paymentDue(subject)
        default: throw StoreError(.corrupt, "A notice is of kind '\(word)', which this code does not know.")
        }
        self.init(
            customer: customer,
            revision: revision,
            ordinal: Int(clamping: ordinal),
            kind: kind,
            at: try reader.timestamp()
        )
    }
}
