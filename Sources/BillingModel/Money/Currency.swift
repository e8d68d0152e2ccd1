/// A currency of ISO 4217, with the number of decimals that its smallest unit has.
///
/// Every currency that exists here has a known ``exponent``, because an amount of minor units means nothing
/// without one. So a code that is not in the list is no currency: whoever reads one from a table or a payload
/// refuses it with an error that names it, instead of taking 100 for a guess. The funds codes with a minor
/// unit, such as `CLF`, are in the list; gold, silver, `XDR`, `XTS`, `XXX` and the other codes to which ISO
/// gives no minor unit are not.
///
/// A provider may count a currency in other units than ISO does. Its adapter converts.
public struct Currency: Hashable, Sendable {
    /// The three letters in base 26.
    private let letters: UInt16

    private let decimals: UInt8

    /// The code in capitals, such as `USD`.
    public var code: String {
        let number = letters
        return String(decoding: [number / 676, number / 26 % 26, number % 26].map { UInt8($0) + 0x41 }, as: UTF8.self)
    }

    /// The number of decimals of the minor unit, from 0 to 4: 2 for USD, 0 for JPY, 3 for KWD, 4 for CLF.
    public var exponent: Int { Int(decimals) }

    /// Creates a currency from its code in either case, or returns `nil` when the list has no such code.
    public init?(code: some StringProtocol) {
        guard let letters = Self.letters(of: code), let known = Self.known[letters] else { return nil }
        self = known
    }

    /// Creates a currency from its code in either case, or says which code is not in the list.
    ///
    /// - Parameter code: Three letters, such as `USD` or `usd`.
    /// - Throws: ``MoneyError`` with ``MoneyError/Code/unknownCurrency``.
    public init(named code: some StringProtocol) throws(MoneyError) {
        guard Self.letters(of: code) != nil else {
            // Text of any length and content, so the message does not repeat it.
            throw MoneyError(.unknownCurrency, "A currency is three letters, and this is something else.")
        }
        guard let currency = Self(code: code) else {
            throw MoneyError(
                .unknownCurrency,
                "'\(code)' is no currency of ISO 4217 with a minor unit, as far as this version knows."
            )
        }
        self = currency
    }

    /// Creates an entry of the list.
    init(_ code: String, exponent: UInt8) {
        letters = Self.letters(of: code) ?? 0
        decimals = exponent
    }

    /// The three letters of a code in base 26, or `nil` when the text is not three letters of ASCII.
    private static func letters(of code: some StringProtocol) -> UInt16? {
        var number: UInt16 = 0
        var count = 0
        for byte in code.utf8 {
            let capital = byte & 0xDF
            guard count < 3, byte < 0x80, (0x41...0x5A).contains(capital) else { return nil }
            number = number * 26 + UInt16(capital - 0x41)
            count += 1
        }
        return count == 3 ? number : nil
    }

    private static let known: [UInt16: Currency] = {
        var known: [UInt16: Currency] = [:]
        for currency in withdrawn + current { known[currency.letters] = currency }
        return known
    }()
}

extension Currency: CustomStringConvertible {
    /// The code, such as `USD`.
    public var description: String { code }
}

extension Currency: Codable {
    /// Reads the code from a decoder, which must be in the list.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(named: try container.decode(String.self))
        } catch let error as MoneyError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    /// Writes the code to an encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
