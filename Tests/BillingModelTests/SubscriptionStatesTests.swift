import BillingModel
import Testing

/// The states of a subscription, what access each gives and why: the table of the article "Subscriptions and access", line by
/// line.
@Suite struct SubscriptionStatesTests {
    /// What the provider has said of a subscription by the 10th, to Pro for January where the words do not say otherwise.
    struct Case {
        let words: String
        let report: SubscriptionSnapshot
        /// What it said before.
        var before = [paid]
        /// An order that it told of first.
        var order: Account.Order?

        /// Returns the customer's account once all of it has been told.
        func ledger() throws -> Ledger {
            var ledger = try Ledger()
            if let order { try ledger.take(order, at: order.createdAt) }
            for word in before + [report] { try ledger.take(word, at: word.version.object) }
            return ledger
        }
    }

    /// One line of the table.
    struct State {
        let words: String
        let status: String
        let asked: Timestamp
        let overview: Account.Overview

        private static func day(_ instant: Timestamp?) -> String {
            guard let instant else { return "–" }
            let days = instant.duration(since: Fixture.opening).components.seconds / 86_400
            return days < 31 ? "\(days + 1) January" : "\(days - 30) February"
        }

        var line: String {
            let reason = overview.accessReason.rawValue.replacing("_", with: " ")
            return "| `\(status)` | \(words) | \(Self.day(asked)) | \(overview.tier.name) | \(reason) "
                + "| \(Self.day(overview.accessSince)) | \(Self.day(overview.accessUntil)) |"
        }
    }

    private static let january = Fixture.days(0, 31)
    private static let said = Fixture.day(9)
    private static let paid = Fixture.subscription(.pro, period: january)

    private static func report(
        _ status: SubscriptionStatus,
        _ tier: Tier.ID = .pro,
        period: TimeSpan = january,
        cancels: Bool = false,
        endsAt: Timestamp? = nil,
        endedAt: Timestamp? = nil,
        pastDueAt: Timestamp? = nil,
        trialEnd: Timestamp? = nil,
        pauses: Bool = false,
        pending: Tier.ID? = nil
    ) -> SubscriptionSnapshot {
        Fixture.subscription(
            tier,
            status,
            period: period,
            at: said,
            cancels: cancels,
            endsAt: endsAt,
            endedAt: endedAt,
            pastDueAt: pastDueAt,
            trialEnd: trialEnd,
            pauses: pauses,
            pending: pending.map { Subscription.PendingChange(tier: $0, appliesAt: period.end) }
        )
    }

