import BillingModel

/// A JSON text as it was written: members in their order, numbers that are no `Int64` as their text.
enum JSONValue {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([(key: JSONKey, value: JSONValue)])
}

/// A key of an object, compared byte for byte as an id is.
struct JSONKey: Identifier, ExpressibleByStringLiteral {
    let rawValue: String

    init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    init(stringLiteral value: String) {
        self.init(value)
    }
}

extension JSONValue {
    /// The value in a few words, for an error.
    var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let text): text.utf8.count <= 32 ? text : "a number of \(text.utf8.count) digits"
        case .string(let text): quoted(text)
        case .array: "an array"
        case .object: "an object"
        }
    }
}
