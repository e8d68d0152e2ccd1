import BillingModel
import Foundation
import SeededTesting
import Testing

@Suite struct RecurrenceTests {
    static let anchors = [
        "2024-01-28T12:30:00Z", "2024-01-29T00:00:00Z", "2024-01-30T23:59:59.999999Z", "2024-01-31T08:00:00Z",
        "2024-02-29T00:00:00Z", "2023-12-31T00:00:00Z", "1999-08-31T17:00:00.5Z",
    ]

    /// Worked out by another calendar: Foundation's, which adds months to the anchor and clamps.
    @Test(arguments: anchors)
    func `a boundary is the anchor plus whole intervals, for 40 years`(text: String) throws {
        let anchor = try #require(Timestamp(rfc3339: text))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let date = Date(timeIntervalSince1970: TimeInterval(anchor.seconds))
        let fraction = anchor.microseconds - anchor.seconds * 1_000_000
        for months in [1, 2, 3, 6, 12] {
            let recurrence = Recurrence(every: months, .month)
            for n in 0...480 / months {
                let expected = try #require(calendar.date(byAdding: .month, value: n * months, to: date))
                let boundary = recurrence.boundary(Int64(n), from: anchor)
                #expect(boundary.seconds == Int64(expected.timeIntervalSince1970))
                #expect(boundary.microseconds - boundary.seconds * 1_000_000 == fraction)
            }
        }
        for n in 0...40 {
            #expect(
                Recurrence.year.boundary(Int64(n), from: anchor)
                    == Recurrence(every: 12, .month).boundary(Int64(n), from: anchor)
            )
        }
    }

    @Test func `the 31st comes back after a short month`() throws {
        let anchor = try #require(Timestamp(rfc3339: "2023-01-31T00:00:00Z"))
        let days = (0...5).map { Recurrence.month.boundary($0, from: anchor).description.prefix(10) }
        #expect(days == ["2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30", "2023-05-31", "2023-06-30"])
    }

    @Test func `boundaries before the anchor are clamped too`() throws {
        let anchor = try #require(Timestamp(rfc3339: "2024-03-31T00:00:00Z"))
        let days = (-4...0).map { Recurrence.month.boundary($0, from: anchor).description.prefix(10) }
        #expect(days == ["2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"])
    }

    @Test func `29 February comes back with the leap year`() throws {
        let anchor = try #require(Timestamp(rfc3339: "2024-02-29T00:00:00Z"))
        let days = (0...4).map { Recurrence.year.boundary($0, from: anchor).description.prefix(10) }
        #expect(days == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"])
    }

    @Test(
        arguments: [
            (.second, 1), (.minute, 60), (.hour, 3_600), (.day, 86_400), (.week, 604_800),
        ] as [(Recurrence.Unit, Int64)]
    )
    func `units of the clock are so many seconds`(unit: Recurrence.Unit, seconds: Int64) {
        for count in [1, 2, 7, 10_000] {
            let recurrence = Recurrence(every: count, unit)
            for n in [-3, -1, 0, 1, 1_000] as [Int64] {
                let expected = Fixture.opening + .seconds(n * Int64(count) * seconds)
                #expect(recurrence.boundary(n, from: Fixture.opening) == expected)
            }
        }
    }

    @Test(arguments: Recurrence.Unit.allCases)
    func `intervals contain their instants and touch their neighbours`(unit: Recurrence.Unit) throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "intervals of \(unit)"))
        let century: Int64 = 100 * 366 * 86_400 * 1_000_000
        for round in 0..<400 {
            let recurrence = Recurrence(every: [1, 2, 3, 5, 12, 28, 365, 1_000][round % 8], unit)
            let anchor =
                round.isMultiple(of: 2)
                ? try #require(Timestamp(rfc3339: Self.anchors.randomElement(using: &generator) ?? ""))
                : Timestamp(microseconds: Int64.random(in: -century...century, using: &generator))
            var instant = Timestamp(microseconds: Int64.random(in: -century...century, using: &generator))
            if round.isMultiple(of: 5) {
                instant = recurrence.boundary(Int64.random(in: -50...50, using: &generator), from: anchor)
            }
            let span = recurrence.span(containing: instant, from: anchor)
            #expect(span.contains(instant))
            #expect(recurrence.span(containing: span.start, from: anchor) == span)
            #expect(recurrence.span(containing: span.end - .tick, from: anchor) == span)
            #expect(recurrence.span(containing: span.start - .tick, from: anchor).end == span.start)
            #expect(recurrence.span(containing: span.end, from: anchor).start == span.end)
        }
    }

    @Test(arguments: anchors)
    func `boundaries only grow`(text: String) throws {
        let anchor = try #require(Timestamp(rfc3339: text))
        for unit in Recurrence.Unit.allCases {
            for count in [1, 7] {
                let recurrence = Recurrence(every: count, unit)
                for n in -200...200 as ClosedRange<Int64> {
                    #expect(recurrence.boundary(n, from: anchor) < recurrence.boundary(n + 1, from: anchor))
                }
            }
        }
    }

    @Test(arguments: Recurrence.Unit.allCases)
    func `the ends of time neither trap nor hang`(unit: Recurrence.Unit) {
        let extremes = [.min, .min + 1, -1, 0, 1, .max - 1, .max].map { Timestamp(microseconds: $0) }
        for count in [Int.min, 0, 1, 3, 10_000, .max] {
            let recurrence = Recurrence(every: count, unit)
            for anchor in extremes {
                for instant in extremes {
                    let span = recurrence.span(containing: instant, from: anchor)
                    #expect(span.start <= instant)
                    #expect(span.contains(instant) || span.end == Timestamp(microseconds: .max))
                }
                for n in [.min, .min + 1, -1, 0, 1, .max - 1, .max] as [Int64] {
                    let boundary = recurrence.boundary(n, from: anchor)
                    #expect(n <= 0 || boundary >= anchor)
                    #expect(n >= 0 || boundary <= anchor)
                    #expect(n != 0 || boundary == anchor)
                }
            }
        }
    }

    @Test func `a count beyond the bounds becomes the bound`() {
        #expect(Recurrence(every: 0, .day).count == 1)
        #expect(Recurrence(every: .min, .day).count == 1)
        #expect(Recurrence(every: 10_000, .day).count == 10_000)
        #expect(Recurrence(every: .max, .day).count == Recurrence.maximumCount)
    }

    @Test func `a recurrence is read out in words`() {
        #expect(Recurrence.month.description == "month")
        #expect(Recurrence(every: 3, .day).description == "3 days")
    }

    @Test func `a recurrence reads back as it was written, and an impossible count becomes the bound`() throws {
        let recurrence = Recurrence(every: 3, .week)
        let data = try JSONEncoder().encode(recurrence)
        #expect(try JSONDecoder().decode(Recurrence.self, from: data) == recurrence)
        for (count, bound) in [(0, 1), (-7, 1), (10_001, 10_000)] {
            let text = #"{"unit":"day","count":\#(count)}"#
            let decoded = try JSONDecoder().decode(Recurrence.self, from: Data(text.utf8))
            #expect(decoded.count == bound)
            // An interval of no length would never end.
            #expect(decoded.span(containing: Fixture.day(5), from: Fixture.day(0)).contains(Fixture.day(5)))
        }
    }
}
