extension Catalog {
    /// The number of a catalog; a host raises it with every change.
    public struct Version: Hashable, Comparable, Sendable, Codable, ExpressibleByIntegerLiteral, CustomStringConvertible
    {
        /// The number itself, 1 or more.
        public let number: Int64

        /// Creates a version from its number.
        public init(_ number: Int64) {
            self.number = number
        }

        /// Creates the value from a literal.
        public init(integerLiteral value: Int64) {
            self.init(value)
        }

        /// Reads the value from a decoder.
        public init(from decoder: any Decoder) throws {
            self.init(try decoder.singleValueContainer().decode(Int64.self))
        }

        /// Writes the value to an encoder.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(number)
        }

        /// Returns whether the first comes before the second.
        public static func < (left: Version, right: Version) -> Bool {
            left.number < right.number
        }

        /// The value as text.
        public var description: String { String(number) }
    }
}
