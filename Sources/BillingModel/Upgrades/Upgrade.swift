/// One attempt of a customer to buy, followed from the click to the money.
///
/// Attempts for different references live side by side, whatever tab they came from. An attempt's stage only
/// moves forward, but that an expired one begins anew when the customer asks again; and only money completes it.
public struct Upgrade: Hashable, Sendable {
    /// What tells one attempt of a customer from another.
    public enum Key: Hashable, Sendable {
        /// The host's reference for the work that the attempt began from.
        case reference(String)
        /// The target tier, for an attempt without a reference.
        case tier(Tier.ID)
    }

    /// How far an attempt has come.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// The customer asked for it.
        case clicked
        /// A checkout is open at the provider.
        case checkout
        /// The checkout can no longer be paid.
        case expired
        /// The money is in.
        case completed
    }

    /// What tells the attempt from the customer's others.
    public let key: Key

    /// The tier that is to be bought.
    public var tier: Tier.ID

    /// How often it is to be billed, where the host said.
    public var cycle: Recurrence?

    /// How far the attempt has come.
    public var stage: Stage

    /// Who started it, where the host said.
    public var startedBy: MemberID?

    /// When the customer asked for it, or `nil` when the provider's word came without a click.
    public var clickedAt: Timestamp?

    /// The provider's name for the checkout.
    public var checkout: String?

    /// When the checkout was opened.
    public var checkoutAt: Timestamp?

    /// How new the last report about the checkout is.
    public var checkoutVersion: ObjectVersion?

    /// The provider's name for the order that completed it.
    public var order: String?

    /// When that order was made.
    public var completedAt: Timestamp?

    /// Creates an attempt.
    public init(
        key: Key,
        tier: Tier.ID,
        cycle: Recurrence? = nil,
        stage: Stage,
        startedBy: MemberID? = nil,
        clickedAt: Timestamp? = nil,
        checkout: String? = nil,
        checkoutAt: Timestamp? = nil,
        checkoutVersion: ObjectVersion? = nil,
        order: String? = nil,
        completedAt: Timestamp? = nil
    ) {
        self.key = key
        self.tier = tier
        self.cycle = cycle
        self.stage = stage
        self.startedBy = startedBy
        self.clickedAt = clickedAt
        self.checkout = checkout
        self.checkoutAt = checkoutAt
        self.checkoutVersion = checkoutVersion
        self.order = order
        self.completedAt = completedAt
    }

    /// The host's reference, where the attempt has one.
    public var reference: String? {
        if case .reference(let reference) = key { reference } else { nil }
    }
}

extension Upgrade.Key {
    /// Returns whether two tell of the same attempt: the host's references are compared byte for byte.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.reference(let left), .reference(let right)): left.hasSameBytes(as: right)
        case (.tier(let left), .tier(let right)): left == right
        case (.reference, .tier), (.tier, .reference): false
        }
    }

    /// Feeds the key to a hasher, a reference by its bytes.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .reference(let reference):
            hasher.combine(0)
            for byte in reference.utf8 { hasher.combine(byte) }
        case .tier(let tier):
            hasher.combine(1)
            hasher.combine(tier)
        }
    }
}

extension Upgrade.Stage: Comparable {
    private var order: Int {
        switch self {
        case .clicked: 0
        case .checkout: 1
        case .expired: 2
        case .completed: 3
        }
    }

    /// Returns whether the first comes before the second.
    public static func < (left: Upgrade.Stage, right: Upgrade.Stage) -> Bool {
        left.order < right.order
    }
}
