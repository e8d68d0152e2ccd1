extension Account {
    /// A term that one customer has in place of the tier's.
    public struct Override: Hashable, Sendable, Codable {
        /// What stands in place of the tier's.
        public enum Term: Hashable, Sendable, Codable {
            /// An allowance on a meter.
            case allowance(Allowance, of: Meter.ID)
            /// The rates of a meter; empty for none.
            case rates([Tier.Rate], of: Meter.ID)
            /// A feature's value.
            case feature(Feature.ID, Feature.Value)
        }

        /// What stands in place of the tier's.
        public let term: Term

        /// When the tier's own term holds again, or `nil` for never.
        public let end: Timestamp?

        /// Creates an override.
        ///
        /// - Parameters:
        ///   - term: What stands in place of the tier's, whichever tier the customer is on.
        ///   - end: When the tier's own term holds again; at that instant it does.
        public init(_ term: Term, until end: Timestamp? = nil) {
            self.term = term
            self.end = end
        }
    }
}

extension Account.Override {
    /// The term and its end, as a text that is the same in every process and version.
    var text: String {
        let words: [String] =
            switch term {
            case .allowance(let allowance, of: let meter): ["allowance", meter.rawValue, allowance.description]
            case .rates(let rates, of: let meter): ["rates", meter.rawValue] + rates.map(\.description)
            case .feature(let feature, .flag(let flag)): ["flag", feature.rawValue, String(flag)]
            case .feature(let feature, .number(let number)): ["number", feature.rawValue, String(number)]
            case .feature(let feature, .text(let text)): ["text", feature.rawValue, text]
            }
        // None of them has a NUL, so none can be taken for another.
        return (words + [end.map { String($0.microseconds) } ?? ""]).joined(separator: "\u{0}")
    }
}

extension Catalog {
    /// Returns everything that is wrong with a customer's overrides under this catalog.
    ///
    /// A term of a meter or feature that the catalog does not have, a number beyond its bounds, an allowance of
    /// the other kind of meter, and two terms in place of the same one are problems, as they are in a tier.
    public func problems(in overrides: [Account.Override]) -> [CatalogError.Problem] {
        var examiner = CatalogExaminer(self)
        examiner.examine(overrides)
        return examiner.problems
    }
}
