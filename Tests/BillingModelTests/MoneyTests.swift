import BillingModel
import Foundation
import SeededTesting
import Testing

@Suite struct MoneyTests {
    static let extremes: [Int64] = [.min, .min + 1, -100, -1, 0, 1, 100, .max - 1, .max]

    static func dollars(_ cents: Int64) -> Money { Money(minorUnits: cents, currency: .usd) }

    @Test func `sums, differences and multiples are exact or an overflow`() {
        for left in Self.extremes {
            for right in Self.extremes {
                check(left.addingReportingOverflow(right)) { try Self.dollars(left) + Self.dollars(right) }
                check(left.subtractingReportingOverflow(right)) { try Self.dollars(left) - Self.dollars(right) }
                check(left.multipliedReportingOverflow(by: right)) { try Self.dollars(left) * right }
            }
            check(Int64(0).subtractingReportingOverflow(left)) { try Self.dollars(left).negated() }
        }
    }

    private func check(_ expected: (partialValue: Int64, overflow: Bool), _ body: () throws -> Money) {
        do {
            let amount = try body()
            #expect(!expected.overflow)
            #expect(amount == Self.dollars(expected.partialValue))
        } catch {
            #expect(expected.overflow)
            #expect((error as? MoneyError)?.code == .overflow)
        }
    }

    @Test func `two currencies have no sum, no difference and no order`() throws {
        let (dollars, euros) = (Money(minorUnits: 1, currency: .usd), Money(minorUnits: 1, currency: .eur))
        let attempts: [() throws -> Any] = [
            { try dollars + euros }, { try dollars - euros }, { try dollars < euros }, { try dollars > euros },
            { try dollars <= euros }, { try dollars >= euros }, { try Money.sum(of: [dollars, euros], in: .usd) },
        ]
        for attempt in attempts {
            let error = #expect(throws: MoneyError.self) { _ = try attempt() }
            #expect(error?.code == .differentCurrencies)
            #expect(error?.message.contains("USD") == true && error?.message.contains("EUR") == true)
        }
        #expect(dollars != euros)
        #expect(Money.zero(.usd) != Money.zero(.eur))
    }

    @Test func `amounts of one currency are in the order of their minor units`() throws {
        for left in Self.extremes {
            for right in Self.extremes {
                let (first, second) = (Self.dollars(left), Self.dollars(right))
                #expect(try (first < second) == (left < right))
                #expect(try (first > second) == (left > right))
                #expect(try (first <= second) == (left <= right))
                #expect(try (first >= second) == (left >= right))
            }
        }
    }

    @Test func `only the sum has to fit, in whatever order it is taken`() throws {
        let amounts = [Int64.max, .max, -5, .min, .min + 7].map(Self.dollars)
        for rotation in amounts.indices {
            let turned = Array(amounts[rotation...] + amounts[..<rotation])
            #expect(try Money.sum(of: turned, in: .usd) == Self.dollars(0))
        }
        #expect(try Money.sum(of: [], in: .jpy) == .zero(.jpy))
        let error = #expect(throws: MoneyError.self) { try Money.sum(of: [.max, 1].map(Self.dollars), in: .usd) }
        #expect(error?.code == .overflow)
    }

    @Test(
        arguments: [
            (0, .usd, "0.00 USD"), (5, .usd, "0.05 USD"), (-5, .usd, "-0.05 USD"), (2_990, .usd, "29.90 USD"),
            (-2_900, .eur, "-29.00 EUR"), (1_200, .jpy, "1200 JPY"), (-1, .jpy, "-1 JPY"), (1, .kwd, "0.001 KWD"),
            (12_345, .kwd, "12.345 KWD"), (1, .clf, "0.0001 CLF"), (.max, .usd, "92233720368547758.07 USD"),
            (.min, .usd, "-92233720368547758.08 USD"), (.min, .jpy, "-9223372036854775808 JPY"),
            (.max, .clf, "922337203685477.5807 CLF"),
        ] as [(Int64, Currency, String)]
    )
    func `an amount is written with its currency's decimals`(minorUnits: Int64, currency: Currency, text: String) throws
    {
        let amount = Money(minorUnits: minorUnits, currency: currency)
        #expect("\(amount)" == text)
        #expect(try Money(decimal: amount.decimal, currency: currency) == amount)
    }

