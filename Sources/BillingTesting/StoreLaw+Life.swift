import BillingInMemory
import BillingKit

extension StoreLaw {
    static let life: [StoreLaw] = [
        StoreLaw("a life with everything in it is loaded again, whole, after each change") { trial in
            for item in try await trial.life() {
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of \(item.changes)")
                let loaded = try await trial.account(of: item.account.customer)
                trial.expectEqual(loaded, item.account, "the account after \(item.changes)")
            }
        },
        StoreLaw("a life with everything in it is loaded again, whole, after groups of changes") { trial in
            var rest = try await trial.life()[...]
            var size = 1
            while !rest.isEmpty {
                let group = rest.prefix(size)
                rest = rest.dropFirst(size)
                size = size % 7 + 1
                guard let account = group.last?.account else { break }
                let item = CommitRequest.Item(account: account, changes: group.flatMap(\.changes), dueAt: nil)
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of \(item.changes)")
                let loaded = try await trial.account(of: account.customer)
                trial.expectEqual(loaded, account, "the account after \(item.changes)")
            }
        },
        StoreLaw("the journal of a life with everything in it is as it was, and folds to the account") { trial in
            let items = try await trial.life()
            for item in items { _ = try await trial.store.commit(CommitRequest(items: [item])) }
            let customer = try trial.require(items.first?.account.customer, "change in the life")
            let journal = try await trial.store.journal(JournalQuery(customer: customer))
            var folded = Account(customer: customer)
            for (change, item) in zip(journal, items) {
                trial.expectEqual(
                    change,
                    try trial.require(item.changes.first, "change"),
                    "revision \(change.revision)"
                )
                trial.expect(folded.apply(change), "revision \(change.revision) follows \(folded.revision)")
            }
            trial.expectEqual(journal.count, items.count, "the changes")
            trial.expectEqual(folded, try await trial.account(of: customer), "the folded account")
        },
        StoreLaw("the notices of a life with everything in it are as they were") { trial in
            let items = try await trial.life()
            for item in items { _ = try await trial.store.commit(CommitRequest(items: [item])) }
            let last = try trial.require(items.last?.account.instant, "change in the life")
            let request = LeaseRequest(now: last, until: last.advanced(by: .seconds(60)), limit: 1_000)
            let leases = try await trial.store.leaseNotices(request)
            trial.expectEqual(leases.map(\.notice), items.flatMap(\.changes).flatMap(\.notices), "the notices")
        },
    ]

    /// What makes the laws of a life worth something: nothing can happen to an account that does not happen in it.
    ///
    /// It says nothing of any store, so it is none of ``all``.
    package static let everythingIsInALife = StoreLaw("a life has every kind of change, effect and notice in it") {
        trial in
        let changes = try await trial.life().flatMap(\.changes)
        let kinds = Set(Account.Change.Kind.allCases).subtracting(changes.map(\.kind))
        trial.expect(kinds.isEmpty, "no change is of kind \(kinds)")
        let effects = Set(Account.Effect.names).subtracting(changes.flatMap(\.effects).map(\.name))
        trial.expect(effects.isEmpty, "there are no effects of kind \(effects)")
        let ends = Set(Account.HoldEnd.allCases).subtracting(
            changes.flatMap(\.effects).compactMap { if case .holdEnded(_, let end) = $0 { end } else { nil } }
        )
        trial.expect(ends.isEmpty, "no hold is \(ends)")
        let losses = changes.flatMap(\.effects).compactMap { effect in
            if case .subscribed(let subscription) = effect { subscription.losses.count } else { nil }
        }
        let subscriptions = changes.flatMap(\.effects).compactMap { effect in
            if case .subscribed(let subscription) = effect { subscription } else { nil }
        }
        trial.expect(subscriptions.contains { !$0.unknowns.isEmpty }, "no subscription is in an unknown standing")
        let charges = Set(subscriptions.flatMap(\.charges).map { [$0.isPaid, $0.isForChange] })
        trial.expectEqual(charges.count, 4, "the kinds of charges beside what is due")
        trial.expect(
            subscriptions.contains { $0.periods.count == 3 },
            "no subscription has as many periods as are kept"
        )
        trial.expect(subscriptions.contains { $0.dropped != nil }, "no subscription has had its change dropped")
        trial.expect(losses.contains { $0 > 1 }, "no subscription is lost more than once")
        trial.expect(zip(losses, losses.dropFirst()).contains { $0 > $1 && $1 > 1 }, "no payment ends a loss")
        let steps = Set(Upgrade.Step.allCases).subtracting(
            changes.flatMap(\.effects).compactMap { if case .upgraded(_, let step) = $0 { step } else { nil } }
        )
        trial.expect(steps.isEmpty, "no attempt to buy is \(steps)")
        let stages = Set(Upgrade.Stage.allCases).subtracting(
            changes.flatMap(\.effects).compactMap { if case .upgraded(let one, _) = $0 { one.stage } else { nil } }
        )
        trial.expect(stages.isEmpty, "no attempt to buy is at \(stages)")
        let notices = Set(Account.Notice.Kind.names).subtracting(changes.flatMap(\.notices).map(\.kind.name))
        trial.expect(notices.isEmpty, "there are no notices of kind \(notices)")
    }
}

