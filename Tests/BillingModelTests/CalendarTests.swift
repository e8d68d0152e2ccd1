import BillingModel
import Foundation
import SeededTesting
import Testing

@Suite struct CalendarTests {
    @Test func `every day of 800 years has a date of its own, in order`() {
        var expected = CivilDate(year: 1_600, month: 1, day: 1)
        let first = expected.daysSinceEpoch
        for day in first..<first + 2 * 146_097 {
            let date = CivilDate(daysSinceEpoch: day)
            guard date == expected, date.daysSinceEpoch == day else {
                Issue.record("day \(day) is \(date), not \(expected)")
                return
            }
            expected.day += 1
            if expected.day > CivilDate.daysInMonth(expected.month, of: expected.year) {
                expected = CivilDate(year: expected.year, month: expected.month + 1, day: 1)
            }
            if expected.month > 12 { expected = CivilDate(year: expected.year + 1, month: 1, day: 1) }
        }
        #expect(expected == CivilDate(year: 2_400, month: 1, day: 1))
    }

    @Test func `the first day of counting is 1 January 1970`() {
        #expect(CivilDate(daysSinceEpoch: 0) == CivilDate(year: 1970, month: 1, day: 1))
        #expect(CivilDate(daysSinceEpoch: -1) == CivilDate(year: 1969, month: 12, day: 31))
        #expect(CivilDate(year: 2026, month: 11, day: 21).daysSinceEpoch == 20_778)
    }

    @Test func `days far from now have dates too`() {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "far days"))
        let reach = Int64.max / 86_400_000_000
        for _ in 0..<5_000 {
            let day = Int64.random(in: -reach - 1...reach, using: &generator)
            let date = CivilDate(daysSinceEpoch: day)
            #expect(date.daysSinceEpoch == day)
            #expect((1...12).contains(date.month))
            #expect((1...CivilDate.daysInMonth(date.month, of: date.year)).contains(date.day))
        }
    }

    @Test(arguments: [(2023, 28), (2024, 29), (1900, 28), (2000, 29), (2100, 28), (0, 29), (-4, 29), (-1, 28)])
    func `february has its days`(year: Int64, days: Int64) {
        #expect(CivilDate.daysInMonth(2, of: year) == days)
    }

    @Test func `a span holds its start and not its end`() throws {
        let span = Fixture.days(0, 1)
        #expect(!span.contains(span.start - .tick))
        #expect(span.contains(span.start))
        #expect(span.contains(span.end - .tick))
        #expect(!span.contains(span.end))
        let empty = try #require(TimeSpan(start: span.start, end: span.start))
        #expect(!empty.contains(span.start))
    }

    @Test func `a span does not end before it starts`() {
        #expect(TimeSpan(start: Fixture.day(1), end: Fixture.day(0)) == nil)
        #expect(TimeSpan(from: Fixture.day(1), to: Fixture.day(0)) == Fixture.days(1, 1))
    }

    @Test func `a span that ends before it starts is not decoded`() throws {
        let span = Fixture.days(3, 5)
        #expect(try JSONDecoder().decode(TimeSpan.self, from: JSONEncoder().encode(span)) == span)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(TimeSpan.self, from: Data(#"{"start":2,"end":1}"#.utf8))
        }
    }
}
