extension Account.Command {
    /// A giving of units, beside what the tier gives.
    public struct Granting: Hashable, Sendable {
        /// The meter that the units are for, or the pool that the credits are of.
        public let subject: Account.Balance.Subject
        /// The units, from 1 to ``Catalog/Limits/units``.
        public let amount: Int64
        /// Where they come from; not from an allowance, which a tier alone gives.
        public let source: Account.Grant.Source
        /// Whether they were given or bought.
        public let basis: Account.Grant.Basis
        /// The grant's place among others, lower being used up first.
        public let priority: Int64
        /// When the units can first be used, or `nil` for at once.
        public let effective: Timestamp?
        /// The first instant at which what is left can no longer be used, or `nil` for never.
        public let expiry: Timestamp?
        /// What the units are given for, such as an order: they are given for it once, whatever the key, and what is left of
        /// them is taken back when all of that order is paid back.
        public let identity: ProviderReference?

        /// Creates a giving of units.
        ///
        /// - Parameters:
        ///   - amount: The units, from 1 to ``Catalog/Limits/units``.
        ///   - subject: The meter that the units are for, or the pool that the credits are of.
        ///   - source: Where they come from; not from an allowance.
        ///   - basis: Whether they were given or bought; what comes from an order is bought unless said otherwise.
        ///   - priority: The grant's place among others, lower being used up first.
        ///   - effective: When the units can first be used; at once when left out.
        ///   - expiry: The first instant at which what is left can no longer be used; never when left out.
        ///   - identity: What the units are given for, of the kind ``ProviderReference/Kind/grant``.
        public init(
            _ amount: Int64,
            of subject: Account.Balance.Subject,
            from source: Account.Grant.Source,
            basis: Account.Grant.Basis? = nil,
            priority: Int64 = 0,
            effective: Timestamp? = nil,
            expiry: Timestamp? = nil,
            identity: ProviderReference? = nil
        ) {
            self.subject = subject
            self.amount = amount
            self.source = source
            self.basis = basis ?? (source == .order ? .bought : .given)
            self.priority = priority
            self.effective = effective
            self.expiry = expiry
            self.identity = identity
        }
    }
}

extension Account.Command {
    /// A giving of what is in a pack, for an order.
    public struct PackGranting: Hashable, Sendable {
        /// The pack.
        public let pack: Pack.ID
        /// The order, of the kind ``ProviderReference/Kind/grant``: for one order a pack is given once, whatever
        /// the key, and what is left of it is taken back when all of the order is paid back.
        public let order: ProviderReference
        /// When it was bought, from which its life counts, or `nil` for now.
        public let boughtAt: Timestamp?

        /// Creates a giving of what is in a pack.
        public init(_ pack: Pack.ID, order: ProviderReference, boughtAt: Timestamp? = nil) {
            self.pack = pack
            self.order = order
            self.boughtAt = boughtAt
        }
    }
}

extension Account.Command.Granting {
    /// What is asked for, as texts of which none can be taken for another.
    var texts: [String] {
        let times = [effective, expiry].map { $0.map { String($0.microseconds) } ?? "" }
        return [subject.description, String(amount), source.rawValue, basis.rawValue, String(priority)] + times
            + [identity?.provider.rawValue ?? "", identity?.kind.rawValue ?? "", identity?.id ?? ""]
    }
}

extension Account.Command.PackGranting {
    var texts: [String] {
        [pack.rawValue, order.provider.rawValue, order.kind.rawValue, order.id]
            + [boughtAt.map { String($0.microseconds) } ?? ""]
    }
}
