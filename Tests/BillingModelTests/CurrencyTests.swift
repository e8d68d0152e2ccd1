import BillingModel
import Foundation
import Testing

@Suite struct CurrencyTests {
    /// List one of ISO 4217 of 2026-01-01, by the number of decimals: written down apart from the kit's own table.
    static let listed: [(exponent: Int, codes: String)] = [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (
            2,
            """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
            CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD \
            HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK \
            MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD \
            RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH \
            USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
            """
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ]

    @Test func `every currency in use is known with its decimals`() throws {
        var codes: [String] = []
        for (exponent, line) in Self.listed {
            for code in line.split(separator: " ").map(String.init) {
                codes.append(code)
                let currency = try Currency(named: code)
                #expect(currency.code == code)
                #expect(currency.exponent == exponent, "\(code)")
                #expect(Currency(code: code.lowercased()) == currency)
            }
        }
        #expect(codes.count == 165)
        #expect(Currency.current.map(\.code) == codes.sorted())
        #expect(Set(Currency.current).count == Currency.current.count)
    }

    @Test(
        arguments: [
            (.jpy, "JPY", 0), (.usd, "USD", 2), (.eur, "EUR", 2), (.try, "TRY", 2), (.all, "ALL", 2), (.kwd, "KWD", 3),
            (.clf, "CLF", 4),
        ] as [(Currency, String, Int)]
    )
    func `a currency that is written as a member is the one of the list`(
        currency: Currency,
        code: String,
        exponent: Int
    ) {
        #expect(Currency(code: code) == currency)
        #expect(currency.exponent == exponent)
        #expect("\(currency)" == code)
    }

    @Test func `what is not in the list is no currency`() {
        var known = 0
        let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { Character(UnicodeScalar($0)) }
        for first in letters {
            for second in letters {
                for third in letters where Currency(code: String([first, second, third])) != nil { known += 1 }
            }
        }
        #expect(known == 165 + Self.withdrawn.count)
    }

    /// The metals, the units of accounts between banks, and the codes for a test and for nothing.
    @Test(arguments: ["XAU", "XAG", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XUA", "XTS", "XXX"])
    func `a code without a minor unit is no currency`(code: String) {
        #expect(Currency(code: code) == nil)
    }

    static let withdrawn = ["ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"]

    @Test(arguments: withdrawn)
    func `what was paid in a currency that is gone can still be read`(code: String) throws {
        let currency = try Currency(named: code)
        #expect(currency.exponent == 2)
        #expect(currency.code == code)
        #expect(!Currency.current.contains(currency))
    }

    @Test func `an unknown code is refused by its name`() {
        let error = #expect(throws: MoneyError.self) { try Currency(named: "zzz") }
        #expect(error?.code == .unknownCurrency)
        #expect(error?.message.contains("'zzz'") == true)
    }

    @Test(arguments: [
        "", "US", "USDD", "U$D", "ÜSD", "US ", " USD", "12A", "ＵＳＤ", "US\0", "@@@", "usd\n", "{\"secret\":1}",
    ])
    func `text that is not three letters is no currency and is not repeated`(text: String) {
        #expect(Currency(code: text) == nil)
        let error = #expect(throws: MoneyError.self) { try Currency(named: text) }
        #expect(error?.code == .unknownCurrency)
        #expect(text.isEmpty || error?.message.contains("'\(text)'") == false)
    }

    @Test func `a currency reads back as it was written, and an unknown one is named`() throws {
        let data = try JSONEncoder().encode(Currency.current)
        #expect(try JSONDecoder().decode([Currency].self, from: data) == Currency.current)
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Currency].self, from: Data(#"["EUR","XAU"]"#.utf8))
        }
        #expect("\(error as Any)".contains("'XAU'"))
    }
}
