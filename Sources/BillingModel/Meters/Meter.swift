/// Something that is counted, such as job descriptions written or candidates screened.
public struct Meter: Hashable, Sendable, Codable {
    /// The name of a meter in code and tables.
    ///
    /// Declare one static member for each, so that a mistyped meter does not compile:
    ///
    /// ```swift
    /// extension Meter.ID {
    ///     static let jobDescriptions = Meter.ID("job_descriptions")
    /// }
    /// ```
    public struct ID: Identifier {
        /// The text itself.
        public let rawValue: String

        /// Creates the id from its text: 1 to 255 bytes without NUL.
        public init(_ rawValue: String) {
            self.rawValue = rawValue
        }
    }

    /// The meter's name in code and tables.
    public let id: ID

    /// The name that people read.
    public let name: String

    /// Creates a meter.
    public init(_ id: ID, name: String) {
        self.id = id
        self.name = name
    }
}
