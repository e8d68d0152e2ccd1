import BillingKit

/// What Polar has given a customer beside a product: a benefit grant.
struct PolarBenefitGrant: Decodable {
    let id: String
    let benefitID: String
    let customerID: String?
    let customer: PolarCustomer?
    let subscriptionID: String?
    let isGranted: Bool
    let grantedAt: PolarTimestamp?
    let isRevoked: Bool?
    let revokedAt: PolarTimestamp?
    let properties: Properties?
    let createdAt: PolarTimestamp
    let modifiedAt: PolarTimestamp?

    /// What is said of a benefit that credits a meter.
    struct Properties: Decodable {
        let lastCreditedUnits: Int64?
        let lastCreditedAt: PolarTimestamp?

        private enum CodingKeys: String, CodingKey {
            case lastCreditedUnits = "last_credited_units"
            case lastCreditedAt = "last_credited_at"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, customer, properties
        case benefitID = "benefit_id"
        case customerID = "customer_id"
        case subscriptionID = "subscription_id"
        case isGranted = "is_granted"
        case grantedAt = "granted_at"
        case isRevoked = "is_revoked"
        case revokedAt = "revoked_at"
        case createdAt = "created_at"
        case modifiedAt = "modified_at"
    }
}
