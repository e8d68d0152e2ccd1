extension Account.Access {
    /// Why a customer is on a tier.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Nothing gives another one: the customer has paid for nothing, or what was paid for is over.
        case fallback
        /// The trial that the kit runs.
        case trial
        /// A trial that the provider runs.
        case providerTrial = "provider_trial"
        /// It is paid for, and goes on.
        case paid
        /// It is paid for, and its end is set: it was cancelled, or will be paused.
        case ending
        /// The paid period is over, and the provider has not yet said how it goes on.
        case renewalExpected = "renewal_expected"
        /// A payment has failed, and the grace for it runs.
        case paymentDue = "payment_due"
        /// It was paid for, and the provider's word for its standing is newer than this code.
        case unknownStatus = "unknown_status"
    }
}
