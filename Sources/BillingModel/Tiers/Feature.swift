/// Something that a tier has or has not, or has in a certain measure, and that is not counted: single sign-on, the
/// largest file, the level of support.
public struct Feature: Hashable, Sendable, Codable {
    /// The name of a feature in code and tables.
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

    /// What a feature's values are.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// On or off.
        case flag
        /// A whole number.
        case number
        /// A text.
        case text
    }

    /// What a tier gives of a feature.
    public enum Value: Hashable, Sendable, Codable {
        /// On or off.
        case flag(Bool)
        /// A whole number.
        case number(Int64)
        /// A text of 1 to 4,096 bytes without NUL.
        case text(String)

        /// The kind of feature that the value is for.
        public var kind: Kind {
            switch self {
            case .flag: .flag
            case .number: .number
            case .text: .text
            }
        }
    }

    /// The feature's name in code and tables.
    public let id: ID

    /// The name that people read.
    public let name: String

    /// What the feature's values are.
    public let kind: Kind

    /// Creates a feature.
    ///
    /// - Parameters:
    ///   - id: The feature's name in code and tables.
    ///   - name: The name that people read, 1 to 255 bytes.
    ///   - kind: What its values are; a tier that gives a value of another kind is refused.
    public init(_ id: ID, name: String, kind: Kind = .flag) {
        self.id = id
        self.name = name
        self.kind = kind
    }
}

extension Feature.Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// Creates a flag from a literal.
    public init(booleanLiteral value: Bool) {
        self = .flag(value)
    }

    /// Creates a number from a literal.
    public init(integerLiteral value: Int64) {
        self = .number(value)
    }

    /// Creates a text from a literal.
    public init(stringLiteral value: String) {
        self = .text(value)
    }
}
