import BillingModel
import SeededTesting
import Testing

/// A word for a subscription's standing that is newer than the kit: it takes nothing that was paid for, and gives nothing back.
@Suite struct UnknownStatusTests {
    private static let january = Fixture.days(0, 31)
    private static let february = Fixture.days(31, 59)

    private static func word(_ status: SubscriptionStatus, _ period: TimeSpan = january, on day: Int64)
        -> SubscriptionSnapshot
    {
        Fixture.subscription(.pro, status, period: period, at: Fixture.day(day))
    }

    private static let due = Fixture.subscription(
        .pro,
        .pastDue,
        period: february,
        at: february.start + .hours(1),
        pastDueAt: february.start + .hours(1)
    )

    /// What led to access that is over on the 12th of February, each with the instant at which it ended.
    private static let lapses: [(words: [SubscriptionSnapshot], end: Timestamp)] = [
        ([word(.active, on: 0)], Fixture.day(34)),
        ([word(.active, on: 0), due], Fixture.day(38) + .hours(1)),
        ([word(.active, on: 0), word(.active, february, on: 31), due], Fixture.day(38) + .hours(1)),
        ([word(.active, on: 0), word(.unpaid, on: 8)], Fixture.day(8)),
        ([word(.active, on: 0), word(.canceled, on: 8)], Fixture.day(8)),
        ([word(.active, on: 0), word(.active, february, on: 31), word(.paused, february, on: 40)], Fixture.day(40)),
    ]

    @Test(arguments: lapses.indices, [january, february])
    func `a lapse stays where it is, whatever is said after it`(place: Int, period: TimeSpan) throws {
        let (words, end) = Self.lapses[place]
        var ledger = try Ledger()
        for word in words { try ledger.take(word, at: word.version.object) }
        let before = try ledger.overview(at: Fixture.day(42))
        #expect(before.tier.id == .free && before.accessSince == end)
        #expect(try ledger.consume(10, at: Fixture.day(42)).isApplied)
        let later: [SubscriptionStatus] = ["frozen", "frozen", .unpaid, "thawing", .pastDue, .canceled]
        for (number, status) in later.enumerated() {
            let now = Fixture.day(43 + Int64(number))
            try ledger.take(Fixture.subscription(.pro, status, period: period, at: now), at: now)
            let page = try ledger.overview(at: now)
            #expect(page.tier.id == .free && page.accessSince == end, "after \(status), word \(number)")
            #expect(page[.documents]?.remaining == .units(0), "Free's allowance is given once")
        }
        ledger.audit.check(ledger.account)
    }

    @Test func `what was paid for is kept to its end`() throws {
        for period in [Self.january, Fixture.days(0, 20)] {
            var ledger = try Ledger()
            try ledger.take(Self.word(.active, on: 0), at: Fixture.day(0))
            try ledger.take(Self.word("frozen", period, on: 5), at: Fixture.day(5))
            let page = try ledger.overview(at: Fixture.day(6))
            #expect(page.tier.id == .pro && page.accessReason == .unknownStatus && page.accessUntil == Fixture.day(31))
        }
    }

    @Test func `a grace that runs ends with the word, and not before`() throws {
        for words in [[Self.word(.active, on: 0)], [Self.word(.active, on: 0), Self.due]] {
            var ledger = try Ledger()
            for word in words { try ledger.take(word, at: word.version.object) }
            try ledger.consume(7, at: Fixture.day(32))
            for day in [33, 34] as [Int64] {
                try ledger.take(Self.word("frozen", Self.february, on: day), at: Fixture.day(day))
                let page = try ledger.overview(at: Fixture.day(day))
                #expect(page.tier.id == .free && page.accessSince == Fixture.day(33))
                #expect(page[.documents]?.used == 0, "what was used on Pro is not charged to Free")
            }
        }
    }

