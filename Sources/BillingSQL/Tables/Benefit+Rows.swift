import BillingKit

extension Benefit {
    func row(at place: [SQLValue]) -> [SQLValue] {
        let (kind, name, units, rollsOver): (String, String, Int64?, Bool) =
            switch gift {
            case .units(let units, of: let subject, let rollsOver): (subject.kind, subject.name, units, rollsOver)
            case .feature(let feature): ("feature", feature.rawValue, nil, false)
            }
        return place + [SQLValue(key.provider), .text(key.id)] + SQLValue.values(of: version)
            + [
                .text(kind), .text(name), SQLValue(units), SQLValue(rollsOver), SQLValue(isGranted),
                SQLValue(subscription), SQLValue(creditedAt), SQLValue(revokedAt), SQLValue(replacedAt),
            ]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let key = Key(provider: ProviderID(try reader.text()), id: try reader.text())
        let version = try reader.version()
        let (kind, name) = (try reader.text(), try reader.text())
        let (units, rollsOver) = (try reader.optionalInteger(), try reader.flag())
        let gift: Gift
        switch (kind, units) {
        case ("feature", nil): gift = .feature(Feature.ID(name))
        case (_, let units?): gift = .units(units, of: try .init(kind: kind, name: name), rollsOver: rollsOver)
        default: throw StoreError(.corrupt, "A row says '\(kind)' where that is nothing that a benefit gives.")
        }
        self.init(
            key: key,
            version: version,
            gift: gift,
            isGranted: try reader.flag(),
            subscription: try reader.optionalText(),
            creditedAt: try reader.optionalTimestamp(),
            revokedAt: try reader.optionalTimestamp(),
            replacedAt: try reader.optionalTimestamp()
        )
    }
}
