/// One attempt of a customer to buy, followed from the paywall to the money.
///
/// Attempts for different references live side by side, whatever tab they came from. What an attempt is made of is only
/// ever added to: every offer and click, every checkout that it has had, every order that paid for it. All else, its stage
/// among it, follows from that, so it does not matter in which order word of it comes; and only money completes it.
public struct Upgrade: Hashable, Sendable {
    /// What a customer wants to buy, as last asked for.
    public struct Wish: Hashable, Sendable {
        /// What is to be bought.
        public let target: Target

        /// How often it is to be billed, where the host said.
        public let cycle: Recurrence?

        /// The promo code that the customer gave.
        public let promoCode: String?

        /// When it was asked for.
        public let at: Timestamp

        /// Creates a wish.
        ///
        /// - Parameters:
        ///   - target: What is to be bought.
        ///   - cycle: How often it is to be billed.
        ///   - promoCode: The promo code that the customer gave, 1 to 255 bytes.
        ///   - at: When it was asked for.
        public init(_ target: Target, cycle: Recurrence? = nil, promoCode: String? = nil, at: Timestamp) {
            self.target = target
            self.cycle = cycle
            self.promoCode = promoCode
            self.at = at
        }
    }

    /// Who started an attempt, and when.
    public struct Start: Hashable, Sendable {
        /// The member.
        public let member: MemberID

        /// When the member acted.
        public let at: Timestamp

        /// Creates a start.
        public init(by member: MemberID, at: Timestamp) {
            self.member = member
            self.at = at
        }
    }

    /// What tells the attempt from the customer's others.
    public let key: Key

    /// How far the attempt had come when it was last looked at.
    public var stage: Stage

    /// What was done on the host's side, oldest first, at most ``maximumActs``.
    public internal(set) var acts: [Act]

    /// The checkouts that it has had, oldest first, and the orders that came from none, at most ``maximumCheckouts``.
    public internal(set) var checkouts: [Checkout]

    /// Since when it counts as abandoned, once hosts were told of that, which they are once.
    ///
    /// It depends on when somebody looked and is no part of what makes two attempts equal.
    public var abandonedAt: Timestamp? {
        get { told.value }
        set { told.value = newValue }
    }

    private var told: Derived<Timestamp?>

    /// The most acts that are remembered of an attempt; of many, the oldest and the newest of each kind are, and what the
    /// first that said so said of who acted and of where they came from.
    ///
    /// Nothing of money is an act. A change of the running subscription that is told late completes who had asked for its
    /// tier as far as that is remembered, and else an attempt of its own.
    public static let maximumActs = 32

    /// The most checkouts that are remembered of an attempt; of more, those that were paid, the first of them first, and
    /// then the newest are.
    ///
    /// So the payment that completed an attempt is never forgotten, and every order is known from the customer's orders. A
    /// checkout that was forgotten and is paid is remembered again, from its payment on.
    public static let maximumCheckouts = 32

    /// Creates an attempt from what a store has kept.
    ///
    /// - Parameters:
    ///   - key: What tells the attempt from the customer's others.
    ///   - stage: How far it had come.
    ///   - acts: What was done on the host's side, in any order, each once.
    ///   - checkouts: Its checkouts, in any order.
    ///   - abandonedAt: Since when it counts as abandoned, once hosts were told of that.
    public init(
        key: Key,
        stage: Stage = .locked,
        acts: [Act] = [],
        checkouts: [Checkout] = [],
        abandonedAt: Timestamp? = nil
    ) {
        self.key = key
        self.stage = stage
        self.acts = acts.sorted(by: Act.precedes)
        self.checkouts = checkouts.sorted(by: Checkout.precedes)
        told = Derived(abandonedAt)
    }

    /// Returns the checkout of an id, or `nil` when the attempt has not had it.
    public func checkout(_ id: String) -> Checkout? {
        checkouts.first { $0.id.hasSameBytes(as: id) }
    }
}
