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
    let createdAt: PolarTimestamp
    let modifiedAt: PolarTimestamp?

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
}
