// Dictionaries by id encode as objects under the ids' texts, not as lists of alternating keys and values.

extension Meter.ID: CodingKeyRepresentable {}
extension CreditPool.ID: CodingKeyRepresentable {}
extension Feature.ID: CodingKeyRepresentable {}
extension ProviderID: CodingKeyRepresentable {}

extension CodingKeyRepresentable where Self: Identifier {
    /// The id as a key of an encoded dictionary.
    public var codingKey: any CodingKey { IdentifierKey(stringValue: rawValue) }

    /// Creates the id from a key of an encoded dictionary.
    public init?(codingKey: some CodingKey) {
        self.init(codingKey.stringValue)
    }
}

private struct IdentifierKey: CodingKey {
    let stringValue: String

    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        return nil
    }
}
