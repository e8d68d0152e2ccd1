extension Account {
    /// What makes a command take effect once: 1 to 600 bytes without NUL, apart for each customer.
    public struct Key: Identifier, ExpressibleByStringInterpolation {
        /// The text itself.
        public let rawValue: String

        /// Creates the key from its text.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// Creates the key from a literal.
        public init(stringLiteral value: String) {
            self.init(value)
        }
    }
}
