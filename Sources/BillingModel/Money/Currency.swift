/// A currency, named by its three letters of ISO 4217.
public struct Currency: Hashable, Sendable {
    /// The code in capitals, such as `USD`.
    public let code: String

    /// Creates a currency from its code in either case, or returns `nil` when the text is not three letters.
    public init?(code: some StringProtocol) {
        let letters = code.utf8.map { $0 & 0xDF }
        guard letters.count == 3, code.utf8.allSatisfy({ $0 < 0x80 }),
            letters.allSatisfy({ (0x41...0x5A).contains($0) })
        else { return nil }
        self.code = code.uppercased()
    }
}

extension Currency: CustomStringConvertible {
    /// The code, such as `USD`.
    public var description: String { code }
}
