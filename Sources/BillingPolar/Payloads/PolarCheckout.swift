/// A checkout.
struct PolarCheckout: Decodable {
    let id: String
    let status: String
    let productID: String?
    let customerID: String?
    let externalCustomerID: String?
    let metadata: PolarMetadata?
    let createdAt: PolarTimestamp
    let modifiedAt: PolarTimestamp?
    let expiresAt: PolarTimestamp?
    let url: String?

    private enum CodingKeys: String, CodingKey {
        case id, status, metadata, url
        case productID = "product_id"
        case customerID = "customer_id"
        case externalCustomerID = "external_customer_id"
        case createdAt = "created_at"
        case modifiedAt = "modified_at"
        case expiresAt = "expires_at"
    }
}
