import BillingModel
import Testing

@Suite struct TierChangeTests {
    let now = Fixture.day(3)
    let period = Fixture.days(0, 31)

    // MARK: Inside a running period

    @Test func `a higher tier in the running period keeps what was used`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(30, at: now)
        try ledger.take(Fixture.subscription(.enterprise, period: period, at: now), at: now)
        var line = try ledger.line(at: now)
        #expect(line.used == 30 && line.remaining == .unlimited && line.overage == 0)
        try ledger.consume(100, at: now)
        line = try ledger.line(at: now)
        #expect(line.used == 130 && line.remaining == .unlimited && line.overage == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `a lower tier in the running period keeps what was used`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(7, at: now)
        try ledger.take(Fixture.subscription(.free, period: period, at: now), at: now)
        let line = try ledger.line(at: now)
        #expect(line.used == 7 && line.remaining == .units(3) && line.overage == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `what was used beyond a lower limit is a number of its own`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(30, at: now)
        try ledger.take(Fixture.subscription(.free, period: period, at: now), at: now)
        let line = try ledger.line(at: now)
        #expect(line.used == 30 && line.remaining == .units(0) && line.overage == 20)
        #expect(ledger.account.periods.first?.uncovered == 20)
        let denial = try #require(ledger.consume(at: now).denial)
        #expect(denial.remaining == 0 && denial.tier == .free && denial.unlockedBy == [.pro, .enterprise])
        ledger.audit.check(ledger.account)
    }

    @Test func `a limit that is back covers again what it did not`() throws {
        var ledger = try Ledger()
        for (version, tier) in [(0, Tier.ID.enterprise), (1, .free), (2, .pro), (3, .free), (4, .pro)] {
            let at = now + .hours(Int64(version))
            try ledger.take(Fixture.subscription(tier, period: period, at: at), at: at)
            if version == 0 { try ledger.consume(60, at: at) }
            let line = try ledger.line(at: at)
            #expect(line.used == 60)
            switch tier {
            case .free: #expect(line.remaining == .units(0) && line.overage == 50)
            case .pro: #expect(line.remaining == .units(0) && line.overage == 10)
            default: #expect(line.remaining == .unlimited && line.overage == 0)
            }
            ledger.audit.check(ledger.account)
        }
    }

    @Test func `up and down again within a period gives nothing away`() throws {
        var ledger = try Ledger()
        for version in 0..<6 as Range<Int64> {
            let at = now + .hours(version)
            let tier: Tier.ID = version.isMultiple(of: 2) ? .pro : .enterprise
            try ledger.take(Fixture.subscription(tier, period: period, at: at), at: at)
            if version == 0 { try ledger.consume(45, at: at) }
        }
        try ledger.take(Fixture.subscription(.pro, period: period, at: now + .days(1)), at: now + .days(1))
        #expect(try ledger.line(at: now + .days(1)).remaining == .units(5))
        ledger.audit.check(ledger.account)
    }

    @Test func `a meter that a tier takes away is refused, and comes back as it was`() throws {
        var ledger = try Ledger()
        let day = Fixture.days(3, 4)
        try ledger.take(Fixture.subscription(.free, period: day, cycle: .day), at: now)
        try ledger.consume(2, of: .searches, at: now)
        try ledger.take(Fixture.subscription(.pro, period: day, at: now + .hours(1), cycle: .day), at: now + .hours(1))
        #expect(try ledger.consume(of: .searches, at: now + .hours(1)).denial?.limit == .notIncluded)
        let gone = try ledger.line(.searches, at: now + .hours(1))
        #expect(gone.used == 2 && gone.remaining == .units(0) && gone.allowance == .none)
        try ledger.take(Fixture.subscription(.free, period: day, at: now + .hours(2), cycle: .day), at: now + .hours(2))
        let line = try ledger.line(.searches, at: now + .hours(2))
        #expect(line.used == 2 && line.remaining == .units(1) && line.overage == 0)
        ledger.audit.check(ledger.account)
    }

    @Test func `a change of tier is told`() throws {
        var ledger = try Ledger()
        try ledger.consume(at: Fixture.opening)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 34)), at: now)
        #expect(ledger.notices == [.tierChanged(from: .free, to: .pro)])
        #expect(ledger.account.tier == .pro)
        try ledger.consume(at: Fixture.day(60))
        #expect(ledger.notices.last == .tierChanged(from: .pro, to: .free))
    }

    // MARK: Paid periods

    @Test func `a purchase brings a fresh allowance for the provider's period`() throws {
        var ledger = try Ledger()
        try ledger.consume(9, at: Fixture.opening)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 34)), at: now)
        let line = try ledger.line(at: now)
        #expect(line.used == 0 && line.remaining == .units(50) && line.period == Fixture.days(3, 34))
        #expect(ledger.account.grants.count == 1)
        ledger.audit.check(ledger.account)
    }

    @Test func `a renewal brings a fresh allowance`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(50, at: now)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: Fixture.day(31))
        let line = try ledger.line(at: Fixture.day(31))
        #expect(line.used == 0 && line.remaining == .units(50) && line.period == Fixture.days(31, 59))
        ledger.audit.check(ledger.account)
    }

    @Test func `until a renewal is told the old period runs on and gives nothing new`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(40, at: now)
        let end = Fixture.day(31)
        for instant in [end, end + .tick, end + .days(3) - .tick] {
            let line = try ledger.line(at: instant)
            #expect(line.used == 40 && line.remaining == .units(10))
            #expect(line.period == TimeSpan(from: Fixture.opening, to: end + .days(3)))
        }
        #expect(try ledger.overview(at: end + .days(3) - .tick).tier.id == .pro)
        #expect(try ledger.overview(at: end + .days(3)).tier.id == .free)
    }

    @Test func `a renewal told late takes nothing away and gives nothing twice`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(45, at: Fixture.day(30))
        let end = Fixture.day(31)
        #expect(try ledger.consume(5, at: end + .hours(5)).isApplied)
        #expect(try ledger.consume(1, at: end + .hours(6)).denial != nil)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: end + .days(1))
        let line = try ledger.line(at: end + .days(1))
        #expect(line.used == 5 && line.remaining == .units(45), "what was used since the period began counts in it")
        ledger.audit.check(ledger.account)
    }

    @Test func `a renewal told after access has ended gives it back`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(45, at: Fixture.day(30))
        try ledger.consume(10, at: Fixture.day(36))
        #expect(ledger.account.tier == .free)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: Fixture.day(37))
        let line = try ledger.line(at: Fixture.day(37))
        #expect(line.used == 10 && line.remaining == .units(40) && line.period == Fixture.days(31, 59))
        ledger.audit.check(ledger.account)
    }

    @Test func `an allowance with a shorter interval turns over within the paid period`() throws {
        let tiers = [
            Tier(.free, rank: 0, name: "Free", allowances: [:]),
            Tier(.pro, rank: 1, name: "Pro", allowances: [.documents: .limited(50, per: .month)]),
        ]
        var ledger = try Ledger(catalog: Catalog(version: 1, meters: Fixture.meters, tiers: tiers, fallback: .free))
        let year = Fixture.days(0, 365)
        try ledger.take(Fixture.subscription(.pro, period: year, cycle: .year), at: Fixture.opening)
        try ledger.consume(50, at: Fixture.day(10))
        #expect(try ledger.line(at: Fixture.day(31) - .tick).remaining == .units(0))
        #expect(try ledger.line(at: Fixture.day(31)).remaining == .units(50))
        #expect(try ledger.line(at: Fixture.day(31)).period == Fixture.days(31, 59))
        #expect(try ledger.line(at: Fixture.day(364)).period?.end == Fixture.day(365), "it ends with what was paid for")
    }

    // MARK: Ends

    @Test func `a cancellation at the period's end takes access exactly then`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period, cancels: true), at: now)
        #expect(try ledger.overview(at: Fixture.day(31) - .tick).tier.id == .pro)
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .free, "whether or not a last webhook arrives")
        #expect(try ledger.overview(at: now).accessUntil == Fixture.day(31))
    }

    @Test func `what the provider says of the end decides`() throws {
        for subscription in [
            Fixture.subscription(.pro, period: period, endsAt: Fixture.day(20)),
            Fixture.subscription(.pro, period: period, endedAt: Fixture.day(20)),
            Fixture.subscription(.pro, period: period, endsAt: Fixture.day(25), endedAt: Fixture.day(20)),
        ] {
            var ledger = try Ledger()
            try ledger.take(subscription, at: now)
            #expect(try ledger.overview(at: Fixture.day(20) - .tick).tier.id == .pro)
            #expect(try ledger.overview(at: Fixture.day(20)).tier.id == .free)
        }
    }

    @Test func `access that is over was over when the provider says`() throws {
        let ends: [(endsAt: Timestamp?, endedAt: Timestamp?, expected: Int64)] = [
            (nil, Fixture.day(15), 15), (Fixture.day(10), Fixture.day(15), 15), (nil, Fixture.day(21), 21),
            (Fixture.day(10), nil, 10), (Fixture.day(25), nil, 20), (nil, nil, 20),
        ]
        for end in ends {
            var ledger = try Ledger()
            try ledger.take(Fixture.subscription(.pro, period: period), at: now)
            let over = Fixture.subscription(
                .pro,
                .canceled,
                period: period,
                at: Fixture.day(20),
                endsAt: end.endsAt,
                endedAt: end.endedAt
            )
            try ledger.take(over, at: Fixture.day(20))
            let line = try ledger.line(at: Fixture.day(22))
            #expect(line.allowance == .limited(10, per: .month) && line.period?.start == Fixture.day(end.expected))
        }
    }

    @Test func `a cancellation taken back lets access go on`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period, cancels: true, endsAt: Fixture.day(31)), at: now)
        try ledger.take(Fixture.subscription(.pro, period: period, at: Fixture.day(5)), at: Fixture.day(5))
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .pro)
    }

    @Test func `the fall to the fallback begins a period at that instant`() throws {
        var ledger = try Ledger()
        try ledger.consume(2, at: Fixture.opening)
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(3, 34)), at: now)
        try ledger.consume(48, at: now)
        let end = Fixture.day(12)
        try ledger.take(
            Fixture.subscription(.pro, .canceled, period: Fixture.days(3, 34), at: end, endedAt: end),
            at: end
        )
        let line = try ledger.line(at: end)
        #expect(line.used == 0 && line.remaining == .units(10))
        #expect(line.period == Fixture.days(12, 31), "to the end of the account's own month")
        #expect(try ledger.line(at: Fixture.day(31)).period == Fixture.days(31, 59))
        ledger.audit.check(ledger.account)
    }

    @Test func `a revocation told late takes its time into account`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Fixture.days(0, 31)), at: now)
        try ledger.consume(20, at: Fixture.day(10))
        try ledger.consume(4, at: Fixture.day(20))
        try ledger.take(
            Fixture.subscription(.pro, .canceled, period: period, at: Fixture.day(15), endedAt: Fixture.day(15)),
            at: Fixture.day(21)
        )
        let line = try ledger.line(at: Fixture.day(21))
        #expect(line.used == 4 && line.remaining == .units(6) && line.period == Fixture.days(15, 31))
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: [SubscriptionStatus.canceled, .unpaid, .paused, .incomplete, .incompleteExpired])
    func `a subscription that is not paid for gives nothing`(status: SubscriptionStatus) throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, status, period: period), at: now)
        #expect(try ledger.overview(at: now).tier.id == .free)
        try ledger.take(Fixture.subscription(.pro, period: period, at: now), at: now)
        #expect(try ledger.overview(at: now).tier.id == .pro)
        try ledger.take(Fixture.subscription(.pro, status, period: period, at: now + .hours(1)), at: now + .hours(2))
        #expect(try ledger.overview(at: now + .hours(2)).tier.id == .free)
    }

    @Test func `a trial that the provider runs gives its tier`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, .trialing, period: Fixture.days(3, 10)), at: now)
        #expect(try ledger.line(at: now).remaining == .units(50))
        #expect(try ledger.line(at: now).period == Fixture.days(3, 10))
    }

    @Test func `a status newer than this code keeps what was paid for to its end`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.take(Fixture.subscription(.pro, "frozen", period: Fixture.days(31, 59), at: now), at: now)
        #expect(try ledger.overview(at: Fixture.day(31) - .tick).tier.id == .pro)
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .free)
        #expect(try ledger.overview(at: now).subscription?.status.rawValue == "frozen")
    }

    @Test func `a status newer than this code gives nothing that was not paid for`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, "frozen", period: period), at: now)
        #expect(try ledger.overview(at: now).tier.id == .free)
    }

    // MARK: Past due

    @Test func `while payment is due the tier is kept for the grace and nothing new is given`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(40, at: now)
        let due = Fixture.day(31)
        try ledger.take(
            Fixture.subscription(.pro, .pastDue, period: Fixture.days(31, 59), pastDueAt: due),
            at: due + .hours(1)
        )
        #expect(ledger.notices.last == .paymentDue("sub_1"))
        let line = try ledger.line(at: due + .days(7) - .tick)
        #expect(line.used == 40 && line.remaining == .units(10))
        #expect(line.period == TimeSpan(from: Fixture.opening, to: due + .days(7)))
        #expect(try ledger.overview(at: due + .days(7) - .tick).tier.id == .pro)
        #expect(try ledger.overview(at: due + .days(7)).tier.id == .free)
        ledger.audit.check(ledger.account)
    }

    @Test func `an end that was said comes before the grace is over`() throws {
        for (endsAt, expected) in [(Fixture.day(33), Fixture.day(33)), (Fixture.day(50), Fixture.day(38))] {
            var ledger = try Ledger()
            try ledger.take(Fixture.subscription(.pro, period: period), at: now)
            let due = Fixture.subscription(
                .pro,
                .pastDue,
                period: Fixture.days(31, 59),
                endsAt: endsAt,
                pastDueAt: Fixture.day(31)
            )
            try ledger.take(due, at: Fixture.day(31))
            #expect(try ledger.overview(at: Fixture.day(31)).accessUntil == expected)
            #expect(try ledger.overview(at: expected - .tick).tier.id == .pro)
            #expect(try ledger.overview(at: expected).tier.id == .free)
        }
    }

    @Test func `payment after all brings the new period`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        let due = Fixture.day(31)
        let next = Fixture.days(31, 59)
        try ledger.take(Fixture.subscription(.pro, .pastDue, period: next, pastDueAt: due), at: due)
        try ledger.consume(3, at: due + .days(2))
        try ledger.take(Fixture.subscription(.pro, period: next, at: due + .days(3)), at: due + .days(3))
        let line = try ledger.line(at: due + .days(3))
        #expect(line.used == 3 && line.remaining == .units(47) && line.period == next)
        ledger.audit.check(ledger.account)
    }

    @Test func `that payment is due is told once`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        for hour in 1...3 as ClosedRange<Int64> {
            let at = Fixture.day(31) + .hours(hour)
            try ledger.take(
                Fixture.subscription(.pro, .pastDue, period: Fixture.days(31, 59), at: at, pastDueAt: Fixture.day(31)),
                at: at
            )
        }
        #expect(ledger.notices.filter { $0 == .paymentDue("sub_1") }.count == 1)
    }

    @Test func `no grace means none`() throws {
        var ledger = try Ledger(catalog: Fixture.catalog(grace: .init(renewal: .zero, pastDue: .zero)))
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        #expect(try ledger.overview(at: Fixture.day(31) - .tick).tier.id == .pro)
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .free)
        let due = Fixture.day(20)
        try ledger.take(Fixture.subscription(.pro, .pastDue, period: period, at: due, pastDueAt: due), at: due)
        #expect(try ledger.overview(at: Fixture.day(31) - .tick).tier.id == .pro, "what was paid for is no grace")
        #expect(try ledger.overview(at: Fixture.day(31)).tier.id == .free)
        let renewed = Fixture.days(31, 59)
        try ledger.take(Fixture.subscription(.pro, period: renewed), at: renewed.start)
        let failed = Fixture.subscription(.pro, .pastDue, period: renewed, at: renewed.start + .tick)
        try ledger.take(failed, at: renewed.start + .tick)
        #expect(try ledger.overview(at: renewed.start + .tick).tier.id == .free)
    }

    // MARK: Two subscriptions

    @Test func `of two subscriptions the highest rank gives access`() throws {
        for order in [["a", "b"], ["b", "a"]] {
            var ledger = try Ledger()
            for id in order {
                let tier: Tier.ID = id == "a" ? .enterprise : .pro
                try ledger.take(Fixture.subscription(tier, id: id, period: Fixture.days(1, 20)), at: now)
            }
            #expect(try ledger.overview(at: now).tier.id == .enterprise)
            #expect(try ledger.overview(at: now).subscription?.id == "a")
            #expect(try ledger.overview(at: now).subscriptions.map(\.id) == ["a", "b"])
        }
    }

    @Test func `when the higher one ends the lower one takes over`() throws {
        var ledger = try Ledger()
        try ledger.take(
            Fixture.subscription(.enterprise, id: "high", period: Fixture.days(0, 10), cancels: true),
            Fixture.subscription(.pro, id: "low", period: period),
            at: now
        )
        try ledger.consume(20, at: now)
        let line = try ledger.line(at: Fixture.day(10))
        #expect(line.used == 20 && line.remaining == .units(30) && line.period == period)
    }

    // MARK: Facts

    @Test func `a decision that needs the past says so, all at once`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.enterprise, period: period), at: now)
        try ledger.consume(5, at: Fixture.day(31) + .hours(1))
        try ledger.consume(6, of: .searches, at: Fixture.day(31) + .hours(1))
        let renewal = Fixture.subscription(.enterprise, period: Fixture.days(31, 59))
        let command = Account.Command.take(ProviderSnapshot(provider: "polar", subscriptions: [renewal]))
        let at = Fixture.day(31) + .hours(2)
        let questions = [Meter.ID.documents, .searches].map { meter in
            Account.Facts.UsageQuestion(.meter(meter), since: Fixture.day(31))
        }
        var facts = Account.Facts()
        let decide = { try ledger.account.decide(command, facts: facts, at: at, in: ledger.catalog) }
        #expect(code { try decide() } == .missing(questions.map { .usage($0) }))
        facts.usage = [questions[0]: .init(units: 5), questions[1]: .init(units: 6)]
        #expect(try decide().answer == .taken)
    }

    @Test func `who has used nothing since a period began is not asked for the past`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        try ledger.consume(5, at: Fixture.day(31) - .tick)
        let renewal = Fixture.subscription(.pro, period: Fixture.days(31, 59))
        let command = Account.Command.take(ProviderSnapshot(provider: "polar", subscriptions: [renewal]))
        #expect(try ledger.account.decide(command, at: Fixture.day(31), in: ledger.catalog).answer == .taken)
    }

    // MARK: Catalog versions

    @Test func `a subscription stays on the catalog it was bought under`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: period), at: now)
        let old = ledger.catalog
        let tiers = [
            Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(1, per: .month)]),
            Tier(.pro, rank: 1, name: "Pro", allowances: [.documents: .limited(2, per: .month)]),
            Tier(.enterprise, rank: 2, name: "Enterprise", allowances: [:]),
        ]
        ledger.catalog = try Catalog(version: 2, meters: Fixture.meters, tiers: tiers, fallback: .free)
        #expect(code { try ledger.line(at: now) } == .missing([.catalog(1)]), "never treated as the fallback")
        #expect(code { try ledger.consume(at: now) } == .missing([.catalog(1)]))
        ledger.earlierCatalogs = [old]
        #expect(try ledger.line(at: now).remaining == .units(50))
        try ledger.take(Fixture.subscription(.pro, period: period, at: now + .hours(1)), at: now + .hours(1))
        #expect(try ledger.line(at: now + .hours(1)).remaining == .units(50), "other news changes no terms")
        #expect(try ledger.line(at: Fixture.day(40)).remaining == .units(1), "the fallback is the current one's")
        try ledger.take(Fixture.subscription(.enterprise, period: period, at: now + .hours(2)), at: now + .hours(2))
        #expect(try ledger.line(at: now + .hours(2)).remaining == .units(0), "another tier is bought as it is now")
    }

    // MARK: Starting over

    @Test func `a change within a period keeps what was used, or gives it once more, as the meter says`() throws {
        for (change, left) in [(Meter.TierChange.keepsUse, Int64(43)), (.startsOver, 50)] {
            let catalog = try Catalog(
                version: 1,
                meters: [Meter(.documents, name: "Documents", tierChange: change), Fixture.meters[1]],
                tiers: Fixture.tiers + [
                    Tier(.team, rank: 9, name: "Team", allowances: [.documents: .limited(60, per: .month)])
                ],
                fallback: .free
            )
            var ledger = try Ledger(catalog: catalog)
            try ledger.take(Fixture.subscription(.team, period: period), at: now)
            try ledger.consume(7, at: now)
            let lower = Fixture.subscription(.pro, period: period, at: now + .hours(1))
            try ledger.take(lower, at: now + .hours(1))
            let line = try ledger.line(at: now + .hours(1))
            #expect(line.remaining == .units(left) && line.used == 7, "\(change)")
            // With the next period what was given once more is gone.
            try ledger.take(Fixture.subscription(.pro, period: Fixture.days(31, 59)), at: Fixture.day(31))
            #expect(try ledger.line(at: Fixture.day(31)).remaining == .units(50), "\(change)")
            ledger.audit.check(ledger.account)
        }
    }
}
