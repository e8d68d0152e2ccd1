/// Work that one server at a time does for all of them.
///
/// Whoever does it twice does no harm: that nobody else does it saves work, and nothing hangs on it. Names have 1 to 255
/// bytes without NUL.
public struct Duty: Identifier {
    /// Who has a duty: a name that no other server has.
    public struct Holder: Identifier {
        /// The text itself.
        public let rawValue: String

        /// Creates the name from its text.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// Settling accounts at which something is due.
    public static let sweep = Duty("sweep")

    /// The text itself.
    public let rawValue: String

    /// Creates the duty from its name.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }
}
