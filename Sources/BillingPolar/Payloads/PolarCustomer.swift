/// The customer within another object, or on its own.
struct PolarCustomer: Decodable {
    let id: String
    let externalID: String?

    private enum CodingKeys: String, CodingKey {
        case id
        case externalID = "external_id"
    }
}
