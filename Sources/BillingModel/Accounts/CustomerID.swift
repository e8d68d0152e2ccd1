/// The host's name for whoever is billed: a user, an organisation, a team.
///
/// Any text of 1 to 255 bytes without NUL; commands for another text are refused. It is given to the provider
/// as the customer's external id, and it never changes.
public struct CustomerID: Identifier, ExpressibleByStringInterpolation {
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
