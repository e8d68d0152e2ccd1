import BillingInMemory
import BillingKit

extension SystemLaw {
    private static let day = Duration.seconds(86_400)

    /// A catalog with a trial of 14 days, of whose end is reminded so many days before.
    private static func catalog(
        version: Catalog.Version = 1,
        reminderDays: [Int]
    ) throws(CatalogError) -> Catalog {
        try Catalog(
            version: version,
            meters: Fixture.catalog.meters,
            tiers: Fixture.catalog.tiers,
            fallback: Fixture.free,
            trial: .init(days: 14, gives: .tier(Fixture.pro), reminderDays: reminderDays)
        )
    }

    static let sweeps: [SystemLaw] = told + writtenDown + sharedSweeps

    private static let told: [SystemLaw] = [
        SystemLaw("an expiry is told when it is due, without anybody asking") { trial in
            let ear = Ear()
            let billing = try await trial.system(observers: [ear])
            let end = StoreTrial.start.advanced(by: .seconds(3_600))
            _ = try await billing.consume(500, of: Fixture.documents, for: "org_acme", key: .request("1"))
            _ = try await billing.grant(
                100,
                of: Fixture.documents,
                to: "org_acme",
                from: .promotion,
                expiry: end,
                key: .request("2")
            )
            let length = try await trial.journalLength(of: "org_acme")
            trial.clock.set(to: end.advanced(by: .microseconds(-1)))
            await billing.sweep()
            trial.judge.expectEqual(try await trial.journalLength(of: "org_acme"), length, "the changes before the end")
            trial.clock.set(to: end)
            let running = Task { await billing.run() }
            await ear.wait(for: 2, of: .exhausted(.meter(Fixture.documents)))
            running.cancel()
            await running.value
        },
        SystemLaw("a trial's reminder and its end are told when they are due, each once") { trial in
            let billing = try await trial.system(try catalog(reminderDays: [7, 3]))
            _ = try await billing.startTrial(for: "org_acme")
            let end = StoreTrial.start.advanced(by: .seconds(14 * 86_400))
            let kinds: [(days: Int64, kinds: [Account.Notice.Kind])] = [
                (6, []), (7, [.trialEnding(end, days: 7)]), (10, []), (11, [.trialEnding(end, days: 3)]), (13, []),
                (14, [.trialEnded, .tierChanged(from: Fixture.pro, to: Fixture.free)]), (15, []),
            ]
            var wanted: Set<Account.Notice.Kind> = []
            for (days, new) in kinds {
                trial.clock.set(to: StoreTrial.start.advanced(by: .seconds(days * 86_400)))
                wanted.formUnion(new)
                for _ in 0..<2 {
                    await billing.sweep()
                    let notices = try await trial.notices(of: "org_acme")
                    trial.judge.expectEqual(Set(notices), wanted, "what has been told after \(days) days")
                    trial.judge.expectEqual(notices.count, wanted.count, "the notices after \(days) days")
                }
            }
        },
        SystemLaw("a tier that ends by time is told of when it does") { trial in
            let billing = try await trial.system()
            try await trial.judge.perform(Fixture.purchase(), for: "org_acme")
            let end = Recurrence.month.span(containing: StoreTrial.start, from: StoreTrial.start).end
            let change = Account.Notice.Kind.tierChanged(from: Fixture.pro, to: Fixture.free)
            for (instant, count) in [(end.advanced(by: .microseconds(-1)), 0), (end, 1)] {
                trial.clock.set(to: instant)
                await billing.sweep()
                let notices = try await trial.notices(of: "org_acme")
                trial.judge.expectEqual(notices.count { $0 == change }, count, "the notices at \(instant)")
            }
        },
    ]

    private static let writtenDown: [SystemLaw] = [
        SystemLaw("a hold that has lapsed is written down as lapsed, and its units are free") { trial in
            let billing = try await trial.servers()[0]
            _ = try await billing.reserve(4, of: Fixture.images, for: "org_acme", key: .job("1"))
            for (microseconds, held) in [(119_999_999, 4), (120_000_000, 0)] as [(Int64, Int64)] {
                trial.clock.set(to: StoreTrial.start.advanced(by: .microseconds(microseconds)))
                await billing.sweep()
                let holds = try await trial.judge.account(of: "org_acme").holds
                trial.judge.expectEqual(holds.reduce(0) { $0 + $1.amount }, held, "the units that are stored as held")
            }
            let effects = try await trial.store.journal(JournalQuery(customer: "org_acme")).last?.effects ?? []
            let hasLapse = effects.contains { if case .holdEnded(_, .lapsed) = $0 { true } else { false } }
            trial.judge.expect(hasLapse, "the lapse is in the journal")
            let line = try await billing.overview(of: "org_acme")[Fixture.images]
            trial.judge.expectEqual(line?.held, 0, "the units held")
        },
        SystemLaw("nothing happens to accounts that are not due") { trial in
            let billing = try await trial.servers()[0]
            for number in 0..<5 {
                _ = try await billing.consume(of: Fixture.images, for: CustomerID("org_\(number)"), key: .request("1"))
            }
            let end = Recurrence.month.span(containing: StoreTrial.start, from: StoreTrial.start).end
            for instant in [StoreTrial.start, end.advanced(by: .microseconds(-1))] {
                trial.clock.set(to: instant)
                await billing.sweep()
                for number in 0..<5 {
                    let length = try await trial.journalLength(of: CustomerID("org_\(number)"))
                    trial.judge.expectEqual(length, 1, "the changes at \(instant)")
                }
            }
            trial.judge.expect(
                try await trial.store.load(LoadRequest(items: [.init(customer: "nobody")]))[0].account?.isNew ?? false,
                "nobody is nobody still"
            )
        },
        SystemLaw("a thousand accounts that are due are all swept, in one round") { trial in
            let billing = try await trial.servers()[0]
            _ = try await trial.count(1_000) { number in
                _ = try await billing.consume(of: Fixture.images, for: CustomerID("org_\(number)"), key: .request("1"))
                return true
            }
            trial.clock.advance(by: day * 40)
            let now = trial.clock.now()
            let due = try await trial.store.accountsDue(DueRequest(now: now, limit: 1_000))
            trial.judge.expectEqual(due.count, 1_000, "the accounts that are due")
            await billing.sweep()
            let rest = try await trial.store.accountsDue(DueRequest(now: now))
            trial.judge.expectEqual(rest, [], "the accounts that are due after a round")
            for number in [0, 99, 100, 999] {
                let length = try await trial.journalLength(of: CustomerID("org_\(number)"))
                trial.judge.expectEqual(length, 2, "the changes of account \(number)")
            }
        },
    ]

