/// The name of one account at one payment provider, such as `polar`.
///
/// A host with two accounts, or with a sandbox beside production, gives each a name of its own: what the
/// provider calls a customer, an order or a delivery is unique only within it.
public struct ProviderID: Identifier, ExpressibleByStringLiteral {
    /// The text itself.
    public let rawValue: String

    /// Creates the id from its text: 1 to 255 bytes without NUL.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates the id from a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
