import BillingKit

extension Account.Order {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + [SQLValue(provider), .text(id)] + SQLValue.values(of: version)
            + [
                .text(status), SQLValue(isPaid), .text(purpose.rawValue), SQLValue(createdAt),
                .integer(total.minorUnits), .text(total.currency.code), .integer(refundedMinorUnits), SQLValue(tier),
                SQLValue(subscription), SQLValue(checkout), SQLValue(reference),
                SQLValue(pack),
            ]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let (provider, id) = (ProviderID(try reader.text()), try reader.text())
        let version = try reader.version()
        let (status, isPaid) = (try reader.text(), try reader.flag())
        let purpose = try reader.word(of: Purpose.self)
        let createdAt = try reader.timestamp()
        let (minorUnits, code) = (try reader.integer(), try reader.text())
        guard let currency = Currency(code: code) else {
            throw StoreError(.corrupt, "An order is in '\(code)', which is no currency.")
        }
        let refundedMinorUnits = try reader.integer()
        let tier = try reader.optionalText().map { Tier.ID($0) }
        let (subscription, checkout) = (try reader.optionalText(), try reader.optionalText())
        let reference = try reader.optionalText()
        self.init(
            provider: provider,
            id: id,
            version: version,
            status: status,
            isPaid: isPaid,
            purpose: purpose,
            createdAt: createdAt,
            total: Money(minorUnits: minorUnits, currency: currency),
            refundedMinorUnits: refundedMinorUnits,
            tier: tier,
            pack: try reader.optionalText().map { Pack.ID($0) },
            subscription: subscription,
            checkout: checkout,
            reference: reference
        )
    }
}
