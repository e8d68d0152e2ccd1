public import BillingModel

/// Everything that is wrong with a catalog's JSON.
public struct CatalogJSONError: Error, Hashable, Sendable {
    /// One thing that is wrong.
    public struct Problem: Hashable, Sendable {
        /// Where it is, as a path such as `tiers[1].allowances.job_descriptions.per`.
        public let place: CatalogError.Place

        /// What it is.
        public let reason: Reason

        init(_ reason: Reason, at place: CatalogError.Place = CatalogError.Place()) {
            self.place = place
            self.reason = reason
        }
    }

    /// What is wrong with a part of the JSON.
    public enum Reason: Hashable, Sendable {
        /// The document is longer than ``CatalogJSONError/maximumBytes``.
        case tooLarge
        /// The document is not UTF-8.
        case notUTF8
        /// Arrays and objects are nested deeper than ``CatalogJSONError/maximumDepth``.
        case tooDeep
        /// The text is no JSON from a line and a byte in it on, both counted from 1.
        case syntax(line: Int, column: Int, expected: String)
        /// An object has the key twice, so one of the two values would be lost.
        case duplicateKey
        /// An object has a key that means nothing here.
        case unknownKey(known: [String])
        /// An object lacks a key.
        case missing(expected: String)
        /// A value is not what is expected.
        case mismatch(expected: String, found: String)
        /// The JSON can be read, and the catalog that it describes is not consistent.
        case inconsistent(CatalogError.Fault)
    }

    /// The most bytes in a document: 1 MiB.
    public static let maximumBytes = 1_048_576

    /// The most arrays and objects around a value.
    public static let maximumDepth = 32

    /// The most problems that are told at once.
    public static let maximumProblems = 100

    /// The problems, in the order of the document; at most ``maximumProblems``.
    public let problems: [Problem]

    init(_ problems: [Problem]) {
        self.problems = Array(problems.prefix(Self.maximumProblems))
    }
}

extension CatalogJSONError: CustomStringConvertible {
    /// The problems as sentences.
    public var description: String {
        "The catalog's JSON is not as it should be: " + problems.map(\.description).joined(separator: " ")
    }
}

extension CatalogJSONError.Problem: CustomStringConvertible {
    /// The problem as a sentence that begins with its path.
    public var description: String { "\(place): \(reason)." }
}

extension CatalogJSONError.Reason: CustomStringConvertible {
    /// What is wrong, as a part of a sentence.
    public var description: String {
        switch self {
        case .tooLarge: "the document has more than \(CatalogJSONError.maximumBytes) bytes"
        case .notUTF8: "the document is not UTF-8"
        case .tooDeep: "values are nested deeper than \(CatalogJSONError.maximumDepth) levels"
        case .syntax(let line, let column, let expected): "line \(line), byte \(column): expected \(expected)"
        case .duplicateKey: "the key is there twice"
        case .unknownKey(let known): "the key means nothing here; known are \(known.sorted().joined(separator: ", "))"
        case .missing(let expected): "missing; expected \(expected)"
        case .mismatch(let expected, let found): "expected \(expected), found \(found)"
        case .inconsistent(let fault): fault.description
        }
    }
}
