import BillingInMemory
import BillingKit

extension SystemLaw {
    static let deductions: [SystemLaw] = [
        SystemLaw("deductions are atomic") { trial in
            let servers = try await trial.servers()
            // There are 10 images a month and then 2 of 100 credits for each: 60 in all, of which 8 times 7 are whole.
            let consumed = try await trial.count(40) { number in
                let answer = try await servers[number % 2].consume(
                    7,
                    of: Fixture.images,
                    for: "org_acme",
                    key: .request("\(number)")
                )
                if case .consumed = answer { return true }
                return false
            }
            trial.judge.expectEqual(consumed, 8, "the deductions that were made")
            let changes = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            trial.judge.expectEqual(changes.count, 8, "the changes in the journal")
            for change in changes {
                trial.judge.expectEqual(change.units(of: Fixture.images), 7, "the units of revision \(change.revision)")
                trial.judge.expectEqual(change.receipt?.amount, 7, "the units that its receipt says")
            }
            let page = try await servers[0].overview(of: "org_acme")
            trial.judge.expectEqual(page[Fixture.images]?.used, 56, "the images used")
            trial.judge.expectEqual(page[Fixture.credits]?.remaining, 8, "the credits left: 46 images cost 92")
            // 7 credits together: of what is left, one can have both, and nobody has one of them alone.
            let both = try await trial.count(10) { number in
                let answer = try await servers[number % 2].consume(
                    all: [Fixture.images: 1, Fixture.pages: 1],
                    for: "org_acme",
                    key: .request("both-\(number)")
                )
                if case .consumed = answer { return true }
                return false
            }
            trial.judge.expectEqual(both, 1, "the deductions from two meters that were made")
            let after = try await servers[1].overview(of: "org_acme")
            trial.judge.expectEqual(after[Fixture.images]?.used, 57, "the images used")
            trial.judge.expectEqual(after[Fixture.pages]?.used, 1, "the pages used")
            trial.judge.expectEqual(after[Fixture.credits]?.remaining, 1, "the credits left")
            try await trial.expectSound("org_acme", "after all deductions")
        },
        SystemLaw("deductions from many customers at once are atomic for each") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let consumed = try await trial.count(300) { number in
                let answer = try await servers[number % 2].consume(
                    70,
                    of: Fixture.documents,
                    for: CustomerID("org_\(number % 10)"),
                    key: .request("\(number)")
                )
                if case .consumed = answer { return true }
                return false
            }
            trial.judge.expectEqual(consumed, 70, "the deductions that were made: 7 of 70 units from each 500")
            for number in 0..<10 {
                let customer = CustomerID("org_\(number)")
                let line = try await servers[0].overview(of: customer)[Fixture.documents]
                trial.judge.expectEqual(line?.used, 490, "the units used by \(customer)")
                trial.judge.expectEqual(line?.remaining, .units(10), "the units left to \(customer)")
                try await trial.expectSound(customer, "after all deductions")
            }
        },
        SystemLaw("subscription data is keyed by customer") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let customers = (0..<12).map { CustomerID("org_\($0)") }
            // Everybody begins the same purchase under the same reference, and half of them pay.
            _ = try await trial.count(customers.count) { number in
                let customer = customers[number]
                _ = try await servers[number % 2].startUpgrade(to: Fixture.pro, for: customer, reference: "job-123")
                if number.isMultiple(of: 2) { try await trial.judge.perform(purchase(by: customer), for: customer) }
                return true
            }
            for (number, customer) in customers.enumerated() {
                let page = try await servers[(number + 1) % 2].overview(of: customer)
                let pays = number.isMultiple(of: 2)
                trial.judge.expectEqual(page.customer, customer, "whose page it is")
                trial.judge.expectEqual(
                    page.subscriptions.map(\.id),
                    pays ? ["sub_of_\(customer)"] : [],
                    "the subscriptions of \(customer)"
                )
                trial.judge.expectEqual(page.tier.id, pays ? Fixture.pro : Fixture.free, "the tier of \(customer)")
                trial.judge.expectEqual(
                    page.upgrades.map(\.stage),
                    [pays ? .completed : .clicked],
                    "how far the upgrade of \(customer) has come"
                )
                trial.judge.expectEqual(
                    page.upgrades.compactMap(\.order),
                    pays ? ["ord_of_\(customer)"] : [],
                    "what the upgrade of \(customer) was paid by"
                )
            }
            // What a provider says of one is written to that one alone.
            let before = try await customers.asyncMap { try await trial.store.journal(JournalQuery(customer: $0)) }
            trial.clock.advance(by: .seconds(60))
            let lost = purchase(by: customers[0], status: .canceled, at: trial.clock.now())
            try await trial.judge.perform(lost, for: customers[0], at: trial.clock.now())
            for (customer, journal) in zip(customers, before) {
                let after = try await trial.store.journal(JournalQuery(customer: customer))
                let wanted = journal.count + (customer == customers[0] ? 1 : 0)
                trial.judge.expectEqual(after.count, wanted, "the changes of \(customer)")
                trial.judge.expectEqual(
                    Array(after.prefix(journal.count)),
                    journal,
                    "the earlier changes of \(customer)"
                )
                try await trial.expectSound(customer, "after another's subscription has ended")
            }
            // And nobody is given what is another's.
            let stolen = try trial.judge.blind([purchase(by: customers[0])], on: Account(customer: "org_thief"))
            let outcomes = try await trial.store.commit(CommitRequest(items: [stolen]))
            trial.judge.expect(
                outcomes.allSatisfy { if case .claimedByAnother = $0 { true } else { false } },
                "a claim to another's subscription: found \(outcomes), wanted claimedByAnother"
            )
            let thief = try await servers[0].overview(of: "org_thief")
            trial.judge.expectEqual(thief.subscriptions.map(\.id), [], "the subscriptions of who claimed another's")
        },
    ]

    private static func purchase(
        by customer: CustomerID,
        status: SubscriptionStatus = .active,
        at now: Timestamp = StoreTrial.start
    ) -> Account.Command {
        Fixture.purchase(
            subscription: "sub_of_\(customer)",
            order: "ord_of_\(customer)",
            checkout: "chk_of_\(customer)",
            status: status,
            at: now,
            key: "delivery:polar:\(status)"
        )
    }
}

