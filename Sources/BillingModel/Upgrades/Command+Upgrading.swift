extension Account.Command {
    /// A wish to buy, or the offer of a paywall.
    public struct UpgradeRequest: Hashable, Sendable {
        /// What to buy.
        public let target: Upgrade.Target

        /// How often it is to be billed.
        public let cycle: Recurrence?

        /// The host's reference for the work that the wish began from.
        public let reference: String?

        /// The promo code that the customer gave.
        public let promoCode: String?

        /// The refusal that prompted it.
        public let denial: Account.Denial?

        /// Where the customer came from.
        public let attribution: Upgrade.Attribution?

        /// When it happened, where that was before now.
        public let at: Timestamp?

        /// Creates a wish to buy.
        ///
        /// - Parameters:
        ///   - target: What to buy.
        ///   - cycle: How often it is to be billed.
        ///   - reference: The host's reference for the work that the wish began from, 1 to 255 bytes. Without one there is
        ///     one attempt at a time for each target.
        ///   - promoCode: The promo code that the customer gave, 1 to 255 bytes.
        ///   - denial: The refusal that prompted it.
        ///   - attribution: Where the customer came from.
        ///   - at: When it happened, for one that is told late; one after now counts as now.
        public init(
            _ target: Upgrade.Target,
            cycle: Recurrence? = nil,
            reference: String? = nil,
            promoCode: String? = nil,
            denial: Account.Denial? = nil,
            attribution: Upgrade.Attribution? = nil,
            at: Timestamp? = nil
        ) {
            self.target = target
            self.cycle = cycle
            self.reference = reference
            self.promoCode = promoCode
            self.denial = denial
            self.attribution = attribution
            self.at = at
        }

        /// Creates a wish to buy a tier.
        public init(tier: Tier.ID, cycle: Recurrence?, reference: String?) {
            self.init(.tier(tier), cycle: cycle, reference: reference)
        }

        /// What tells the attempt from the customer's others.
        public var attempt: Upgrade.Key { reference.map { .reference($0) } ?? Upgrade.Key(target) }

        func wish(at instant: Timestamp) -> Upgrade.Wish {
            Upgrade.Wish(target, cycle: cycle, promoCode: promoCode, at: instant)
        }
    }

    /// Something that happened to an attempt to buy, beside the customer's own wish and the provider's word.
    public struct UpgradeAdvance: Hashable, Sendable {
        /// What happened.
        public enum Step: Hashable, Sendable {
            /// A paywall offered it.
            case locked(UpgradeRequest)
            /// The host opened a checkout.
            case checkoutOpened(Upgrade.Opening)
            /// A success page was seen, which proves nothing.
            case successSeen
            /// The customer said that nothing shall come of it.
            case cancelled
        }

        /// The attempt.
        public let attempt: Upgrade.Key

        /// What happened.
        public let step: Step

        /// When it happened, where that was before now.
        public let at: Timestamp?

        /// Creates the word of something that happened.
        ///
        /// - Parameters:
        ///   - step: What happened.
        ///   - attempt: The attempt that it happened to. One that is not there yet begins with it.
        ///   - at: When it happened, for what is told late; one after now counts as now.
        public init(_ step: Step, of attempt: Upgrade.Key, at: Timestamp? = nil) {
            self.attempt = attempt
            self.step = step
            self.at = at
        }

        /// Creates the word of a paywall that made an offer.
        public init(locking request: UpgradeRequest) {
            self.init(.locked(request), of: request.attempt, at: request.at)
        }
    }
}

extension Account.Command.UpgradeRequest {
    /// What the wish is made of, as the fingerprint of a command has it.
    var texts: [String] {
        let name =
            switch target {
            case .tier(let tier): tier.rawValue
            case .pack(let pack): "pack \(pack)"
            }
        return [name, cycle?.description ?? "", reference ?? ""] + [promoCode].compactMap(\.self)
    }

    func validate() throws(Account.DecisionError) {
        if let reference { try Account.Command.check(reference, "reference") }
        if let promoCode { try Account.Command.check(promoCode, "promo code") }
    }
}

extension Account.Command.UpgradeAdvance {
    /// What the word is made of, as the fingerprint of a command has it.
    var texts: [String] {
        let step: [String] =
            switch step {
            case .locked(let request): ["locked"] + request.texts
            case .checkoutOpened(let opening): ["checkout", opening.id]
            case .successSeen: ["success"]
            case .cancelled: ["cancelled"]
            }
        return [attempt.kind, attempt.name] + step
    }

    func validate() throws(Account.DecisionError) {
        switch attempt {
        case .again(let target, after: let order):
            try Account.Command.check(target.name, target.kind)
            try Account.Command.check(order.provider.rawValue, "provider")
            try Account.Command.check(order.id, "order")
        default: try Account.Command.check(attempt.name, attempt.kind)
        }
        switch step {
        case .locked(let request): try request.validate()
        case .checkoutOpened(let opening): try opening.validate()
        case .successSeen, .cancelled: break
        }
    }
}

extension Upgrade.Opening {
    fileprivate func validate() throws(Account.DecisionError) {
        guard id.isProviderName else {
            throw Account.DecisionError(
                .malformedIdentifier,
                "The provider's name for the checkout is not 1 to 255 characters of visible ASCII."
            )
        }
        guard url.map(Self.isAddress) ?? true else {
            throw Account.DecisionError(
                .malformedIdentifier,
                "The address of the checkout is not an http or https address of at most \(Self.maximumURLLength) bytes."
            )
        }
    }
}

extension String {
    /// A Boolean value indicating whether a provider may have chosen it: 1 to 255 characters of visible ASCII.
    var isProviderName: Bool {
        isWellFormedIdentifier && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