extension StoreTrial {
    /// The changes of a life that has everything in it, as the reference store keeps it.
    func life() async throws -> [CommitRequest.Item] {
        let reference = StoreTrial(store: InMemoryStore(), location: location, catalog: try Fixture.makeLifeCatalog())
        var items: [CommitRequest.Item] = []
        for step in Fixture.life {
            let account = try await reference.account(of: "org_life")
            let command = try require(step.command(account), "command at hour \(step.hour)")
            let now = Self.start.advanced(by: .seconds(step.hour * 3_600 + Int64(items.count)))
            items.append(try await reference.perform(command, for: account.customer, at: now))
        }
        return items
    }
}

extension Account.Effect {
    /// The names that an effect can have; those of forgetting, which takes a thousand of what is forgotten, have a law of
    /// their own.
    fileprivate static let names = [
        "opened", "tierEntered", "periodOpened", "periodExtended", "granted", "resized", "drawn", "returned", "moved",
        "carried", "expired", "voided", "retired", "restored", "held", "holdExtended", "holdEnded", "levelled",
        "windowOpened", "warned", "recovered", "trialChanged", "purchased", "overridden", "subscribed", "benefited",
        "upgraded", "upgradeForgotten", "ordered",
    ]

    fileprivate var name: String {
        switch self {
        case .opened: "opened"
        case .tierEntered: "tierEntered"
        case .periodOpened: "periodOpened"
        case .periodExtended: "periodExtended"
        case .granted: "granted"
        case .resized: "resized"
        case .drawn: "drawn"
        case .returned: "returned"
        case .moved: "moved"
        case .carried: "carried"
        case .expired: "expired"
        case .voided: "voided"
        case .retired: "retired"
        case .restored: "restored"
        case .held: "held"
        case .holdExtended: "holdExtended"
        case .holdEnded: "holdEnded"
        case .levelled: "levelled"
        case .windowOpened: "windowOpened"
        case .warned: "warned"
        case .recovered: "recovered"
        case .trialChanged: "trialChanged"
        case .purchased: "purchased"
        case .overridden: "overridden"
        case .subscribed: "subscribed"
        case .benefited: "benefited"
        case .subscriptionForgotten: "subscriptionForgotten"
        case .benefitForgotten: "benefitForgotten"
        case .upgraded: "upgraded"
        case .upgradeForgotten: "upgradeForgotten"
        case .ordered: "ordered"
        }
    }
}

extension Account.Notice.Kind {
    /// The names that a notice's kind can have.
    fileprivate static let names = [
        "lowBalance", "exhausted", "trialEnding", "trialEnded", "inconsistent", "tierChanged", "paymentDue",
        "severalSubscriptions", "changeDropped", "upgradeAbandoned",
    ]

    fileprivate var name: String {
        switch self {
        case .lowBalance: "lowBalance"
        case .exhausted: "exhausted"
        case .trialEnding: "trialEnding"
        case .trialEnded: "trialEnded"
        case .inconsistent: "inconsistent"
        case .tierChanged: "tierChanged"
        case .paymentDue: "paymentDue"
        case .severalSubscriptions: "severalSubscriptions"
        case .changeDropped: "changeDropped"
        case .upgradeAbandoned: "upgradeAbandoned"
        }
    }
}
