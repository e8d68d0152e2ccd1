import BillingKit

/// An instant as Polar writes it: RFC 3339, with six fractional digits or none.
struct PolarTimestamp: Decodable {
    let value: Timestamp

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "No RFC 3339 timestamp.")
        }
        self.value = value
    }
}
