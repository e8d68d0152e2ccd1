/// Credits that several meters draw on, each at a cost of its own, after their own grants.
public struct CreditPool: Hashable, Sendable, Codable {
    /// The name of a pool in code and tables.
    ///
    /// Declare one static member for each, as with ``Meter/ID``.
    public struct ID: Identifier {
        /// The text itself.
        public let rawValue: String

        /// Creates the id from its text: 1 to 255 bytes without NUL.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// The pool's name in code and tables.
    public let id: ID

    /// The name that people read.
    public let name: String

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - id: The pool's name in code and tables.
    ///   - name: The name that people read, 1 to 255 bytes.
    public init(_ id: ID, name: String) {
        self.id = id
        self.name = name
    }
}
