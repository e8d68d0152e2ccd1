/// The state of a customer.
struct PolarCustomerState: Decodable {
    let id: String
    let externalID: String?
    let activeSubscriptions: [PolarSubscription]?

    private enum CodingKeys: String, CodingKey {
        case id
        case externalID = "external_id"
        case activeSubscriptions = "active_subscriptions"
    }
}
