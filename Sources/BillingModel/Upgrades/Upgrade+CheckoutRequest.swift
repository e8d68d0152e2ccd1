extension Upgrade {
    /// What a provider has to be given when a checkout is opened for an attempt.
    ///
    /// It carries the customer's id and the host's reference, so whatever the provider tells of the checkout, of the order
    /// and of the subscription finds its way back: give ``metadata`` to the checkout, and at Stripe to
    /// `subscription_data` or `payment_intent_data` too, because there the checkout keeps its own.
    public struct CheckoutRequest: Hashable, Sendable {
        /// Who buys; the provider's `external_customer_id` or `client_reference_id`.
        public let customer: CustomerID

        /// The attempt.
        public let attempt: Key

        /// What is to be bought.
        public let target: Target

        /// How often it is to be billed, where the host said.
        public let cycle: Recurrence?

        /// The promo code that the customer gave.
        public let promoCode: String?

        /// The host's reference, where the attempt has one.
        public var reference: String? {
            if case .reference(let reference) = attempt { reference } else { nil }
        }

        /// What the provider is to keep with the checkout and hand on: `customer`, and `reference` where there is one.
        public var metadata: [String: String] {
            var metadata = ["customer": customer.rawValue]
            metadata["reference"] = reference
            return metadata
        }
    }

    /// Returns what a provider has to be given to open a checkout for the attempt.
    ///
    /// - Parameter customer: Whose attempt it is.
    /// - Returns: The request, or `nil` when there is nothing to pay: the attempt is completed, or nobody has said what is
    ///   to be bought.
    public func checkoutRequest(for customer: CustomerID) -> CheckoutRequest? {
        guard stage != .completed, let target = wish?.target ?? target else { return nil }
        return CheckoutRequest(customer: customer, attempt: key, target: target, cycle: cycle, promoCode: promoCode)
    }
}
