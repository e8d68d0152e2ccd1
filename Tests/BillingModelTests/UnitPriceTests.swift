import BillingModel
import Foundation
import SeededTesting
import Testing

@Suite struct UnitPriceTests {
    static let scale: Int128 = 1_000_000_000_000

    @Test(
        arguments: [
            ("0.000015", .usd, "0.0015", "0.000015 USD"), ("2.5", .usd, "250", "2.50 USD"),
            ("0", .usd, "0", "0.00 USD"),
            ("-0.1", .usd, "-10", "-0.10 USD"), ("0.00000000000001", .usd, "0.000000000001", "0.00000000000001 USD"),
            ("0.000000000001", .jpy, "0.000000000001", "0.000000000001 JPY"), ("7", .jpy, "7", "7 JPY"),
            ("0.0000000000000001", .clf, "0.000000000001", "0.0000000000000001 CLF"),
            ("92233720368547758.07", .usd, "9223372036854775807", "92233720368547758.07 USD"),
            ("-92233720368547758.07", .usd, "-9223372036854775807", "-92233720368547758.07 USD"),
        ] as [(String, Currency, String, String)]
    )
    func `a price is read and written exactly`(decimal: String, currency: Currency, minorUnits: String, text: String)
        throws
    {
        let price = try UnitPrice(decimal: decimal, currency: currency)
        #expect(try UnitPrice(minorUnits: minorUnits, currency: currency) == price)
        #expect(price.minorUnits == minorUnits)
        #expect("\(price)" == text)
        #expect(try UnitPrice(decimal: price.decimal, currency: currency) == price)
    }

    @Test(
        arguments: [
            ("0.0000000000001", .inexact), ("9223372036854775807.000000000001", .overflow),
            ("9223372036854775808", .overflow), ("-9223372036854775808", .overflow),
            ("170141183460469231731687303715884105728", .overflow), ("1e-6", .malformedNumber), ("", .malformedNumber),
        ] as [(String, MoneyError.Code)]
    )
    func `what is no price in 12 decimals is refused`(text: String, code: MoneyError.Code) {
        let error = #expect(throws: MoneyError.self) { try UnitPrice(minorUnits: text, currency: .usd) }
        #expect(error?.code == code)
    }

    @Test func `a price for several is the exact price for one, or none`() throws {
        let price = try UnitPrice(Money(decimal: "2.50", currency: .usd), per: 1_000_000)
        #expect(price.description == "0.0000025 USD")
        #expect(try UnitPrice(Money(minorUnits: .max, currency: .usd)).minorUnits == "9223372036854775807")
        let third = #expect(throws: MoneyError.self) { try UnitPrice(Money(minorUnits: 1, currency: .usd), per: 3) }
        #expect(third?.code == .inexact)
        for quantity in [0, -1, .min] as [Int64] {
            let error = #expect(throws: MoneyError.self) { try UnitPrice(.zero(.usd), per: quantity) }
            #expect(error?.code == .outOfBounds)
        }
        let lowest = #expect(throws: MoneyError.self) { try UnitPrice(Money(minorUnits: .min, currency: .usd)) }
        #expect(lowest?.code == .overflow)
    }

    @Test(arguments: Rounding.allCases)
    func `price times quantity is the exact product, rounded once`(rounding: Rounding) throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "lines of a bill, \(rounding)"))
        var halves = 0
        for round in 0..<3_000 {
            // Few decimals for every other price, so that halves come up.
            let unit: Int64 = round.isMultiple(of: 2) ? 500_000_000_000 : 1
            let scaled = Int64.random(in: -10_000_000...10_000_000, using: &generator) * unit
            let quantity = Int64.random(in: -1_000_000...1_000_000, using: &generator)
            let text = DecimalReference.text(of: Int128(scaled))
            let currency = try #require(Currency.current.randomElement(using: &generator))
            let line = try UnitPrice(minorUnits: text, currency: currency).amount(for: quantity, rounding: rounding)
            let product = Int128(scaled) * Int128(quantity)
            if (product % Self.scale).magnitude * 2 == Self.scale.magnitude { halves += 1 }
            #expect(Int128(line.minorUnits) == rounding.quotient(product, by: Self.scale))
            #expect(line.currency == currency)
            // Less than one minor unit away, whatever the mode.
            #expect((Int128(line.minorUnits) * Self.scale - product).magnitude < Self.scale.magnitude)
        }
        #expect(halves > 300)
    }

    @Test func `the largest price and quantity are an overflow and no trap`() throws {
        let prices = try ["9223372036854775807", "-9223372036854775807", "0.000000000001", "0", "1"].map {
            try UnitPrice(minorUnits: $0, currency: .usd)
        }
        for price in prices {
            for quantity in MoneyTests.extremes {
                for rounding in Rounding.allCases {
                    let exact = Int128(quantity).multipliedReportingOverflow(by: price.scaledMinorUnits)
                    let expected =
                        exact.overflow
                        ? nil : Int64(exactly: rounding.quotient(exact.partialValue, by: Self.scale))
                    do {
                        let line = try price.amount(for: quantity, rounding: rounding)
                        #expect(line.minorUnits == expected)
                    } catch {
                        #expect(expected == nil)
                        #expect(error.code == .overflow)
                    }
                }
            }
        }
    }

    @Test func `lines are rounded before they are added up`() throws {
        let price = try UnitPrice(minorUnits: "0.5", currency: .usd)
        let lines = try (0..<3).map { _ in try price.amount(for: 1, rounding: .halfUp) }
        #expect(try Money.sum(of: lines, in: .usd).minorUnits == 3)
        #expect(try price.amount(for: 3, rounding: .halfUp).minorUnits == 2)
    }

    @Test func `a price reads back as it was written`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let price = try UnitPrice(minorUnits: "0.0015", currency: .usd)
        let data = try encoder.encode(price)
        #expect(String(decoding: data, as: UTF8.self) == #"{"currency":"USD","minorUnits":"0.0015"}"#)
        #expect(try JSONDecoder().decode(UnitPrice.self, from: data) == price)
        for text in [
            #"{"currency":"USD","minorUnits":0.0015}"#, #"{"currency":"USD","minorUnits":"1e-3"}"#,
            #"{"currency":"QQQ","minorUnits":"1"}"#,
        ] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(UnitPrice.self, from: Data(text.utf8)) }
        }
    }

    @Test func `any price reads back from its text`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "prices as text"))
        for round in 0..<3_000 {
            let bits = Int64.random(in: .min ... .max, using: &generator) >> (round % 64)
            let scaled = Int128(bits) * Int128(Int64.random(in: 0...100_000_000_000, using: &generator))
            let currency = try #require(Currency.current.randomElement(using: &generator))
            let price = try UnitPrice(minorUnits: DecimalReference.text(of: scaled), currency: currency)
            #expect(price.scaledMinorUnits == scaled)
            #expect(try UnitPrice(decimal: price.decimal, currency: currency) == price)
            #expect(try UnitPrice(minorUnits: price.minorUnits, currency: currency) == price)
        }
    }
}

/// Writes 10⁻¹² units by division, apart from the kit's own writer.
private enum DecimalReference {
    static func text(of scaled: Int128) -> String {
        let (whole, rest) = scaled.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000)
        return (scaled < 0 ? "-" : "") + "\(whole)." + String("\(rest + 1_000_000_000_000)".dropFirst())
    }
}
