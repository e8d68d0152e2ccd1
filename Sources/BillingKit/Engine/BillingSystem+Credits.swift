extension BillingSystem {
    /// What became of units that were to be given.
    public enum Granting: Hashable, Sendable {
        /// They were given, now or before under the same key; the grant can be taken back by its name.
        case granted(Account.Receipt, Account.Grant.ID)
        /// They were given before for the same order or benefit.
        case alreadyGranted
    }

    /// What became of a grant that was to be taken back.
    public enum Voiding: Hashable, Sendable {
        /// What was left is gone, now or before under the same key; the receipt says how much it was.
        case voided(Account.Receipt)
        /// There was nothing left to take back.
        case alreadyOver
    }

    /// Gives a customer units of a meter beside what the tier gives: a promotion, an adjustment, what was bought.
    ///
    /// They are drawn on in one order with the tier's own: lower priority first, then what expires soonest, then
    /// what was given before what was bought.
    ///
    /// - Parameters:
    ///   - amount: The units, from 1 to ``/BillingModel/Catalog/Limits/units``.
    ///   - meter: The meter.
    ///   - customer: Who is given them.
    ///   - source: Where they come from; not from an allowance.
    ///   - effective: When they can first be used; at once when left out.
    ///   - expiry: The first instant at which what is left can no longer be used; never when left out.
    ///   - priority: The grant's place among others, lower being used up first.
    ///   - order: What the units are given for, such as the provider's order. For one order they are given once for
    ///     ever, to one customer, whatever the key.
    ///   - member: Who gives them.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt and the grant's name, or that the order's units were given before.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an unknown
    ///   meter, a gauge, an amount out of bounds, or an order whose units another customer has; ``StoreError``;
    ///   ``BillingError``; `CancellationError` when the task was cancelled before the command waited.
    public func grant(
        _ amount: Int64,
        of meter: Meter.ID,
        to customer: CustomerID,
        from source: Account.Grant.Source,
        effective: Timestamp? = nil,
        expiry: Timestamp? = nil,
        priority: Int64 = 0,
        for order: (provider: ProviderID, id: String)? = nil,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Granting {
        let granting = Account.Command.Granting(
            amount,
            of: .meter(meter),
            from: source,
            priority: priority,
            effective: effective,
            expiry: expiry,
            identity: order.map { ProviderReference(provider: $0.provider, kind: .grant, id: $0.id) }
        )
        return try await give(.grant(granting), to: customer, by: member, key: key)
    }

    /// Gives a customer credits of a pool beside what the tier gives.
    ///
    /// Meters draw on them after their own units, each at its cost. Among the pool's grants the order is that of
    /// units: lower priority first, then what expires soonest, then what was given before what was bought.
    ///
    /// - Parameters:
    ///   - amount: The credits, from 1 to ``/BillingModel/Catalog/Limits/units``.
    ///   - pool: The pool.
    ///   - customer: Who is given them.
    ///   - source: Where they come from; not from an allowance.
    ///   - effective: When they can first be used; at once when left out.
    ///   - expiry: The first instant at which what is left can no longer be used; never when left out.
    ///   - priority: The grant's place among others, lower being used up first.
    ///   - order: What the credits are given for, such as the provider's order. For one order they are given once for
    ///     ever, to one customer, whatever the key.
    ///   - member: Who gives them.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt and the grant's name, or that the order's credits were given before.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an unknown
    ///   pool, an amount out of bounds, or an order whose credits another customer has; ``StoreError``;
    ///   ``BillingError``; `CancellationError` when the task was cancelled before the command waited.
    public func grant(
        _ amount: Int64,
        of pool: CreditPool.ID,
        to customer: CustomerID,
        from source: Account.Grant.Source,
        effective: Timestamp? = nil,
        expiry: Timestamp? = nil,
        priority: Int64 = 0,
        for order: (provider: ProviderID, id: String)? = nil,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Granting {
        let granting = Account.Command.Granting(
            amount,
            of: .pool(pool),
            from: source,
            priority: priority,
            effective: effective,
            expiry: expiry,
            identity: order.map { ProviderReference(provider: $0.provider, kind: .grant, id: $0.id) }
        )
        return try await give(.grant(granting), to: customer, by: member, key: key)
    }

    /// Gives a customer what is in a pack, for the order that bought it.
    ///
    /// What is in it, and how long it can be used, the current catalog says. A pack counts as a purchase: it ends a
    /// trial.
    ///
    /// - Parameters:
    ///   - pack: The pack.
    ///   - customer: Who has bought it.
    ///   - order: The provider's order, with the pack's name in the id where one order has several packs. For one
    ///     order a pack is given once for ever, to one customer, whatever the key.
    ///   - instant: When it was bought, from which its life counts; now when left out.
    ///   - member: Who gives it.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt and the grant's name, or that the order's pack was given before.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else, an unknown
    ///   pack, or an order whose units another customer has; ``StoreError``; ``BillingError``; `CancellationError`
    ///   when the task was cancelled before the command waited.
    public func grant(
        pack: Pack.ID,
        to customer: CustomerID,
        for order: (provider: ProviderID, id: String),
        boughtAt instant: Timestamp? = nil,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Granting {
        let order = ProviderReference(provider: order.provider, kind: .grant, id: order.id)
        let granting = Account.Command.PackGranting(pack, order: order, boughtAt: instant)
        return try await give(.grantPack(granting), to: customer, by: member, key: key)
    }

    private func give(
        _ action: Account.Command.Action,
        to customer: CustomerID,
        by member: MemberID?,
        key: Key
    ) async throws -> Granting {
        return switch try await answer(to: try command(action, by: member, key: key), for: customer) {
        case .granted(let receipt, let id): .granted(receipt, id)
        case .repeated(let receipt): .granted(receipt, action.grant(by: receipt))
        case .alreadyGranted: .alreadyGranted
        case let other: throw unexpected(other)
        }
    }

    /// Takes back what a grant has left.
    ///
    /// Work that is going on keeps what it has set aside of the grant; what it gives back is gone too.
    ///
    /// - Parameters:
    ///   - grant: The grant's name, from ``Granting/granted(_:_:)`` or the customer's overview. What a tier gives
    ///     cannot be taken back.
    ///   - customer: Whose grant.
    ///   - member: Who takes it back.
    ///   - key: What makes a retry give the first receipt again.
    /// - Returns: The receipt, or that nothing was left.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else or a tier's
    ///   own grant; ``StoreError``; ``BillingError``; `CancellationError` when the task was cancelled before the
    ///   command waited.
    public func void(
        _ grant: Account.Grant.ID,
        of customer: CustomerID,
        by member: MemberID? = nil,
        key: Key
    ) async throws -> Voiding {
        return switch try await answer(to: try command(.void(grant), by: member, key: key), for: customer) {
        case .applied(let receipt), .repeated(let receipt): .voided(receipt)
        case .alreadyOver: .alreadyOver
        case let other: throw unexpected(other)
        }
    }
}
