import BillingInMemory
import BillingKit

extension SystemLaw {
    static let terms: [SystemLaw] = [
        SystemLaw("a trial begins once, by however many at once, and ends by itself") { trial in
            let servers = try await trial.servers()
            let begun = try await trial.count(20) { number in
                if case .began = try await servers[number % 2].startTrial(for: "org_acme") { return true }
                return false
            }
            trial.judge.expectEqual(begun, 1, "the trials that began")
            guard
                case .refused(.alreadyTried(let first)) = try await servers[1].startTrial(for: "org_acme", by: "ann")
            else { return trial.judge.expect(false, "a second trial is refused") }
            trial.judge.expectEqual(first.startedAt, StoreTrial.start, "when the trial began")
            let end = StoreTrial.start.advanced(by: .seconds(14 * 86_400))
            for (instant, tier) in [(end.advanced(by: .microseconds(-1)), Fixture.pro), (end, Fixture.free)] {
                trial.clock.set(to: instant)
                let overview = try await servers[0].overview(of: "org_acme")
                trial.judge.expectEqual(overview.tier.id, tier, "the tier at \(instant)")
                trial.judge.expectEqual(overview.trialSpan?.end, end, "the trial's end")
            }
        },
        SystemLaw("a catalog without a trial has none to begin") { trial in
            let billing = try await trial.system()
            let code = await trial.code { try await billing.startTrial(for: "org_acme") }
            trial.judge.expectEqual(code, .noTrial, "the error")
        },
        SystemLaw("a purchase ends a trial, and who has paid has none") { trial in
            let billing = try await trial.servers()[0]
            _ = try await billing.startTrial(for: "org_acme")
            trial.clock.advance(by: .seconds(3_600))
            _ = try await billing.grant(pack: Fixture.hundred, to: "org_acme", for: ("polar", "ord_1"), key: .once)
            let overview = try await billing.overview(of: "org_acme")
            trial.judge.expectEqual(overview.tier.id, Fixture.free, "the tier after a purchase")
            _ = try await billing.grant(pack: Fixture.hundred, to: "org_other", for: ("polar", "ord_2"), key: .once)
            let refused = try await billing.startTrial(for: "org_other")
            trial.judge.expectEqual(refused, .refused(.alreadyPurchased(trial.clock.now())), "the trial of a buyer")
        },
        SystemLaw("a customer's own terms hold at once, until their end, and a retry undoes nothing") { trial in
            let servers = try await trial.servers()
            let end = StoreTrial.start.advanced(by: .seconds(3_600))
            let more = [Account.Override(.allowance(.level(200), of: Fixture.seats), until: end)]
            try await servers[0].override(more, for: "org_acme", by: "ann", key: .request("1"))
            let raised = try await servers[1].raise(150, of: Fixture.seats, for: "org_acme", key: .once)
            guard case .levelled = raised else {
                return trial.judge.expect(false, "what the customer's own terms give is there on every server")
            }
            let few = [Account.Override(.allowance(.level(160), of: Fixture.seats), until: end)]
            try await servers[1].override(few, for: "org_acme", key: .request("2"))
            try await servers[0].override(more, for: "org_acme", key: .request("1"))
            var overview = try await servers[0].overview(of: "org_acme")
            trial.judge.expectEqual(overview.overrides, few, "the terms after a retry of the earlier ones")
            trial.judge.expectEqual(overview[Fixture.seats]?.remaining, .units(10), "what is left")
            let code = await trial.code {
                try await servers[0].override([], for: "org_acme", key: .request("2"))
            }
            trial.judge.expectEqual(code, .keyReused, "other terms under the key")
            trial.clock.set(to: end)
            overview = try await servers[0].overview(of: "org_acme")
            trial.judge.expectEqual(overview.overrides, [], "the terms at their end")
            trial.judge.expectEqual(overview[Fixture.seats]?.overage, 50, "the seats beyond the tier's own limit")
            let unknown = [Account.Override(.rates([], of: Meter.ID("unheard_of")))]
            let malformed = await trial.code { try await servers[0].override(unknown, for: "org_acme", key: .once) }
            trial.judge.expectEqual(malformed, .malformedTerms, "the error for terms that the catalog cannot have")
        },
        SystemLaw("what time has changed is written down when asked for, and not again") { trial in
            let billing = try await trial.servers()[0]
            _ = try await billing.startTrial(for: "org_acme")
            trial.clock.advance(by: .seconds(14 * 86_400))
            for _ in 0..<2 { try await billing.settle("org_acme") }
            let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            trial.judge.expectEqual(journal.map(\.kind), [.startTrial, .settle], "the changes")
            trial.judge.expect(
                journal.last?.notices.contains { $0.kind == .trialEnded } ?? false,
                "the trial's end is told"
            )
            try await billing.settle("org_new")
            trial.judge.expectEqual(try await trial.journalLength(of: "org_new"), 0, "the changes of who did nothing")
        },
    ]

