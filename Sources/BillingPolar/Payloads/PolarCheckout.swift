import BillingKit

/// A checkout.
struct PolarCheckout: Decodable {
    let id: String
    let status: String
    let productID: String?
    let customerID: String?
    let externalCustomerID: String?
    let metadata: PolarMetadata?
    let createdAt: Timestamp
    let modifiedAt: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case id, status, metadata
        case productID = "product_id"
        case customerID = "customer_id"
        case externalCustomerID = "external_customer_id"
        case createdAt = "created_at"
        case modifiedAt = "modified_at"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        status = try container.decode(String.self, forKey: .status)
        productID = try container.decodeIfPresent(String.self, forKey: .productID)
        customerID = try container.decodeIfPresent(String.self, forKey: .customerID)
        externalCustomerID = try container.decodeIfPresent(String.self, forKey: .externalCustomerID)
        metadata = try container.decodeIfPresent(PolarMetadata.self, forKey: .metadata)
        createdAt = try container.timestamp(.createdAt)
        modifiedAt = try container.optionalTimestamp(.modifiedAt)
    }
}