    @Test func `a payment ends it, and is needed for more`() throws {
        var ledger = try Ledger()
        for word in [Self.word(.active, on: 0), Self.word("frozen", on: 5)] {
            try ledger.take(word, at: word.version.object)
        }
        try ledger.take(Self.due, at: Self.due.version.object)
        #expect(try ledger.overview(at: Fixture.day(32)).accessSince == Fixture.day(31))
        try ledger.take(Self.word(.active, Self.february, on: 33), at: Fixture.day(33))
        let page = try ledger.overview(at: Fixture.day(34))
        #expect(page.tier.id == .pro && page.accessReason == .paid)
        #expect(ledger.account.subscriptions.first?.unknowns == [])
    }

    // MARK: Whatever is said

    /// Words of one subscription to Pro, oldest first, with many that are not known among them.
    private static func story(using generator: inout SeededGenerator) -> [SubscriptionSnapshot] {
        var (now, start) = (Fixture.day(0), Fixture.day(0))
        var failedAt: Timestamp?
        let length = Duration.days([7, 14, 30].randomElement(using: &generator) ?? 30)
        return (0..<Int.random(in: 2...8, using: &generator)).map { place in
            let statuses: [SubscriptionStatus] = ["frozen", "frozen", "thawing", .pastDue, .unpaid, .paused, .canceled]
            let isPaid = place == 0 || Int.random(in: 0..<4, using: &generator) == 0
            let status = isPaid ? .active : statuses.randomElement(using: &generator) ?? "frozen"
            // What has failed stays the payment that is due until there is one.
            if isPaid { failedAt = nil }
            if status == .pastDue { failedAt = failedAt ?? max(now - .minutes(30), start) }
            let word = Fixture.subscription(
                .pro,
                status,
                period: TimeSpan(from: start, to: start + length),
                at: now,
                endedAt: status == .canceled && Bool.random(using: &generator) ? now - .minutes(30) : nil,
                pastDueAt: status == .pastDue && Bool.random(using: &generator) ? failedAt : nil
            )
            now = now + .hours(Int64.random(in: 1...400, using: &generator))
            if start + length <= now, Bool.random(using: &generator) { start = start + length }
            return word
        }
    }

    @Test(arguments: 0..<4)
    func `no word but a payment gives back what lapsed, and none that is unknown takes what is paid for`(part: Int)
        throws
    {
        let seed = SeededGenerator.seed(for: "unknown words, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var (lapsed, kept) = (0, 0)
        for _ in 0..<400 {
            let story = Self.story(using: &generator)
            var ledger = try Ledger()
            for (place, word) in story.enumerated() {
                let now = word.version.object
                let before = place == 0 ? nil : try ledger.overview(at: now)
                let paid = ledger.account.subscriptions.first?.paid
                try ledger.take(word, at: now)
                guard let before, !word.isPaidFor else { continue }
                let after = try ledger.overview(at: now)
                let isGivenBack = before.tier.id == .free && after.tier.id != .free
                // A word may say of itself that it ended earlier.
                let isSaid = word.endedAt != nil && word.endedAt == after.accessSince
                let isMoved = before.tier.id == .free && after.accessSince != before.accessSince && !isSaid
                if before.tier.id == .free, word.status.isNew { lapsed += 1 }
                let isTaken =
                    word.status.isNew && before.tier.id == .pro && before.accessReason != .paymentDue
                    && after.tier.id == .free
                    && paid.map { now < $0.span.end && word.period.start == $0.span.start } == true
                if before.tier.id == .pro, after.tier.id == .pro, word.status.isNew { kept += 1 }
                guard !isTaken, !isGivenBack, word.status == .pastDue || !isMoved else {
                    Issue.record(
                        "\(seed): word \(place) leads from \(before.tier.id) since \(before.accessSince as Any) to \(after.tier.id) since \(after.accessSince as Any): \(story)"
                    )
                    return
                }
            }
        }
        print("unknown words, part \(part): \(lapsed) after a lapse, \(kept) while paid for")
        #expect(lapsed > 200 && kept > 50)
    }
}

extension SubscriptionSnapshot {
    fileprivate var isPaidFor: Bool { status == .active }
}

extension SubscriptionStatus {
    /// Whether the kit has no rule for it.
    fileprivate var isNew: Bool { ["frozen", "thawing"].contains(self) }
}
