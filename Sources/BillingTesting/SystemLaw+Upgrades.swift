import BillingInMemory
import BillingKit

extension SystemLaw {
    static let upgrades: [SystemLaw] = [
        SystemLaw("an attempt to buy goes from the paywall to the money, whichever server is told") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let customer = CustomerID("org_acme")
            let key = Upgrade.Key.reference("job-1")
            let attribution = Upgrade.Attribution(source: "letter", campaign: "'; DROP TABLE billing_upgrades; --")
            let offer = Account.Command.UpgradeRequest(.tier(Fixture.pro), reference: "job-1", attribution: attribution)
            let locked = try await servers[0].recordPaywall(offer, for: customer, by: "ann")
            trial.judge.expectEqual(locked.stage, .locked, "the stage behind a paywall")
            let clicked = try await servers[1].startUpgrade(
                to: Fixture.pro,
                cycle: .year,
                for: customer,
                by: "bo",
                reference: "job-1",
                promoCode: "SAVE10"
            )
            trial.judge.expectEqual(clicked.stage, .clicked, "the stage after a click")
            let request = clicked.checkoutRequest(for: customer)
            trial.judge.expectEqual(request?.customer, customer, "who pays")
            trial.judge.expectEqual(request?.metadata["reference"], "job-1", "the reference")
            let opening = Upgrade.Opening(
                "chk_job",
                url: "https://example.com/pay",
                expiresAt: trial.clock.now().advanced(by: .seconds(3_600))
            )
            let open = try await servers[0].recordCheckout(opening, of: key, for: customer)
            trial.judge.expectEqual(open.checkoutURL, "https://example.com/pay", "where to pay")
            let seen = try await servers[1].recordSuccessPage(of: key, for: customer)
            trial.judge.expectEqual(seen.stage, .checkout, "the stage after a success page")
            let paid = Fixture.word(checkout: "chk_job", order: "ord_job", at: trial.clock.now())
            try await trial.judge.perform(paid, for: customer, at: trial.clock.now())
            for server in servers {
                let found = try await server.upgrade(key, of: customer)
                trial.judge.expectEqual(found?.stage, .completed, "the stage after the money")
                trial.judge.expectEqual(found?.order, "ord_job", "the order")
                trial.judge.expectEqual(found?.startedBy, "ann", "who started it")
                trial.judge.expectEqual(found?.promoCode, "SAVE10", "the promo code")
                trial.judge.expectEqual(found?.attribution, attribution, "where the customer came from")
                trial.judge.expect(found?.successSeenAt != nil, "the success page is not known to be seen")
                trial.judge.expectEqual(
                    try await server.upgrade(checkout: "chk_job", of: customer),
                    found,
                    "the attempt"
                )
                trial.judge.expectEqual(try await server.upgrade(.reference("job-2"), of: customer), nil, "another one")
                trial.judge.expectEqual(try await server.upgrade(checkout: "", of: customer), nil, "none")
            }
            try await trial.expectSound(customer, "after an attempt to buy")
        },
        SystemLaw("an attempt to buy expires by time alone, and begins anew with the next click") { trial in
            let billing = try await trial.system()
            let customer = CustomerID("org_acme")
            _ = try await billing.startUpgrade(to: Fixture.pro, for: customer, reference: "job-1")
            let end = trial.clock.now().advanced(by: .seconds(3_600))
            let opening = Upgrade.Opening("chk_1", expiresAt: end)
            _ = try await billing.recordCheckout(opening, of: .reference("job-1"), for: customer)
            let due = try await trial.store.accountsDue(DueRequest(now: end)).map(\.customer)
            trial.judge.expectEqual(due, [customer], "whose account is due when the checkout ends")
            trial.clock.advance(by: .seconds(3_600))
            let expired = try await billing.upgrade(.reference("job-1"), of: customer)
            trial.judge.expectEqual(expired?.stage, .expired, "the stage at the checkout's last instant")
            try await billing.settle(customer)
            let journal = try await trial.store.journal(JournalQuery(customer: customer))
            let steps = journal.flatMap(\.effects).compactMap { effect in
                if case .upgraded(_, let step) = effect { step } else { nil }
            }
            trial.judge.expectEqual(steps, [.started, .clicked, .checkoutOpened, .expired], "what the journal says")
            trial.clock.advance(by: .seconds(60))
            let again = try await billing.startUpgrade(to: Fixture.enterprise, for: customer, reference: "job-1")
            trial.judge.expectEqual(again.stage, .clicked, "the stage after another click")
            trial.judge.expectEqual(again.tier, Fixture.enterprise, "what is to be bought now")
            let over = try await billing.cancelUpgrade(.reference("job-1"), for: customer, by: "ann")
            trial.judge.expectEqual(over.stage, .cancelled, "the stage after a cancellation")
        },
        SystemLaw("an attempt that nothing comes of is told of once, when it is due, and one that is paid is not") {
            trial in
            let billing = try await trial.system()
            let (silent, paying) = (CustomerID("org_silent"), CustomerID("org_paying"))
            for customer in [silent, paying] {
                _ = try await billing.startUpgrade(to: Fixture.pro, for: customer, reference: "job-1")
            }
            try await trial.judge.perform(
                Fixture.word(
                    checkout: "chk_1",
                    order: "ord_1",
                    of: .tier(Fixture.pro),
                    reference: "job-1",
                    at: StoreTrial.start
                ),
                for: paying
            )
            let due = StoreTrial.start.advanced(by: .seconds(Catalog.Attempts().abandonedSeconds))
            let notice = Account.Notice.Kind.upgradeAbandoned(.reference("job-1"))
            let later = due.advanced(by: .seconds(90 * 86_400))
            for (instant, count) in [(due.advanced(by: .microseconds(-1)), 0), (due, 1), (later, 1)] {
                trial.clock.set(to: instant)
                await billing.sweep()
                let (told, untold) = (try await trial.notices(of: silent), try await trial.notices(of: paying))
                trial.judge.expectEqual(told.count { $0 == notice }, count, "the notices at \(instant)")
                trial.judge.expectEqual(untold.count { $0 == notice }, 0, "the notices of what was paid")
            }
            let expired = try await billing.upgrade(.reference("job-1"), of: silent)
            trial.judge.expectEqual(expired?.stage, .expired, "the stage after ninety days")
        },
        SystemLaw("many tabs at once make one attempt for each reference, and lose no checkout") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let customer = CustomerID("org_acme")
            _ = try await trial.count(24) { number in
                let server = servers[number % 2]
                let key = Upgrade.Key.reference("job-\(number % 3)")
                _ = try await server.startUpgrade(to: Fixture.pro, for: customer, reference: key.referenceName)
                _ = try await server.recordCheckout(.init("chk_\(number)"), of: key, for: customer)
                return true
            }
            let upgrades = try await servers[0].overview(of: customer).upgrades
            trial.judge.expectEqual(
                Set(upgrades.map(\.key)),
                Set((0..<3).map { .reference("job-\($0)") }),
                "the attempts"
            )
            for number in 0..<24 {
                let found = try await servers[1].upgrade(checkout: "chk_\(number)", of: customer)
                trial.judge.expectEqual(found?.reference, "job-\(number % 3)", "the attempt of checkout \(number)")
            }
            try await trial.expectSound(customer, "after many tabs")
        },
    ]
}

extension Upgrade.Key {
    fileprivate var referenceName: String? {
        if case .reference(let reference) = self { reference } else { nil }
    }
}
