extension Account {
    /// What tells an event from every other event of the customer: 1 to 255 bytes without NUL.
    public struct EventID: Identifier, ExpressibleByStringInterpolation {
        /// The text itself.
        public let rawValue: String

        /// Creates the id from its text.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// Creates the id from a literal.
        public init(stringLiteral value: String) {
            self.init(value)
        }
    }
}
