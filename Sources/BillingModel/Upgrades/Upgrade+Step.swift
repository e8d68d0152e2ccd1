extension Upgrade {
    /// What happened to an attempt, by the name that the journal has for it.
    public enum Step: String, Hashable, Sendable, CaseIterable {
        /// The attempt began, which every attempt does once.
        case started = "upgrade_started"
        /// The customer asked for it.
        case clicked = "upgrade_clicked"
        /// A checkout was opened that was not known before.
        case checkoutOpened = "checkout_opened"
        /// The money is in.
        case completed = "upgrade_completed"
        /// The customer said that nothing shall come of it.
        case cancelled = "upgrade_cancelled"
        /// No checkout of it can be paid any more.
        case expired = "upgrade_expired"
        /// Something else is known of it now, such as that a success page was seen.
        case noted = "upgraded"
    }
}
