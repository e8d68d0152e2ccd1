import BillingModel
import Foundation
import SeededTesting
import Testing

@Suite struct RecurrenceOffsetTests {
    static let offsets = [-64_800, -36_000, -18_000, -12_600, -1, 1, 3_600, 7_200, 19_800, 20_700, 50_400, 64_800]

    /// Worked out by another calendar: Foundation's, which adds months to the anchor's wall time and clamps.
    @Test(arguments: offsets)
    func `a boundary has the anchor's wall time in the offset, for 40 years`(offset: Int) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for text in RecurrenceTests.anchors + ["2024-01-31T23:30:00Z", "2024-03-01T00:30:00Z", "2023-02-28T20:00:00Z"] {
            let anchor = try #require(Timestamp(rfc3339: text))
            let wall = Date(timeIntervalSince1970: TimeInterval(anchor.seconds + Int64(offset)))
            let fraction = anchor.microseconds - anchor.seconds * 1_000_000
            for months in [1, 3, 12] {
                let recurrence = Recurrence(every: months, .month, offsetSeconds: offset)
                for n in 0...480 / months {
                    let expected = try #require(calendar.date(byAdding: .month, value: n * months, to: wall))
                    let boundary = recurrence.boundary(Int64(n), from: anchor)
                    #expect(boundary.seconds == Int64(expected.timeIntervalSince1970) - Int64(offset))
                    #expect(boundary.microseconds - boundary.seconds * 1_000_000 == fraction)
                }
            }
            let (years, months) = (Recurrence.year.offset(bySeconds: offset), Recurrence(every: 12, .month))
            for n in 0...40 as ClosedRange<Int64> {
                #expect(
                    years.boundary(n, from: anchor) == months.offset(bySeconds: offset).boundary(n, from: anchor)
                )
            }
        }
    }

    @Test func `months begin on the first where the anchor's first is`() throws {
        // Midnight of 1 March in UTC+02:00, when February is not over in UTC.
        let anchor = try #require(Timestamp(rfc3339: "2026-02-28T22:00:00Z"))
        let there = Recurrence.month.offset(bySeconds: 7_200)
        #expect(
            (-1...2).map { there.boundary($0, from: anchor).description } == [
                "2026-01-31T22:00:00Z", "2026-02-28T22:00:00Z", "2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z",
            ]
        )
        #expect(
            (-1...2).map { Recurrence.month.boundary($0, from: anchor).description } == [
                "2026-01-28T22:00:00Z", "2026-02-28T22:00:00Z", "2026-03-28T22:00:00Z", "2026-04-28T22:00:00Z",
            ]
        )
    }

    @Test func `29 February of the offset comes back with its leap year`() throws {
        // 29 February in UTC+10:00, still the 28th in UTC.
        let anchor = try #require(Timestamp(rfc3339: "2024-02-28T15:00:00Z"))
        let years = Recurrence.year.offset(bySeconds: 36_000)
        #expect(
            [0, 1, 4].map { years.boundary($0, from: anchor).description } == [
                "2024-02-28T15:00:00Z", "2025-02-27T15:00:00Z", "2028-02-28T15:00:00Z",
            ]
        )
    }

    @Test(arguments: Recurrence.Unit.allCases)
    func `intervals contain their instants and touch their neighbours in every offset`(unit: Recurrence.Unit) throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "intervals with an offset, \(unit)"))
        let century: Int64 = 100 * 366 * 86_400 * 1_000_000
        for round in 0..<400 {
            let offset = try #require(Self.offsets.randomElement(using: &generator))
            let recurrence = Recurrence(every: [1, 2, 3, 12][round % 4], unit, offsetSeconds: offset)
            let anchor = Timestamp(microseconds: Int64.random(in: -century...century, using: &generator))
            let instant = Timestamp(microseconds: Int64.random(in: -century...century, using: &generator))
            let span = recurrence.span(containing: instant, from: anchor)
            #expect(span.contains(instant))
            #expect(recurrence.span(containing: span.start, from: anchor) == span)
            #expect(recurrence.span(containing: span.end, from: anchor).start == span.end)
            #expect(recurrence.boundary(0, from: anchor) == anchor)
        }
    }

    @Test(arguments: [Recurrence.Unit.second, .minute, .hour, .day, .week])
    func `lengths of time are the same in every offset`(unit: Recurrence.Unit) {
        for offset in Self.offsets {
            for n in [-1_000, -1, 0, 1, 37] as [Int64] {
                #expect(
                    Recurrence(every: 3, unit, offsetSeconds: offset).boundary(n, from: Fixture.opening)
                        == Recurrence(every: 3, unit).boundary(n, from: Fixture.opening)
                )
            }
        }
    }

    @Test(arguments: [Recurrence.Unit.day, .month, .year])
    func `the ends of time neither trap nor hang in any offset`(unit: Recurrence.Unit) {
        let extremes = [.min, .min + 1, -1, 0, 1, .max - 1, .max].map { Timestamp(microseconds: $0) }
        for offset in [Int.min, -64_800, 64_800, .max] {
            let recurrence = Recurrence(every: 1, unit, offsetSeconds: offset)
            for anchor in extremes {
                #expect(recurrence.boundary(0, from: anchor) == anchor)
                for instant in extremes {
                    let span = recurrence.span(containing: instant, from: anchor)
                    #expect(span.start <= instant)
                    #expect(span.contains(instant) || span.end == Timestamp(microseconds: .max))
                }
            }
        }
    }

    @Test func `an offset beyond the bounds becomes the bound`() {
        #expect(Recurrence(every: 1, .month, offsetSeconds: .min).offsetSeconds == -64_800)
        #expect(Recurrence(every: 1, .month, offsetSeconds: .max).offsetSeconds == 64_800)
        #expect(Recurrence.month.offset(bySeconds: 64_801).offsetSeconds == Recurrence.maximumOffsetSeconds)
        #expect(Recurrence.month.offsetSeconds == 0)
        #expect(Recurrence.month.offset(bySeconds: 0) == .month)
        #expect(Recurrence.month.offset(bySeconds: 3_600) != .month)
    }

    @Test func `an offset is written where there is one and read where it is written`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func text(_ recurrence: Recurrence) throws -> String {
            String(decoding: try encoder.encode(recurrence), as: UTF8.self)
        }
        #expect(try text(.month) == #"{"count":1,"unit":"month"}"#)
        #expect(
            try text(.month.offset(bySeconds: -18_000)) == #"{"count":1,"offsetSeconds":-18000,"unit":"month"}"#
        )
        for offset in Self.offsets + [0] {
            let recurrence = Recurrence(every: 2, .year, offsetSeconds: offset)
            #expect(try JSONDecoder().decode(Recurrence.self, from: encoder.encode(recurrence)) == recurrence)
        }
        let beyond = Data(#"{"count":1,"offsetSeconds":90000,"unit":"day"}"#.utf8)
        #expect(try JSONDecoder().decode(Recurrence.self, from: beyond).offsetSeconds == 64_800)
        let none = Data(#"{"count":1,"offsetSeconds":null,"unit":"day"}"#.utf8)
        #expect(try JSONDecoder().decode(Recurrence.self, from: none) == .day)
    }

    @Test(
        arguments: [
            (0, "month"), (7_200, "month at UTC+02:00"), (-12_600, "month at UTC-03:30"),
            (20_700, "month at UTC+05:45"),
            (-1, "month at UTC-00:00:01"), (64_800, "month at UTC+18:00"),
        ]
    )
    func `an offset is read out`(offset: Int, text: String) {
        #expect(Recurrence.month.offset(bySeconds: offset).description == text)
    }

    @Test func `lengths are compared apart from the unit and the offset`() {
        #expect(Recurrence.week.hasSameLength(as: Recurrence(every: 7, .day)))
        #expect(Recurrence.year.hasSameLength(as: Recurrence(every: 12, .month, offsetSeconds: 3_600)))
        #expect(Recurrence.month.hasSameLength(as: .month.offset(bySeconds: -3_600)))
        #expect(!Recurrence.month.hasSameLength(as: Recurrence(every: 30, .day)))
        #expect(!Recurrence.month.hasSameLength(as: .year))
    }

    /// The provider's period is taken as it is given, by whatever calendar the allowance counts.
    @Test func `an offset does not break up a paid period of the same length`() throws {
        let monthly = Allowance.limited(50, per: .month.offset(bySeconds: 7_200))
        let free = Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(10, per: .month)])
        let pro = Tier(.pro, rank: 1, name: "Pro", allowances: [.documents: monthly])
        let catalog = try Catalog(version: 1, meters: Fixture.meters, tiers: [free, pro], fallback: .free)
        // 30 January in UTC and the 31st in the offset, so the months do not end at the same time.
        let start = try #require(Timestamp(rfc3339: "2026-01-30T23:00:00Z"))
        let period = TimeSpan(from: start, to: Recurrence.month.boundary(1, from: start))
        #expect(Recurrence.month.offset(bySeconds: 7_200).boundary(1, from: start) < period.end)
        var ledger = try Ledger(catalog: catalog)
        try ledger.take(Fixture.subscription(.pro, period: period), at: start)
        #expect(try ledger.line(at: period.end - .hours(1)).period == period)
    }
}
