/// Money as a catalog's prices are encoded: minor units and the currency's code.
struct CodedMoney: Codable {
    let money: Money

    init(money: Money) {
        self.money = money
    }

    private enum CodingKeys: String, CodingKey {
        case minorUnits, currency
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let code = try container.decode(String.self, forKey: .currency)
        guard let currency = Currency(code: code) else {
            throw DecodingError.dataCorruptedError(
                forKey: .currency,
                in: container,
                debugDescription: "'\(code)' is no currency."
            )
        }
        money = Money(minorUnits: try container.decode(Int64.self, forKey: .minorUnits), currency: currency)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(money.minorUnits, forKey: .minorUnits)
        try container.encode(money.currency.code, forKey: .currency)
    }
}