    @Test(
        arguments: [
            ("29.9", 2_990), ("29", 2_900), ("0029.90", 2_990), ("-0.05", -5), ("-0", 0), ("0.000", 0),
            ("29.9000000000", 2_990), ("92233720368547758.07", .max), ("-92233720368547758.08", .min),
        ] as [(String, Int64)]
    )
    func `decimal text is read exactly`(text: String, cents: Int64) throws {
        #expect(try Money(decimal: text, currency: .usd) == Self.dollars(cents))
    }

    @Test(
        arguments: [
            ("29.905", .inexact), ("0.001", .inexact), ("-0.0000001", .inexact), ("92233720368547758.08", .overflow),
            ("-92233720368547758.09", .overflow), ("999999999999999999999999999999999999999", .overflow),
            ("99999999999999999999999999999999999999999999999999", .overflow), ("", .malformedNumber),
            ("-", .malformedNumber), (".", .malformedNumber), (".5", .malformedNumber), ("5.", .malformedNumber),
            ("-.5", .malformedNumber), ("--5", .malformedNumber), ("+5", .malformedNumber), ("1e3", .malformedNumber),
            ("1,000", .malformedNumber), ("1.000.00", .malformedNumber), ("1 000", .malformedNumber),
            (" 1", .malformedNumber), ("1\n", .malformedNumber), ("$1", .malformedNumber), ("0x1", .malformedNumber),
            ("١", .malformedNumber), ("１", .malformedNumber), ("−1", .malformedNumber), ("1\0", .malformedNumber),
            ("nan", .malformedNumber), ("inf", .malformedNumber), (String(repeating: "0", count: 65), .malformedNumber),
        ] as [(String, MoneyError.Code)]
    )
    func `text that is no exact amount is refused`(text: String, code: MoneyError.Code) {
        let error = #expect(throws: MoneyError.self) { try Money(decimal: text, currency: .usd) }
        #expect(error?.code == code)
    }

    @Test func `any amount of any currency reads back as it was written`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "amounts as text"))
        for round in 0..<5_000 {
            let shift = Int64.bitWidth - 1 - round % 64
            let minorUnits = Int64.random(in: .min ... .max, using: &generator) >> shift
            let currency = try #require(Currency.current.randomElement(using: &generator))
            let amount = Money(minorUnits: minorUnits, currency: currency)
            #expect(try Money(decimal: amount.decimal, currency: currency) == amount)
        }
    }

    @Test func `an amount encodes as its minor units and its currency's code`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for minorUnits in Self.extremes {
            let data = try encoder.encode(Self.dollars(minorUnits))
            #expect(String(decoding: data, as: UTF8.self) == #"{"currency":"USD","minorUnits":\#(minorUnits)}"#)
            #expect(try JSONDecoder().decode(Money.self, from: data) == Self.dollars(minorUnits))
        }
        for text in [#"{"currency":"XXX","minorUnits":1}"#, #"{"currency":"USD","minorUnits":1.5}"#] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Money.self, from: Data(text.utf8)) }
        }
    }

    @Test(arguments: Rounding.allCases)
    func `a fraction of an amount is the exact one, rounded`(rounding: Rounding) throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "fractions, \(rounding)"))
        for _ in 0..<2_000 {
            let amount = Int64.random(in: -1_000_000_000...1_000_000_000, using: &generator)
            let numerator = Int64.random(in: -1_000...1_000, using: &generator)
            let denominator = Int64.random(in: 1...1_000, using: &generator)
            let part = try Self.dollars(amount).multiplied(by: numerator, over: denominator, rounding: rounding)
            let exact = Int128(amount) * Int128(numerator)
            #expect(Int128(part.minorUnits) == rounding.quotient(exact, by: Int128(denominator)))
        }
    }

    @Test func `a fraction neither traps nor divides by nothing`() {
        for amount in Self.extremes {
            for numerator in Self.extremes {
                for denominator in Self.extremes {
                    do {
                        let amount = Self.dollars(amount)
                        _ = try amount.multiplied(by: numerator, over: denominator, rounding: .halfEven)
                        #expect(denominator > 0)
                    } catch {
                        #expect(error.code == (denominator > 0 ? .overflow : .outOfBounds))
                    }
                }
            }
        }
    }
}