    private static let cases: [Case] = [
        Case(words: "paid", report: report(.active)),
        Case(words: "cancels at the period's end", report: report(.active, cancels: true)),
        Case(words: "ends on 20 January", report: report(.active, endsAt: Fixture.day(19))),
        Case(words: "ends in a year", report: report(.active, endsAt: Fixture.day(365))),
        Case(words: "pauses at the period's end", report: report(.active, pauses: true)),
        Case(words: "changes to Free at the period's end", report: report(.active, pending: .free)),
        Case(words: "changes to Enterprise at the period's end", report: report(.active, pending: .enterprise)),
        Case(
            words: "on Enterprise, changes to Pro at the period's end",
            report: report(.active, .enterprise, pending: .pro),
            before: [Fixture.subscription(.enterprise, period: january)]
        ),
        Case(
            words: "resumed on 10 January after a pause",
            report: report(.active, period: Fixture.days(9, 40)),
            before: [paid, Fixture.subscription(.pro, .paused, period: january, at: Fixture.day(4))]
        ),
        Case(words: "in the provider's trial", report: report(.trialing)),
        Case(words: "the trial ends on 15 January", report: report(.trialing, trialEnd: Fixture.day(14))),
        Case(
            words: "the same, and ends in a year",
            report: report(.trialing, endsAt: Fixture.day(365), trialEnd: Fixture.day(14))
        ),
        Case(words: "the trial is cancelled", report: report(.trialing, cancels: true)),
        Case(words: "the payment failed on 10 January", report: report(.pastDue, pastDueAt: said)),
        Case(
            words: "the same, and ends on 14 January",
            report: report(.pastDue, endsAt: Fixture.day(13), pastDueAt: said)
        ),
        Case(
            words: "the same, and cancels at the period's end",
            report: report(.pastDue, cancels: true, pastDueAt: said)
        ),
        Case(words: "no instant is said", report: report(.pastDue)),
        Case(
            words: "the renewal of 10 January failed",
            report: report(.pastDue, period: Fixture.days(9, 40), pastDueAt: said),
            before: [Fixture.subscription(.pro, period: Fixture.days(-22, 9))]
        ),
        Case(
            words: "the same, the period shown as paid before",
            report: report(.pastDue, period: Fixture.days(9, 40), pastDueAt: said),
            before: [
                Fixture.subscription(.pro, period: Fixture.days(-22, 9)),
                Fixture.subscription(.pro, period: Fixture.days(9, 40), at: said - .hours(1)),
            ]
        ),
        Case(
            words: "the same, an order for the period is paid",
            report: report(.pastDue, period: Fixture.days(9, 40), pastDueAt: said),
            before: [
                Fixture.subscription(.pro, period: Fixture.days(-22, 9)),
                Fixture.subscription(.pro, period: Fixture.days(9, 40), at: said - .hours(1)),
            ],
            order: try? Fixture.order(at: said - .hours(1), purpose: .renewal, subscription: "sub_1")
        ),
        Case(
            words: "the first payment, of 10 January, failed, shown as paid before",
            report: report(.pastDue, period: Fixture.days(9, 40), pastDueAt: said),
            before: [Fixture.subscription(.pro, period: Fixture.days(9, 40), at: said - .hours(1))]
        ),
        Case(
            words: "the trial ended on 8 January, and no payment came",
            report: report(.pastDue, period: Fixture.days(7, 38), pastDueAt: said, trialEnd: Fixture.day(7)),
            before: [Fixture.subscription(.pro, .trialing, period: Fixture.days(0, 7), trialEnd: Fixture.day(7))]
        ),
        Case(
            words: "the same, the period still the trial's",
            report: report(.pastDue, pastDueAt: said, trialEnd: Fixture.day(7)),
            before: [Fixture.subscription(.pro, .trialing, period: january, trialEnd: Fixture.day(7))]
        ),
        Case(words: "on Enterprise, Pro was paid for", report: report(.pastDue, .enterprise, pastDueAt: said)),
        Case(
            words: "on Pro, Enterprise was paid for",
            report: report(.pastDue, pastDueAt: said),
            before: [Fixture.subscription(.enterprise, period: january)]
        ),
        Case(words: "never paid", report: report(.pastDue, pastDueAt: said), before: []),
        Case(words: "ended on 10 January", report: report(.canceled, endedAt: said)),
        Case(words: "cancelled, no end said", report: report(.canceled)),
        Case(words: "never paid", report: report(.canceled), before: []),
        Case(words: "paid before", report: report(.unpaid)),
        Case(words: "paid before", report: report(.paused)),
        Case(words: "never paid", report: report(.incomplete), before: []),
        Case(words: "never paid", report: report(.incompleteExpired), before: []),
        Case(words: "a status newer than the kit, paid before", report: report("frozen")),
        Case(words: "the same, on Enterprise, Pro was paid for", report: report("frozen", .enterprise)),
        Case(words: "the same on Pro, and ends in a year", report: report("frozen", endsAt: Fixture.day(365))),
        Case(
            words: "the renewal of 8 January failed before, shown as paid",
            report: report("frozen", period: Fixture.days(7, 38)),
            before: [
                Fixture.subscription(.pro, period: Fixture.days(-24, 7)),
                Fixture.subscription(.pro, period: Fixture.days(7, 38)),
                Fixture.subscription(.pro, .pastDue, period: Fixture.days(7, 38), at: Fixture.day(7) + .hours(1)),
            ]
        ),
        Case(
            words: "the paid week ended on 1 January, and its grace on 4 January",
            report: report("frozen", period: Fixture.days(0, 7)),
            before: [Fixture.subscription(.pro, period: Fixture.days(-7, 0), cycle: .week)]
        ),
        Case(
            words: "unpaid since 5 January",
            report: report("frozen"),
            before: [paid, Fixture.subscription(.pro, .unpaid, period: january, at: Fixture.day(4))]
        ),
    ]

    private static let instants = [Fixture.day(11), Fixture.day(31), Fixture.day(35)]

    private static func states() throws -> [State] {
        try cases.flatMap { one in
            let ledger = try one.ledger()
            return try instants.map { instant in
                State(
                    words: one.words,
                    status: one.report.status.rawValue,
                    asked: instant,
                    overview: try ledger.overview(at: instant)
                )
            }
        }
    }

    @Test func `the article has every state and its access`() throws {
        let states = try Self.states()
        #expect(states.count == 117)
        let table = states.map(\.line).joined(separator: "\n")
        let isThere = try Article("SubscriptionsAndAccess").text.contains(table + "\n\n")
        #expect(isThere, "The table is:\n\(table)")
    }

    @Test func `the states have every status and every reason but the kit's own trial`() throws {
        let states = try Self.states()
        #expect(Set(states.map(\.status)).count == 9)
        #expect(Set(states.map(\.overview.accessReason)) == Set(Account.Access.Reason.allCases).subtracting([.trial]))
    }

    /// Asked a moment before and after, nothing changes at any other instant than the ones that were said.
    @Test func `access ends exactly when it is said to`() throws {
        for one in Self.cases {
            let ledger = try one.ledger()
            var now = Self.said
            while let end = try ledger.overview(at: now).accessUntil {
                let tier = try ledger.overview(at: now).tier.id
                #expect(end > now, "\(one.words)")
                #expect(try ledger.overview(at: end - .tick).tier.id == tier, "\(one.words)")
                #expect(try ledger.overview(at: end - .tick).accessUntil == end, "\(one.words)")
                now = end
            }
            #expect(try ledger.overview(at: now).tier.id == .free)
        }
    }
}