extension SystemTrial {
    /// Expects an account to be what its journal folds to, each key to be used once, and every grant's units to be
    /// accounted for.
    func expectSound(_ customer: CustomerID, _ when: String) async throws {
        let account = try await judge.account(of: customer)
        let journal = try await store.journal(JournalQuery(customer: customer))
        var folded = Account(customer: customer)
        for change in journal {
            judge.expect(
                folded.apply(change),
                "revision \(change.revision) of \(customer) follows \(folded.revision) in the journal \(when)"
            )
        }
        judge.expectEqual(folded, account, "what the journal of \(customer) folds to \(when)")
        let keys = journal.compactMap(\.key)
        judge.expectEqual(Set(keys).count, keys.count, "the keys of \(customer) \(when), each once")
        for grant in account.grants {
            let parts = grant.used + grant.held + grant.expired + grant.voided + grant.moved + grant.remaining
            judge.expectEqual(parts, grant.amount, "the units of grant \(grant.id) of \(customer) \(when)")
            judge.expect(grant.remaining >= 0, "grant \(grant.id) of \(customer) has \(grant.remaining) units \(when)")
        }
    }
}

extension Account.Change {
    /// The units of a meter that were drawn, credits as the units that they stand for left out.
    fileprivate func units(of meter: Meter.ID) -> Int64 {
        effects.reduce(0) { sum, effect in
            guard case .drawn(let draw) = effect, draw.subject == .meter(meter) else { return sum }
            return sum + draw.amount
        }
    }
}
