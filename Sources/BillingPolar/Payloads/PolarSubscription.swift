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
    let currentPeriodStart: PolarTimestamp
    let currentPeriodEnd: PolarTimestamp?
    let cancelAtPeriodEnd: Bool?
    let endsAt: PolarTimestamp?
    let endedAt: PolarTimestamp?
    let pastDueAt: PolarTimestamp?
    let trialEnd: PolarTimestamp?
    let pauseAtPeriodEnd: Bool?
    let resumesAt: PolarTimestamp?
    let amount: Int64?
    let currency: String?
    let discountID: String?
    let seats: Int64?
    let units: Int64?
    let pendingUpdate: PendingUpdate?
    let createdAt: PolarTimestamp
    let modifiedAt: PolarTimestamp?

    /// A change that Polar makes later by itself.
    struct PendingUpdate: Decodable {
        let appliesAt: PolarTimestamp
        let productID: String?
        let seats: Int64?
        let units: Int64?

        private enum CodingKeys: String, CodingKey {
            case seats, units
            case appliesAt = "applies_at"
            case productID = "product_id"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, status, customer, amount, currency, seats, units
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
        case trialEnd = "trial_end"
        case pauseAtPeriodEnd = "pause_at_period_end"
        case resumesAt = "resumes_at"
        case discountID = "discount_id"
        case pendingUpdate = "pending_update"
        case createdAt = "created_at"
        case modifiedAt = "modified_at"
    }

    /// How often it is billed, or `nil` for an interval that this code does not know.
    var cycle: Recurrence? {
        recurringInterval
            .flatMap { Recurrence.Unit(rawValue: $0) }
            .map { Recurrence(every: recurringIntervalCount ?? 1, $0) }
    }

    /// Returns how often it is billed as a customer's state tells it, which does not say how many intervals a period has: one
    /// where the period is about as long, to three days, by which months differ; else nobody has said.
    ///
    /// - Parameter period: The period.
    /// - Returns: The cycle, or `nil` where it is not known.
    func cycle(by period: TimeSpan) -> Recurrence? {
        guard recurringIntervalCount == nil, let one = cycle else { return cycle }
        let difference = one.span(containing: period.start, from: period.start).end.duration(since: period.end)
        return difference <= .seconds(3 * 86_400) && difference >= .seconds(-3 * 86_400) ? one : nil
    }
}
