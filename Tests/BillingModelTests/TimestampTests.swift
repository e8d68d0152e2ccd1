import BillingModel
import Foundation
import SeededTesting
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-12-01T09:04:00Z", 1_796_115_840_000_000),
        ("2026-12-01T09:04:00.031950Z", 1_796_115_840_031_950),
        ("2026-12-01T09:04:00.03195Z", 1_796_115_840_031_950),
        ("2026-12-01T09:04:00.0319509Z", 1_796_115_840_031_950),
        ("2026-12-01T09:04:00.031950999Z", 1_796_115_840_031_950),
        ("2026-12-01t09:04:00z", 1_796_115_840_000_000),
        ("2026-12-01T09:04:00+00:00", 1_796_115_840_000_000),
        ("2026-12-01T09:04:00-00:00", 1_796_115_840_000_000),
        ("2026-12-01T10:34:00+01:30", 1_796_115_840_000_000),
        ("2026-11-30T23:04:00-10:00", 1_796_115_840_000_000),
        ("2026-12-02T09:03:00+23:59", 1_796_115_840_000_000),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1969-12-31T23:59:59Z", -1_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func `RFC 3339 text is read exactly`(text: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: text) == Timestamp(microseconds: microseconds))
    }

    @Test(arguments: [
        "", "2026", "2026-12-01", "2026-12-01T09:04:00", "2026-12-01 09:04:00Z", "2026-12-01T09:04Z",
        "2026-12-01T09:04:00 Z", " 2026-12-01T09:04:00Z", "2026-12-01T09:04:00Z ", "2026-12-01T09:04:00ZZ",
        "26-12-01T09:04:00Z", "02026-12-01T09:04:00Z", "+2026-12-01T09:04:00Z", "-2026-12-01T09:04:00Z",
        "2026-00-01T09:04:00Z", "2026-13-01T09:04:00Z", "2026-12-00T09:04:00Z", "2026-12-32T09:04:00Z",
        "2026-02-29T09:04:00Z", "1900-02-29T09:04:00Z", "2026-04-31T09:04:00Z", "2026-1-01T09:04:00Z",
        "2026-12-1T09:04:00Z", "2026/12/01T09:04:00Z", "20261201T090400Z", "2026-W49-2T09:04:00Z",
        "2026-12-01T24:00:00Z", "2026-12-01T09:60:00Z", "2026-12-01T09:04:61Z", "2026-12-01T9:04:00Z",
        "2026-12-01T09:04:00.Z", "2026-12-01T09:04:00,5Z", "2026-12-01T09:04:00.1234567890Z",
        "2026-12-01T09:04:00.-1Z", "2026-12-01T09:04:00.1 Z", "2026-12-01T09:04:00+0100", "2026-12-01T09:04:00+01",
        "2026-12-01T09:04:00+24:00", "2026-12-01T09:04:00+01:60", "2026-12-01T09:04:00+1:00",
        "2026-12-01T09:04:00+01:00Z", "2026-12-01T09:04:00Z+01:00", "2026-12-01T09:04:00±01:00",
        "2026-12-01T09:04:00\u{2212}01:00", "２０２６-12-01T09:04:00Z", "٢٠٢٦-12-01T09:04:00Z", "2026-12-01T09:04:00Z\0",
        "null", "1796115840", "2026-12-01T-9:04:00Z", "\u{FEFF}2026-12-01T09:04:00Z",
    ])
    func `text that is not RFC 3339 is no instant`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `damaged text never traps and reads as it is written or not at all`() {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "damaged instants"))
        let telling = Array("0123456789-+:.TZtz 9٣é\0".unicodeScalars)
        var counts = (read: 0, refused: 0)
        for _ in 0..<5_000 {
            var text = Array("2026-02-28T23:59:59.999999+23:59".unicodeScalars)
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[place] = telling.randomElement(using: &generator) ?? "0"
                case 1: text.remove(at: place)
                default: text.insert(telling.randomElement(using: &generator) ?? "0", at: place)
                }
            }
            if let instant = Timestamp(rfc3339: String(String.UnicodeScalarView(text))) {
                counts.read += 1
                #expect(Timestamp(rfc3339: instant.description) == instant)
            } else {
                counts.refused += 1
            }
        }
        #expect(counts.read > 100 && counts.refused > 1_000, "\(counts)")
    }

    @Test func `an instant is written so that it reads back as itself`() {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "instants"))
        let years = -62_167_219_200_000_000...253_402_300_799_999_999 as ClosedRange<Int64>
        for round in 0..<5_000 {
            var microseconds = Int64.random(in: years, using: &generator)
            if round.isMultiple(of: 3) { microseconds -= microseconds % 1_000_000 }
            let instant = Timestamp(microseconds: microseconds)
            #expect(Timestamp(rfc3339: instant.description) == instant)
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (1, "1970-01-01T00:00:00.000001Z"),
        (1_796_115_840_031_950, "2026-12-01T09:04:00.031950Z"),
        (-62_167_219_200_000_000, "0000-01-01T00:00:00Z"),
        (.max, "294247-01-10T04:00:54.775807Z"),
        (.min, "-290308-12-21T19:59:05.224192Z"),
        (.min + 1, "-290308-12-21T19:59:05.224193Z"),
    ])
    func `an instant is written in UTC, to the end of its range`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test func `seconds are rounded down, also before 1970`() {
        #expect(Timestamp(microseconds: 1_999_999).seconds == 1)
        #expect(Timestamp(microseconds: -1).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_000).seconds == -1)
        #expect(Timestamp(seconds: 7).microseconds == 7_000_000)
    }

    @Test func `what lies beyond the range becomes its end`() {
        let first = Timestamp(microseconds: .min)
        let last = Timestamp(microseconds: .max)
        #expect(Timestamp(seconds: .max) == last)
        #expect(Timestamp(seconds: .min) == first)
        #expect(last.advanced(by: .tick) == last)
        #expect(first.advanced(by: .zero - .tick) == first)
        #expect(last.advanced(by: .seconds(Int64.max)) == last)
        #expect(first.advanced(by: .seconds(Int64.min)) == first)
        #expect(Timestamp(microseconds: 0).advanced(by: .seconds(Int64.max)) == last)
        #expect(first.advanced(by: .zero) == first)
        #expect(last.duration(since: first) == .microseconds(Int64.max) - .microseconds(Int64.min))
        #expect(first.seconds == -9_223_372_036_855)
    }

    @Test func `an instant moves by whole microseconds`() {
        let instant = Timestamp(microseconds: 100)
        #expect(instant.advanced(by: .nanoseconds(1_999)).microseconds == 101)
        #expect(instant.advanced(by: .nanoseconds(-1_999)).microseconds == 99)
        #expect(instant.duration(since: Timestamp(microseconds: 30)) == .microseconds(70))
        #expect(Timestamp(microseconds: 30).duration(since: instant) == .microseconds(-70))
    }

    @Test func `an instant encodes as its microseconds`() throws {
        let instants = [Timestamp(microseconds: .min), Timestamp(microseconds: -1), Timestamp(microseconds: .max)]
        let data = try JSONEncoder().encode(instants)
        #expect(String(decoding: data, as: UTF8.self) == "[-9223372036854775808,-1,9223372036854775807]")
        #expect(try JSONDecoder().decode([Timestamp].self, from: data) == instants)
    }
}
