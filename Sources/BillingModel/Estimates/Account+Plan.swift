extension Account {
    /// What becomes of a subscription that is changed as wished: worked out, and not yet done.
    public struct Plan: Hashable, Sendable {
        /// The subscription.
        public let subscription: Subscription.Key

        /// What is wished for.
        public let wish: Command.SubscriptionChange.Wish

        /// When the change is made.
        public let moment: Command.SubscriptionChange.Moment

        /// The instant at which the change is made.
        public let appliesAt: Timestamp

        /// What the provider is expected to report once it has been asked.
        public let asked: SubscriptionSnapshot

        /// What the provider is expected to report once the change is made.
        public let done: SubscriptionSnapshot

        /// What it is reckoned to cost, or `nil` where it costs nothing or a price is not known.
        public let estimate: Estimate?

        /// Returns the plan with an estimate in place of its own.
        public func replacing(estimate: Estimate) -> Plan {
            Plan(
                subscription: subscription,
                wish: wish,
                moment: moment,
                appliesAt: appliesAt,
                asked: asked,
                done: done,
                estimate: estimate
            )
        }
    }

    /// Why a subscription cannot be changed as wished.
    public enum PlanRefusal: String, Hashable, Sendable, CaseIterable {
        /// No subscription gives access, or there is none of that name.
        case noSubscription = "no_subscription"
        /// The subscription is over, or was never paid for.
        case over
        /// The subscription is to end already: take that back first.
        case ends
        /// Nothing was set that could be taken back.
        case nothingToUndo = "nothing_to_undo"
        /// The terms are those that it has.
        case sameTerms = "same_terms"
    }
}
