import BillingKit

extension Upgrade {
    func row(at place: [SQLValue]) -> [SQLValue] {
        let (kind, value) =
            switch key {
            case .reference(let reference): ("reference", reference)
            case .tier(let tier): ("tier", tier.rawValue)
            }
        return place + [.text(kind), .text(value), SQLValue(tier)] + SQLValue.values(of: cycle)
            + [
                .text(stage.rawValue), SQLValue(startedBy), SQLValue(clickedAt), SQLValue(checkout),
                SQLValue(checkoutAt),
            ] + SQLValue.values(of: checkoutVersion) + [SQLValue(order), SQLValue(completedAt)]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let (kind, value) = (try reader.text(), try reader.text())
        self.init(
            key: kind == "reference" ? .reference(value) : .tier(Tier.ID(value)),
            tier: Tier.ID(try reader.text()),
            cycle: try reader.recurrence(),
            stage: try reader.word(of: Stage.self),
            startedBy: try reader.optionalText().map { MemberID($0) },
            clickedAt: try reader.optionalTimestamp(),
            checkout: try reader.optionalText(),
            checkoutAt: try reader.optionalTimestamp(),
            checkoutVersion: try reader.optionalVersion(),
            order: try reader.optionalText(),
            completedAt: try reader.optionalTimestamp()
        )
    }
}
