/// What the provider says of a subscription's standing.
///
/// Open on purpose: providers add statuses, and an unknown one is kept as it came.
public struct SubscriptionStatus: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The provider's word.
    public let rawValue: String

    /// Creates a status from the provider's word.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a status from a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The first payment has not succeeded yet.
    public static let incomplete = SubscriptionStatus("incomplete")
    /// The first payment never succeeded.
    public static let incompleteExpired = SubscriptionStatus("incomplete_expired")
    /// In a trial that the provider runs.
    public static let trialing = SubscriptionStatus("trialing")
    /// Paid.
    public static let active = SubscriptionStatus("active")
    /// A payment has failed and the provider tries again.
    public static let pastDue = SubscriptionStatus("past_due")
    /// Over.
    ///
    /// A subscription that will end at its period's end is still active.
    public static let canceled = SubscriptionStatus("canceled")
    /// A payment has failed for good.
    public static let unpaid = SubscriptionStatus("unpaid")
    /// Suspended until it is resumed.
    public static let paused = SubscriptionStatus("paused")

    /// The provider's word.
    public var description: String { rawValue }

    /// Whether a subscription of this standing gives no access of itself.
    var givesNothing: Bool {
        switch self {
        case .canceled, .unpaid, .paused, .incomplete, .incompleteExpired: true
        default: false
        }
    }

    /// Whether this code knows what the word means.
    var isKnown: Bool { givesNothing || [.active, .trialing, .pastDue].contains(self) }
}