    static let past: [SystemLaw] = [
        SystemLaw("a past instant's overview is the one that was given then") { trial in
            let billing = try await trial.system()
            let steps: [@Sendable () async throws -> Void] = [
                { _ = try await billing.consume(30, of: Fixture.documents, for: "org_acme", key: .request("1")) },
                {
                    _ = try await billing.grant(
                        7,
                        of: Fixture.searches,
                        to: "org_acme",
                        from: .promotion,
                        expiry: StoreTrial.start.advanced(by: .seconds(250)),
                        key: .request("2")
                    )
                },
                { _ = try await billing.consume(5, of: Fixture.searches, for: "org_acme", key: .request("3")) },
                // Told late: it began when the first units had been used.
                { try await trial.judge.perform(Fixture.purchase(), for: "org_acme", at: trial.clock.now()) },
                { _ = try await billing.refund(.request("1"), amount: 4, for: "org_acme", key: .request("4")) },
                { _ = try await billing.startUpgrade(to: Fixture.enterprise, for: "org_acme", reference: "job-7") },
            ]
            var known: [Account.Overview] = []
            for (number, step) in steps.enumerated() {
                trial.clock.set(to: StoreTrial.start.advanced(by: .seconds(number * 60)))
                try await step()
                known.append(try await billing.overview(of: "org_acme"))
                trial.clock.advance(by: .seconds(30))
                known.append(try await billing.overview(of: "org_acme"))
            }
            trial.clock.advance(by: .seconds(400 * 86_400))
            _ = try await billing.consume(of: Fixture.documents, for: "org_acme", key: .request("later"))
            for overview in known {
                let past = try await billing.overview(of: "org_acme", asOf: overview.at)
                trial.judge.expectEqual(past, overview, "the overview as of \(overview.at)")
            }
            let before = StoreTrial.start.advanced(by: .microseconds(-1))
            let none = try await billing.overview(of: "org_acme", asOf: before)
            trial.judge.expectEqual(none.tier.id, Fixture.free, "the tier before the first change")
            trial.judge.expectEqual(none.meters.map(\.used), [0, 0], "the units used before the first change")
            trial.judge.expectEqual(none.subscriptions, [], "the subscriptions before the first change")
        },
        SystemLaw("a past instant's overview counts what was used until then, and by the terms of then") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(30, of: Fixture.documents, for: "org_acme", key: .request("1"))
            let end = StoreTrial.start.advanced(by: .seconds(2 * 86_400))
            let daily = Account.Override(.allowance(.limited(100, per: .day), of: Fixture.documents), until: end)
            try await billing.override([daily], for: "org_acme", key: .request("2"))
            trial.clock.advance(by: .seconds(86_400))
            _ = try await billing.consume(20, of: Fixture.documents, for: "org_acme", key: .request("3"))
            // From here on the month counts again, and in it what was used before.
            trial.clock.set(to: end)
            let then = try await billing.overview(of: "org_acme")
            trial.judge.expectEqual(then[Fixture.documents]?.used, 50, "the units used in the month")
            let later = try await trial.system(Fixture.makeCatalog(version: 2, freeDocuments: 400))
            trial.clock.advance(by: .seconds(3_600))
            _ = try await later.consume(7, of: Fixture.documents, for: "org_acme", key: .request("4"))
            for system in [billing, later] {
                let past = try await system.overview(of: "org_acme", asOf: end)
                trial.judge.expectEqual(past, then, "the overview as of then")
            }
        },
        SystemLaw("a past instant's overview is exact, however long the journal is") { trial in
            let billing = try await trial.system()
            try await trial.judge.perform(Fixture.purchase(of: Fixture.enterprise), for: "org_acme")
            _ = try await trial.count(2_100) { number in
                _ = try await billing.consume(of: Fixture.documents, for: "org_acme", key: .request("\(number)"))
                return true
            }
            let then = try await billing.overview(of: "org_acme")
            trial.clock.advance(by: .seconds(1))
            _ = try await billing.consume(of: Fixture.documents, for: "org_acme", key: .request("later"))
            trial.judge.expectEqual(then[Fixture.documents]?.used, 2_100, "the units used then")
            trial.judge.expectEqual(
                try await billing.overview(of: "org_acme", asOf: StoreTrial.start),
                then,
                "the overview as of then"
            )
        },
    ]
}
