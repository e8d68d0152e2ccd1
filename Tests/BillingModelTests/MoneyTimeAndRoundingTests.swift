import BillingModel
import Testing

/// The examples of the article "Money, time and rounding", which do what their comments say.
@Suite struct MoneyTimeAndRoundingTests {
    @Test func `the article shows the tested examples`() throws {
        try Article("MoneyTimeAndRounding").expectExamples(in: #filePath)
    }

    @Test func `the examples of money do what they say`() throws {
        let invoice = try Money(decimal: "29.90", currency: .usd)
        let fee = Money(minorUnits: 300, currency: .jpy)
        let deposit = Money(minorUnits: 12_345, currency: .kwd)
        let texts = [invoice, fee, deposit].map(\.description)  // "29.90 USD", "300 JPY", "12.345 KWD"
        #expect(texts == ["29.90 USD", "300 JPY", "12.345 KWD"])

        let lev = try Currency(named: "bgn")
        var refusal = ""
        do throws(MoneyError) {
            _ = try Currency(named: "ZZZ")
        } catch {
            refusal = error.message  // "'ZZZ' is no currency of ISO 4217 with a minor unit, …"
        }
        #expect(lev.code == "BGN")
        #expect(refusal.hasPrefix("'ZZZ' is no currency of ISO 4217 with a minor unit, "))

        let total = try invoice + Money(minorUnits: 510, currency: .usd)
        let isCovered = try total <= Money(minorUnits: 3_500, currency: .usd)
        let lines = try Money.sum(of: [invoice, total], in: .usd)
        #expect(total.description == "35.00 USD")
        #expect(isCovered)
        #expect(lines.description == "64.90 USD")

        let ten = try Money(decimal: "10.00", currency: .eur)
        let thirds = try ten.allocated(into: 3)  // 3.34, 3.33 and 3.33 EUR
        let shares = try ten.allocated(by: [50, 30, 19])  // 5.05, 3.03 and 1.92 EUR
        #expect(thirds.map(\.decimal) == ["3.34", "3.33", "3.33"])
        #expect(shares.map(\.decimal) == ["5.05", "3.03", "1.92"])

        let month = TimeSpan(start: Timestamp(seconds: 1_767_225_600), end: Timestamp(seconds: 1_769_904_000))
        let change = Timestamp(seconds: 1_768_089_600)  // ten of 31 days later
        let parts = month.map { ten.split(at: change, of: $0, rounding: .halfEven) }  // 3.23 used, 6.77 unused
        #expect(parts?.used.description == "3.23 EUR")
        #expect(parts?.unused.description == "6.77 EUR")

        let token = try UnitPrice(minorUnits: "0.0015", currency: .usd)
        let million = try UnitPrice(Money(decimal: "2.50", currency: .usd), per: 1_000_000)  // 0.0000025 USD each
        let usage = try token.amount(for: 123_456, rounding: .halfEven)  // 185.184 cents: 1.85 USD
        #expect(million.description == "0.0000025 USD")
        #expect(usage.description == "1.85 USD")

        let call = try UnitPrice(minorUnits: "0.5", currency: .usd)
        let bill = try [1, 1, 1].map { try call.amount(for: $0, rounding: .halfUp) }
        let perLine = try Money.sum(of: bill, in: .usd)  // 0.03 USD
        let atTheEnd = try call.amount(for: 3, rounding: .halfUp)  // 0.02 USD, which is not what the lines say
        #expect(perLine.description == "0.03 USD")
        #expect(atTheEnd.description == "0.02 USD")
    }

    @Test func `the examples of time do what they say`() {
        let day = TimeSpan(start: Timestamp(seconds: 0), end: Timestamp(seconds: 86_400))
        let holdsStart = day?.contains(Timestamp(seconds: 0))  // true
        let holdsEnd = day?.contains(Timestamp(seconds: 86_400))  // false
        let left = day?.remaining(at: Timestamp(seconds: 43_200))  // twelve hours
        #expect(holdsStart == true)
        #expect(holdsEnd == false)
        #expect(left == .hours(12))

        let opened = Timestamp(rfc3339: "2026-01-31T09:00:00Z") ?? Timestamp(seconds: 0)
        let months = (0...2).map { Recurrence.month.boundary($0, from: opened) }  // 31 January, 28 February, 31 March
        #expect(months.map { $0.description.prefix(10) } == ["2026-01-31", "2026-02-28", "2026-03-31"])

        let midnight = opened.startOfDay(offsetSeconds: 7_200)  // 30 January, 22:00 UTC: midnight in UTC+02:00
        let local = Recurrence.month.offset(bySeconds: 7_200)
        let boundary = local.boundary(1, from: midnight)  // 27 February, 22:00 UTC: midnight of the 28th there
        #expect(midnight.description == "2026-01-30T22:00:00Z")
        #expect(boundary.description == "2026-02-27T22:00:00Z")

        let trial = TimeSpan.trial(from: opened, days: 7, firstPurchase: nil)
        let bought = opened.advanced(by: .seconds(2 * 86_400))
        let cutShort = TimeSpan.trial(from: opened, days: 7, firstPurchase: bought)  // over after two days
        let reminders = trial.reminders(before: [.seconds(3 * 86_400)])  // one, after four days
        #expect(trial.end.description == "2026-02-07T09:00:00Z")
        #expect(cutShort.end == bought)
        #expect(reminders.map(\.description) == ["2026-02-04T09:00:00Z"])

        let lastMinute = trial.end.advanced(by: .seconds(-60))
        let daysLeft = Timestamp.daysLeft(until: trial.end, at: lastMinute, rounding: .down)  // 1
        let daysAtEnd = Timestamp.daysLeft(until: trial.end, at: trial.end, rounding: .up)  // 0
        #expect(daysLeft == 1)
        #expect(daysAtEnd == 0)
    }
}
