extension Account {
    /// What a command would lead to: the same decision without the commit, and what a page would show before and after.
    public struct Preview: Hashable, Sendable {
        /// The answer that the command would have.
        public let answer: Answer

        /// The customer's standing now.
        public let before: Overview

        /// The customer's standing once the command has taken effect: at once, or, for a subscription that changes with its
        /// period's end, then.
        public let after: Overview

        /// Creates a preview.
        public init(answer: Answer, before: Overview, after: Overview) {
            self.answer = answer
            self.before = before
            self.after = after
        }

        /// What becomes of the subscription, for a wish to change one that can be met.
        public var plan: Plan? {
            if case .planned(let plan) = answer { plan } else { nil }
        }
    }

    /// Returns what a command would lead to, without changing anything.
    ///
    /// A change of a subscription is taken as done by the provider: so what is shown is what the customer will have, with
    /// limits, dates and amounts.
    ///
    /// - Parameters:
    ///   - command: What would be asked.
    ///   - facts: What the live state does not hold, as for ``decide(_:facts:at:in:)``.
    ///   - now: The instant.
    ///   - catalog: The current catalog.
    /// - Returns: The answer, and the standing before and after.
    /// - Throws: ``DecisionError``, as the command would.
    public func preview(
        _ command: Command,
        facts: Facts = Facts(),
        at now: Timestamp,
        in catalog: Catalog
    ) throws(DecisionError) -> Preview {
        let decision = try decide(command, facts: facts, at: now, in: catalog)
        let before = try overview(facts: facts, at: now, in: catalog)
        var (account, known, instant) = (self, facts, now)
        func take(_ change: Change?) {
            guard let change else { return }
            account.apply(change)
            known.note(change)
        }
        take(decision.change)
        if case .planned(let plan) = decision.answer {
            instant = max(now, plan.appliesAt)
            let report = ProviderSnapshot(provider: plan.subscription.provider, subscriptions: [plan.done])
            known.precedent = nil
            for reference in report.references { known.owners[reference] = customer }
            take(try account.decide(Command(.take(report)), facts: known, at: instant, in: catalog).change)
        }
        let after = try account.overview(facts: known, at: instant, in: catalog)
        return Preview(answer: decision.answer, before: before, after: after)
    }
}

extension Account.Facts {
    /// Takes in what a change adds to the answers about the past.
    fileprivate mutating func note(_ change: Account.Change) {
        for question in usage.keys {
            for effect in change.effects {
                switch effect {
                case .drawn(let draw) where question.covers(draw): usage[question]?.add(draw)
                case .returned(let back) where question.covers(back.draw): usage[question]?.take(back: back.draw)
                default: break
                }
            }
        }
    }
}
