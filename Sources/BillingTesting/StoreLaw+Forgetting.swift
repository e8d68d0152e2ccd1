import BillingKit

extension StoreLaw {
    static let forgetting: [StoreLaw] = [
        StoreLaw("what has been over for long and is forgotten is gone, and the journal still tells of it") { trial in
            let late = StoreTrial.start.advanced(by: .seconds(90 * 86_400))
            let numbers = Array(0..<Int64(Account.maximumSubscriptions))
            try await trial.perform(ended(numbers), for: "org_acme", at: late)
            let before = try await trial.account(of: "org_acme")
            trial.expectEqual(before.subscriptions.count, Account.maximumSubscriptions, "the subscriptions")
            let change = try await trial.perform(ended([9_000]), for: "org_acme", at: late).changes.first
            let account = try await trial.account(of: "org_acme")
            trial.expect(account.subscriptions.contains { $0.id == "sub_9000" }, "the new one is there")
            trial.expect(!account.subscriptions.contains { $0.id == "sub_0" }, "the oldest one is gone")
            trial.expectEqual(account.subscriptions.count, before.subscriptions.count, "the subscriptions")
            trial.expect(!account.benefits.contains { $0.key.id == "ben_0" }, "and so is the oldest benefit")
            let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            trial.expectEqual(journal.last, change, "the change as the journal has it")
            let forgotten = journal.flatMap(\.effects).compactMap { effect in
                switch effect {
                case .subscriptionForgotten(let subscription): subscription.id
                case .benefitForgotten(let benefit): benefit.key.id
                default: nil
                }
            }
            trial.expectEqual(forgotten, ["sub_0", "ben_0"], "what the journal says was forgotten")
            trial.expectEqual(Account(folding: journal, of: "org_acme"), account, "the folded account")
            let again = try await trial.commitItem(ended([0]), for: "org_acme", at: late)
            trial.expectEqual(again?.changes.count ?? 0, 0, "the changes by an old word of what is forgotten")
        }
    ]

    /// The provider's word of subscriptions and benefits that ended, the first of them first.
    private static func ended(_ numbers: [Int64]) -> Account.Command {
        func version(_ number: Int64) -> ObjectVersion {
            let at = StoreTrial.start.advanced(by: .seconds(number))
            return ObjectVersion(object: at, event: at)
        }
        let subscriptions = numbers.map { number in
            SubscriptionSnapshot(
                provider: "polar",
                id: "sub_\(number)",
                version: version(number),
                tier: Fixture.pro,
                status: .canceled,
                cycle: .month,
                period: TimeSpan(from: StoreTrial.start, to: StoreTrial.start.advanced(by: .seconds(30 * 86_400)))
            )
        }
        let benefits = numbers.map { number in
            BenefitSnapshot(
                key: Benefit.Key(provider: "polar", id: "ben_\(number)"),
                version: version(number),
                gift: .feature(Feature.ID("priority")),
                isGranted: false
            )
        }
        return Account.Command(
            .take(ProviderSnapshot(provider: "polar", subscriptions: subscriptions, benefits: benefits))
        )
    }
}
