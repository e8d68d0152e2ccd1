extension Account.Command {
    /// A wish to change a subscription at the provider.
    ///
    /// It is worked out and answered with a ``Account/Plan``, and changes nothing here: the subscription is the provider's,
    /// whose report changes it once it is done there.
    public struct SubscriptionChange: Hashable, Sendable {
        /// When a change is made.
        public enum Moment: String, Hashable, Sendable, CaseIterable {
            /// At once.
            case now
            /// With the end of the period that is paid for.
            case periodEnd = "period_end"
        }

        /// What a subscription is for; what is `nil` stays as it is.
        public struct Terms: Hashable, Sendable {
            /// The tier.
            public let tier: Tier.ID?
            /// How often it is billed.
            public let cycle: Recurrence?
            /// The seats or units, 1 or more.
            public let quantity: Int64?

            /// Creates terms.
            public init(tier: Tier.ID? = nil, cycle: Recurrence? = nil, quantity: Int64? = nil) {
                self.tier = tier
                self.cycle = cycle
                self.quantity = quantity
            }
        }

        /// What is wished for.
        public enum Wish: Hashable, Sendable {
            /// To end it.
            case cancel(Moment)
            /// To let it go on, though it was to end or to pause.
            case undoCancellation
            /// To have other terms. Where no moment is said, more comes at once and less with the period's end: a higher
            /// tier, else a longer cycle, else a larger number is more.
            case change(to: Terms, Moment?)
            /// To keep the present terms, though others were set for later.
            case dropPendingChange
            /// To pause it with the period's end, until an instant or until it is resumed.
            case pause(until: Timestamp?)
            /// To resume it.
            case resume
        }

        /// What is wished for.
        public let wish: Wish

        /// The subscription, or `nil` for the one that gives access.
        public let subscription: Subscription.Key?

        /// Creates a wish.
        public init(_ wish: Wish, of subscription: Subscription.Key? = nil) {
            self.wish = wish
            self.subscription = subscription
        }
    }
}

extension Account.Command.SubscriptionChange {
    /// What is asked for, as texts of which none can be taken for another.
    var texts: [String] {
        let words: [String] =
            switch wish {
            case .cancel(let moment): ["cancel", moment.rawValue]
            case .undoCancellation: ["undo cancellation"]
            case .change(to: let terms, let moment):
                [
                    "change", terms.tier?.rawValue ?? "", terms.cycle?.description ?? "",
                    terms.quantity.map { String($0) } ?? "", moment?.rawValue ?? "",
                ]
            case .dropPendingChange: ["drop pending change"]
            case .pause(until: let end): ["pause", end.map { String($0.microseconds) } ?? ""]
            case .resume: ["resume"]
            }
        return words + [subscription?.provider.rawValue ?? "", subscription?.id ?? ""]
    }
}
