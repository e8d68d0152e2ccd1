import BillingKit

/// A subscription.
struct PolarSubscription: Decodable {
    let id: String
    let status: String
    let productID: String
    let customerID: String?
    let customer: PolarCustomer?
    let recurringInterval: String?
    let recurringIntervalCount: Int?
    let currentPeriodStart: Timestamp
    let currentPeriodEnd: Timestamp?
    let cancelAtPeriodEnd: Bool?
    let endsAt: Timestamp?
    let endedAt: Timestamp?
    let pastDueAt: Timestamp?
    let createdAt: Timestamp
    let modifiedAt: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case id, status, customer
        case productID = "product_id"
        case customerID = "customer_id"
        case recurringInterval = "recurring_interval"
        case recurringIntervalCount = "recurring_interval_count"
        case currentPeriodStart = "current_period_start"
        case currentPeriodEnd = "current_period_end"
        case cancelAtPeriodEnd = "cancel_at_period_end"
        case endsAt = "ends_at"
        case endedAt = "ended_at"
        case pastDueAt = "past_due_at"
        case createdAt = "created_at"
        case modifiedAt = "modified_at"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        status = try container.decode(String.self, forKey: .status)
        productID = try container.decode(String.self, forKey: .productID)
        customerID = try container.decodeIfPresent(String.self, forKey: .customerID)
        customer = try container.decodeIfPresent(PolarCustomer.self, forKey: .customer)
        recurringInterval = try container.decodeIfPresent(String.self, forKey: .recurringInterval)
        recurringIntervalCount = try container.decodeIfPresent(Int.self, forKey: .recurringIntervalCount)
        currentPeriodStart = try container.timestamp(.currentPeriodStart)
        currentPeriodEnd = try container.optionalTimestamp(.currentPeriodEnd)
        cancelAtPeriodEnd = try container.decodeIfPresent(Bool.self, forKey: .cancelAtPeriodEnd)
        endsAt = try container.optionalTimestamp(.endsAt)
        endedAt = try container.optionalTimestamp(.endedAt)
        pastDueAt = try container.optionalTimestamp(.pastDueAt)
        createdAt = try container.timestamp(.createdAt)
        modifiedAt = try container.optionalTimestamp(.modifiedAt)
    }

    /// How often it is billed, or `nil` for an interval that this code does not know.
    var cycle: Recurrence? {
        recurringInterval
            .flatMap { Recurrence.Unit(rawValue: $0) }
            .map { Recurrence(every: recurringIntervalCount ?? 1, $0) }
    }
}
