extension BillingSystem {
    /// Returns what a command would lead to: the same decision without the commit, with the standing before and after.
    ///
    /// For the page that says what a change of plan gives and costs before it is confirmed. What it costs is an estimate; where
    /// the provider can say it beforehand, it is the provider's.
    ///
    /// ```swift
    /// let wish = Account.Command.SubscriptionChange(.change(to: .init(tier: .enterprise), nil))
    /// let preview = try await billing.consequences(of: Account.Command(.changeSubscription(wish)), for: "acme")
    /// ```
    ///
    /// - Parameters:
    ///   - command: What would be asked.
    ///   - customer: Of whom.
    /// - Returns: The answer, and the standing before and after.
    /// - Throws: ``/BillingModel/Account/DecisionError`` as the command would; ``StoreError``; ``BillingError``.
    public func consequences(
        of command: Account.Command,
        for customer: CustomerID
    ) async throws -> Account.Preview {
        let preview = try await processor.preview(of: command, for: customer)
        guard let plan = preview.plan else { return preview }
        return Account.Preview(
            answer: .planned(await preferringProvider(plan)),
            before: preview.before,
            after: preview.after
        )
    }

    /// Returns a plan with the provider's word for what it costs, where the provider can say it; else as it is.
    private func preferringProvider(_ plan: Account.Plan) async -> Account.Plan {
        guard let provider = webhooks.provider, provider.id == plan.subscription.provider,
            let estimate = try? await provider.estimate(of: plan)
        else { return plan }
        return plan.replacing(estimate: estimate)
    }

    /// What can become of a wish to change a subscription.
    public enum Planning: Hashable, Sendable {
        /// It can be met; this is what to ask the provider for, and what comes of it.
        case planned(Account.Plan)
        /// It cannot be met, and why.
        case refused(Account.PlanRefusal)
    }

    /// Works out what becomes of a customer's subscription that is changed as wished.
    ///
    /// Nothing changes by it: the subscription is the provider's, and its report changes it here once it is done there. The
    /// provider is asked what it costs where it can say so, and the plan's estimate says by its source whose word it is.
    ///
    /// - Parameters:
    ///   - change: The wish.
    ///   - customer: Whose subscription.
    /// - Returns: The plan, or why there is none.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a tier that nobody sells or a number out of bounds;
    ///   ``StoreError``; ``BillingError``.
    public func plan(
        _ change: Account.Command.SubscriptionChange,
        for customer: CustomerID
    ) async throws -> Planning {
        switch try await preview(Account.Command(.changeSubscription(change)), for: customer).answer {
        case .planned(let plan): return .planned(await preferringProvider(plan))
        case .planRefused(let reason): return .refused(reason)
        case let other: throw unexpected(other)
        }
    }
}

extension CommandProcessor {
    /// Returns what a command would lead to, on what the store has.
    fileprivate func preview(of command: Account.Command, for customer: CustomerID) async throws -> Account.Preview {
        try await withFacts(for: command, of: customer) { account, facts, now, catalog throws(Account.DecisionError) in
            try account.preview(command, facts: facts, at: now, in: catalog)
        }
    }
}
