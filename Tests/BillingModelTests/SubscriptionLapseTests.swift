import BillingModel
import SeededTesting
import Testing

/// What is told of a subscription after the access that it gave has lapsed.
@Suite struct SubscriptionLapseTests {
    private static let january = Fixture.days(0, 31)
    private static let february = Fixture.days(31, 59)
    private static let failedAt = Fixture.day(31) + .hours(1)

    private static func due(saysSince: Bool) -> SubscriptionSnapshot {
        Fixture.subscription(
            .pro,
            .pastDue,
            period: february,
            at: failedAt + .minutes(2),
            pastDueAt: saysSince ? failedAt : nil
        )
    }

    /// What a provider says last, three weeks into February.
    private static let finalWords: [SubscriptionSnapshot] = [
        word(.unpaid), word(.paused), word(.canceled), word(.canceled, endedAt: Fixture.day(52)),
        word(.canceled, endedAt: Fixture.day(51)), word(.canceled, endedAt: Fixture.day(80)),
    ]

    private static func word(_ status: SubscriptionStatus, endedAt: Timestamp? = nil) -> SubscriptionSnapshot {
        Fixture.subscription(.pro, status, period: february, at: Fixture.day(52), endedAt: endedAt)
    }

    /// Uses Free's allowance up after a lapse, tells the last word, and expects that nothing has changed.
    private func expectNothing(of last: SubscriptionSnapshot, after words: [SubscriptionSnapshot]) throws {
        var ledger = try Ledger()
        for word in words { try ledger.take(word, at: word.version.object) }
        let before = Fixture.day(51)
        #expect(try ledger.consume(10, at: before).isApplied)
        let free = try ledger.overview(at: before)
        #expect(free.tier.id == .free && free[.documents]?.remaining == .units(0))
        try ledger.take(last, at: last.version.object)
        let after = try ledger.overview(at: last.version.object)
        #expect(after.tier.id == .free && after.accessSince == free.accessSince)
        #expect(after[.documents]?.period == free[.documents]?.period)
        #expect(after[.documents]?.remaining == .units(0), "Free's allowance is given once")
        ledger.audit.check(ledger.account)
    }

    @Test(arguments: finalWords, [true, false])
    func `a last word after a failed payment's grace moves nothing`(
        last: SubscriptionSnapshot,
        saysSince: Bool
    ) throws {
        let paid = Fixture.subscription(.pro, period: Self.january)
        try expectNothing(of: last, after: [paid, Self.due(saysSince: saysSince)])
        let opened = Fixture.subscription(.pro, period: Self.february)
        try expectNothing(of: last, after: [paid, opened, Self.due(saysSince: saysSince)])
    }

    @Test(arguments: finalWords)
    func `a last word after silence moves nothing`(last: SubscriptionSnapshot) throws {
        try expectNothing(of: last, after: [Fixture.subscription(.pro, period: Self.january)])
    }

    @Test func `a last word after a trial moves nothing`() throws {
        let (trialEnd, end) = (Fixture.day(33), Fixture.day(52))
        func word(_ status: SubscriptionStatus, at version: Timestamp) -> SubscriptionSnapshot {
            Fixture.subscription(.pro, status, period: Fixture.days(19, 50), at: version, trialEnd: trialEnd)
        }
        for status in [SubscriptionStatus.unpaid, .canceled, .incompleteExpired] {
            try expectNothing(of: word(status, at: end), after: [word(.trialing, at: Fixture.day(19))])
        }
    }

    @Test func `who has lost the tier does not get it back with an end that is said for later`() throws {
        var ledger = try Ledger()
        try ledger.take(Fixture.subscription(.pro, period: Self.january), at: Fixture.day(0))
        for (status, endedAt) in [(SubscriptionStatus.unpaid, nil), (.canceled, Fixture.day(20))] {
            let version = Fixture.day(endedAt == nil ? 8 : 9)
            let word = Fixture.subscription(.pro, status, period: Self.january, at: version, endedAt: endedAt)
            try ledger.take(word, at: version)
            let overview = try ledger.overview(at: Fixture.day(10))
            #expect(overview.tier.id == .free && overview.accessSince == Fixture.day(8))
        }
    }

    // MARK: In whatever order

