import BillingKit

/// An order.
struct PolarOrder: Decodable {
    let id: String
    let status: String
    let paid: Bool?
    let billingReason: String
    let totalAmount: Int64
    let refundedAmount: Int64?
    let currency: String
    let productID: String?
    let customerID: String?
    let customer: PolarCustomer?
    let subscriptionID: String?
    let checkoutID: String?
    let metadata: PolarMetadata?
    let createdAt: Timestamp
    let modifiedAt: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case id, status, paid, currency, customer, metadata
        case billingReason = "billing_reason"
        case totalAmount = "total_amount"
        case refundedAmount = "refunded_amount"
        case productID = "product_id"
        case customerID = "customer_id"
        case subscriptionID = "subscription_id"
        case checkoutID = "checkout_id"
        case createdAt = "created_at"
        case modifiedAt = "modified_at"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        status = try container.decode(String.self, forKey: .status)
        paid = try container.decodeIfPresent(Bool.self, forKey: .paid)
        billingReason = try container.decode(String.self, forKey: .billingReason)
        totalAmount = try container.decode(Int64.self, forKey: .totalAmount)
        refundedAmount = try container.decodeIfPresent(Int64.self, forKey: .refundedAmount)
        currency = try container.decode(String.self, forKey: .currency)
        productID = try container.decodeIfPresent(String.self, forKey: .productID)
        customerID = try container.decodeIfPresent(String.self, forKey: .customerID)
        customer = try container.decodeIfPresent(PolarCustomer.self, forKey: .customer)
        subscriptionID = try container.decodeIfPresent(String.self, forKey: .subscriptionID)
        checkoutID = try container.decodeIfPresent(String.self, forKey: .checkoutID)
        metadata = try container.decodeIfPresent(PolarMetadata.self, forKey: .metadata)
        createdAt = try container.timestamp(.createdAt)
        modifiedAt = try container.optionalTimestamp(.modifiedAt)
    }
}
