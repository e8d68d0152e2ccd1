/// The host's name for a person or program that acts for a customer and shares its balance.
///
/// Any text of 1 to 255 bytes without NUL.
public struct MemberID: Identifier, ExpressibleByStringInterpolation {
    /// The text itself.
    public let rawValue: String

    /// Creates the id from the host's text.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates the id from a literal, as tests and examples do.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