    /// A life that ends with words after the lapse, oldest first.
    private static func life(using generator: inout SeededGenerator) -> [SubscriptionSnapshot] {
        let cancels = Int.random(in: 0..<4, using: &generator) == 0
        let length = Int64([14, 30, 31].randomElement(using: &generator) ?? 30)
        func word(
            _ status: SubscriptionStatus,
            _ start: Int64,
            at version: Timestamp,
            endedAt: Timestamp? = nil,
            pastDueAt: Timestamp? = nil
        ) -> SubscriptionSnapshot {
            Fixture.subscription(
                .pro,
                status,
                period: Fixture.days(start, start + length),
                at: version,
                cancels: cancels,
                endedAt: endedAt,
                pastDueAt: pastDueAt
            )
        }
        var words = [word(.active, 0, at: Fixture.day(0))]
        var now = Fixture.day(length)
        if Bool.random(using: &generator) { words.append(word(.active, length, at: now)) }
        if Bool.random(using: &generator) {
            let failedAt = now + .hours(Int64.random(in: 1...60, using: &generator))
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                now = max(now, failedAt) + .hours(Int64.random(in: 0...9, using: &generator)) + .tick
                let since = cancels || Bool.random(using: &generator) ? failedAt : nil
                words.append(word(.pastDue, length, at: now, pastDueAt: since))
            }
        }
        now = Fixture.day(length * 2) + .days(4)
        let losses: [SubscriptionStatus] = [.unpaid, .canceled, .paused, .incompleteExpired]
        var start = length
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            now = now + .hours(Int64.random(in: 1...99, using: &generator))
            let status = losses.randomElement(using: &generator) ?? .unpaid
            let endedAt = now + .hours(Int64.random(in: 0...200, using: &generator))
            if Bool.random(using: &generator) { start = length * 2 }
            words.append(word(status, start, at: now, endedAt: status == .canceled ? endedAt : nil))
        }
        return words
    }

    @Test func `no last word moves an end to later, whatever the order of all words`() throws {
        let seed = SeededGenerator.seed(for: "words after a lapse")
        var generator = SeededGenerator(seed: seed)
        var (lapsed, dues) = (0, 0)
        for _ in 0..<400 {
            let life = Self.life(using: &generator)
            var ledger = try Ledger()
            var ends: [Timestamp] = []
            for (place, word) in life.enumerated() {
                let now = word.version.object
                let isLoss = ![.active, .pastDue].contains(word.status)
                if isLoss {
                    let before = try ledger.overview(at: now)
                    try #require(before.tier.id == .free, "\(seed): \(life)")
                    if case .units(let left) = before[.documents]?.remaining, left > 0 {
                        try ledger.consume(left, at: now)
                    }
                    ends.append(try #require(before.accessSince))
                }
                try ledger.take(word, at: now)
                guard isLoss, let end = ends.last else { continue }
                let after = try ledger.overview(at: now)
                let isKept = after.accessSince.map { $0 <= end } ?? false
                guard after.tier.id == .free, isKept, after[.documents]?.remaining == .units(0) else {
                    Issue.record(
                        "\(seed): word \(place) moves the end of \(end) to \(after.accessSince ?? now): \(life)"
                    )
                    return
                }
                lapsed += 1
            }
            if life.contains(where: { $0.status == .pastDue }) { dues += 1 }
            let told = Fixture.day(120)
            let inOrder = try ledger.overview(at: told).accessSince
            for _ in 0..<3 {
                var other = try Ledger()
                for word in life.shuffled(using: &generator) { try other.take(word, at: told) }
                #expect(try other.overview(at: told).accessSince == inOrder, "\(seed): \(life)")
            }
        }
        print("words after a lapse: \(lapsed), in \(dues) lives with a failed payment")
        #expect(lapsed > 400 && dues > 100)
    }

    // MARK: Ends that nobody has paid for

    @Test(arguments: [SubscriptionStatus.active, .trialing, "frozen"])
    func `an end that is set for later gives nothing beyond what was paid for`(status: SubscriptionStatus) throws {
        var ends: [Timestamp?] = []
        for endsAt in [nil, Fixture.day(365)] {
            var ledger = try Ledger()
            try ledger.take(Fixture.subscription(.pro, period: Self.january), at: Fixture.day(0))
            let word = Fixture.subscription(
                .pro,
                status,
                period: Self.january,
                at: Fixture.day(2),
                endsAt: endsAt,
                trialEnd: status == .trialing ? Fixture.day(14) : nil
            )
            try ledger.take(word, at: Fixture.day(2))
            ends.append(try ledger.overview(at: Fixture.day(3)).accessUntil)
        }
        #expect(ends[0] == ends[1])
        #expect(ends[0].map { $0 <= Fixture.day(34) } == true)
    }

    @Test func `renewals are given up to an end that is set`() throws {
        var ledger = try Ledger()
        let end = Fixture.day(50)
        for period in [Self.january, Self.february] {
            try ledger.take(Fixture.subscription(.pro, period: period, endsAt: end), at: period.start)
        }
        #expect(try ledger.overview(at: Fixture.day(32)).accessUntil == end)
        #expect(try ledger.overview(at: end).accessSince == end)
    }

    @Test(arguments: [SubscriptionStatus.pastDue, "suspended"], [true, false])
    func `a renewal that failed stays unpaid, whatever is said after`(
        status: SubscriptionStatus,
        saysSince: Bool
    ) throws {
        var ledger = try Ledger()
        let words = [
            Fixture.subscription(.pro, period: Self.january), Fixture.subscription(.pro, period: Self.february),
            Self.due(saysSince: saysSince),
            Fixture.subscription(.pro, status, period: Self.february, at: Fixture.day(40)),
        ]
        for word in words { try ledger.take(word, at: word.version.object) }
        for day in [40, 45, 58] as [Int64] {
            let overview = try ledger.overview(at: Fixture.day(day))
            #expect(overview.tier.id == .free && overview[.documents]?.remaining == .units(10))
        }
    }
}
