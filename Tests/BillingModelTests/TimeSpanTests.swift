import BillingModel
import SeededTesting
import Testing

@Suite struct TimeSpanTests {
    static let extremes = [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max].map { Timestamp(microseconds: $0) }

    @Test func `what has passed and what is left are the whole, at any instant`() {
        for start in Self.extremes {
            for end in Self.extremes where start <= end {
                let span = TimeSpan(from: start, to: end)
                #expect(span.isEmpty == (start == end))
                #expect(span.duration == end.duration(since: start))
                for instant in Self.extremes {
                    #expect(span.elapsed(at: instant) + span.remaining(at: instant) == span.duration)
                    #expect(span.elapsed(at: instant) >= .zero && span.remaining(at: instant) >= .zero)
                    #expect(
                        span.contains(instant) || span.elapsed(at: instant) == (instant < start ? .zero : span.duration)
                    )
                }
            }
        }
    }

    @Test func `time passes from the start to the end`() {
        let span = Fixture.days(2, 5)
        #expect(span.duration == .days(3))
        #expect(span.elapsed(at: Fixture.day(1)) == .zero)
        #expect(span.elapsed(at: Fixture.day(3)) == .days(1))
        #expect(span.remaining(at: Fixture.day(3)) == .days(2))
        #expect(span.remaining(at: Fixture.day(5) - .tick) == .tick)
        #expect(span.remaining(at: Fixture.day(5)) == .zero)
    }

    @Test func `an instant moves by any distance there is between two`() {
        for start in Self.extremes {
            for end in Self.extremes {
                #expect(start.advanced(by: end.duration(since: start)) == end)
            }
        }
    }

    @Test func `an intersection holds the instants that are in both, for every two small spans`() {
        let ticks = 0...5 as ClosedRange<Int64>
        let spans = ticks.flatMap { start in
            (start...5).map {
                TimeSpan(from: Timestamp(microseconds: start), to: Timestamp(microseconds: $0))
            }
        }
        for first in spans {
            for second in spans {
                let both = first.intersection(second)
                for tick in ticks {
                    let instant = Timestamp(microseconds: tick)
                    #expect((both?.contains(instant) ?? false) == (first.contains(instant) && second.contains(instant)))
                }
                #expect(both?.isEmpty != true)
                #expect(both == second.intersection(first))
                #expect(first.overlaps(second) == (both != nil))
            }
            #expect(first.intersection(first) == (first.isEmpty ? nil : first))
        }
    }

    @Test func `a trial ends after its days or with the first purchase, whichever is first`() {
        let start = Fixture.opening
        func end(_ purchase: Timestamp?) -> Timestamp {
            TimeSpan.trial(from: start, days: 7, firstPurchase: purchase).end
        }
        #expect(end(nil) == Fixture.day(7))
        #expect(end(Fixture.day(3)) == Fixture.day(3))
        #expect(end(Fixture.day(7) - .tick) == Fixture.day(7) - .tick)
        #expect(end(Fixture.day(7)) == Fixture.day(7))
        #expect(end(Fixture.day(8)) == Fixture.day(7))
        #expect(end(start) == start)
    }

    @Test func `a purchase before the trial leaves nothing of it`() {
        let trial = TimeSpan.trial(from: Fixture.day(0), days: 7, firstPurchase: Fixture.day(-1))
        #expect(trial.isEmpty)
        #expect(trial.start == Fixture.day(0))
        #expect(!trial.contains(Fixture.day(0)))
    }

    @Test func `a trial is over at its end, also when it is a purchase`() {
        let purchase = Fixture.day(3) + .hours(5)
        let trial = TimeSpan.trial(from: Fixture.day(0), days: 7, firstPurchase: purchase)
        #expect(trial.contains(purchase - .tick))
        #expect(!trial.contains(purchase))
    }

    @Test func `a trial is the shortest of its days, the purchase and the end of time`() {
        for start in Self.extremes {
            for days in [Int.min, -1, 0, 1, 7, .max] {
                for purchase in Self.extremes.map({ Optional($0) }) + [nil] {
                    let trial = TimeSpan.trial(from: start, days: days, firstPurchase: purchase)
                    let micros = Int128(start.microseconds) + Int128(max(0, days)) * 86_400_000_000
                    let last = Int64(clamping: min(micros, purchase.map { Int128($0.microseconds) } ?? micros))
                    #expect(trial.start == start)
                    #expect(trial.end.microseconds == max(start.microseconds, last))
                }
            }
        }
    }

    @Test func `reminders come so long before the end, each once, the earliest first`() {
        let trial = TimeSpan.trial(from: Fixture.day(0), days: 14, firstPurchase: nil)
        #expect(trial.reminders(before: [.days(3)]) == [Fixture.day(11)])
        #expect(
            trial.reminders(before: [.days(1), .days(7), .hours(1), .days(1)])
                == [Fixture.day(7), Fixture.day(13), Fixture.day(14) - .hours(1)]
        )
        #expect(trial.reminders(before: []).isEmpty)
    }

    @Test func `what would fall before the start or on the end is no reminder`() {
        let trial = Fixture.days(0, 2)
        #expect(trial.reminders(before: [.days(3), .days(2) + .tick, .zero, .days(-1), .nanoseconds(1)]).isEmpty)
        #expect(trial.reminders(before: [.days(2), .tick]) == [trial.start, trial.end - .tick])
        #expect(Fixture.days(1, 1).reminders(before: [.tick]).isEmpty)
    }

    @Test func `reminders at the ends of time do not trap`() {
        let distances =
            [
                .zero, .tick, .days(3), .seconds(Int64.max), .seconds(Int64.min),
                Self.extremes[6].duration(since: Self.extremes[0]),
            ] as [Duration]
        for start in Self.extremes {
            for end in Self.extremes where start <= end {
                let span = TimeSpan(from: start, to: end)
                let reminders = span.reminders(before: distances)
                #expect(reminders.allSatisfy(span.contains))
            }
        }
    }

    @Test(arguments: Rounding.allCases)
    func `days left are never 0 while time is left, and 0 from the end on`(rounding: Rounding) {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "days left, \(rounding)"))
        let end = Fixture.day(30)
        for round in 0..<2_000 {
            let reach: Int64 = [1, 3_600_000_000, 86_400_000_000, 3_000_000_000_000][round % 4]
            let left = Int64.random(in: -reach...reach, using: &generator)
            let days = Timestamp.daysLeft(until: end, at: end - .microseconds(left), rounding: rounding)
            #expect((days == 0) == (left <= 0))
            if left > 0 {
                #expect(Int128(days) == max(1, rounding.quotient(Int128(left), by: 86_400_000_000)))
            }
        }
        for now in Self.extremes {
            for end in Self.extremes {
                #expect((Timestamp.daysLeft(until: end, at: now, rounding: rounding) == 0) == (end <= now))
            }
        }
    }

    @Test func `days left count down once a day`() {
        let end = Fixture.day(3)
        func left(_ now: Timestamp, _ rounding: Rounding) -> Int64 {
            Timestamp.daysLeft(until: end, at: now, rounding: rounding)
        }
        let hours = [0, 1, 24, 25, 48, 49, 71] as [Int64]
        #expect(hours.map { left(Fixture.day(0) + .hours($0), .up) } == [3, 3, 2, 2, 1, 1, 1])
        #expect(hours.map { left(Fixture.day(0) + .hours($0), .down) } == [3, 2, 2, 1, 1, 1, 1])
        #expect(left(end - .tick, .down) == 1)
        #expect(left(end, .up) == 0)
    }

    @Test func `a day starts at its midnight in the offset`() throws {
        let instant = try #require(Timestamp(rfc3339: "2026-03-01T22:30:00.5Z"))
        func start(_ offset: Int) -> String { instant.startOfDay(offsetSeconds: offset).description }
        #expect(start(0) == "2026-03-01T00:00:00Z")
        #expect(start(7_200) == "2026-03-01T22:00:00Z")
        #expect(start(-18_000) == "2026-03-01T05:00:00Z")
        #expect(start(.max) == start(64_800))
        #expect(try #require(Timestamp(rfc3339: "1969-12-31T23:59:59Z")).startOfDay().microseconds == -86_400_000_000)
        for instant in Self.extremes {
            for offset in [Int.min, -3_600, 0, 3_600, .max] {
                #expect(instant.startOfDay(offsetSeconds: offset) <= instant)
            }
        }
    }
}