    private static let sharedSweeps: [SystemLaw] = [
        SystemLaw("several servers that sweep at once tell nothing twice") { trial in
            let catalog = try catalog(reminderDays: [7])
            let servers = [try await trial.system(catalog), try await trial.system(catalog)]
            _ = try await trial.count(30) { number in
                _ = try await servers[number % 2].startTrial(for: CustomerID("org_\(number)"))
                return true
            }
            for days in [7, 14] {
                trial.clock.set(to: StoreTrial.start.advanced(by: day * days))
                _ = try await trial.count(6) { number in
                    await servers[number % 2].sweep()
                    return true
                }
            }
            for number in 0..<30 {
                let notices = try await trial.notices(of: CustomerID("org_\(number)"))
                trial.judge.expectEqual(notices.count, 3, "what was told: a reminder, an end, and a tier")
                trial.judge.expectEqual(Set(notices).count, 3, "the kinds of it")
            }
        },
        SystemLaw("servers that run at once tell of one expiry once") { trial in
            let catalog = try catalog(reminderDays: [])
            let ear = Ear()
            let servers = [
                try await trial.system(catalog, observers: [ear]), try await trial.system(catalog, observers: [ear]),
            ]
            _ = try await servers[0].startTrial(for: "org_acme")
            trial.clock.advance(by: day * 14)
            let running = servers.map { server in Task { await server.run() } }
            await ear.wait(of: .trialEnded)
            for task in running { task.cancel() }
            for task in running { await task.value }
            let notices = try await trial.notices(of: "org_acme")
            trial.judge.expectEqual(notices.count { $0 == .trialEnded }, 1, "the notices of the trial's end")
        },
        SystemLaw("a reminder that a later catalog has no longer is not told, and leaves nothing due") { trial in
            let before = try await trial.system(try catalog(reminderDays: [7]))
            _ = try await before.startTrial(for: "org_acme")
            let billing = try await trial.system(try catalog(version: 2, reminderDays: []))
            let length = try await trial.journalLength(of: "org_acme")
            trial.clock.advance(by: day * 7)
            await billing.sweep()
            trial.judge.expectEqual(try await trial.journalLength(of: "org_acme"), length, "the changes")
            let due = try await trial.store.accountsDue(DueRequest(now: trial.clock.now()))
            trial.judge.expectEqual(due, [], "what is due")
            trial.clock.advance(by: day * 7)
            await billing.sweep()
            let notices = try await trial.notices(of: "org_acme")
            trial.judge.expect(notices.contains(.trialEnded), "the trial's end is told")
        },
        SystemLaw("a reminder that only a later catalog has is told within a day of when it is due") { trial in
            let before = try await trial.system(try catalog(reminderDays: []))
            _ = try await before.startTrial(for: "org_acme")
            for hours in stride(from: 0, to: 10 * 24, by: 12) {
                trial.clock.set(to: StoreTrial.start.advanced(by: .seconds(hours * 3_600)))
                await before.sweep()
            }
            let billing = try await trial.system(try catalog(version: 2, reminderDays: [3]))
            trial.clock.set(to: StoreTrial.start.advanced(by: day * 12))
            await billing.sweep()
            let end = StoreTrial.start.advanced(by: day * 14)
            let notices = try await trial.notices(of: "org_acme")
            trial.judge.expectEqual(notices, [.trialEnding(end, days: 2)], "what was told")
        },
    ]
}

extension SystemTrial {
    /// Returns what was ever told of a customer after the first change, in order.
    func notices(of customer: CustomerID) async throws -> [Account.Notice.Kind] {
        try await store.journal(JournalQuery(customer: customer, after: 1)).flatMap(\.notices).map(\.kind)
    }
}
