package import BillingModel

extension Account.Override {
    /// What a term is of and how it is written, for a store that keeps overrides.
    package struct Content: Hashable, Sendable {
        /// `allowance`, `rates` or `feature`.
        package let kind: String

        /// The meter or the feature.
        package let subject: String

        /// The term as JSON, as a tier of a catalog has it.
        package let json: String

        /// Creates the content that was kept.
        package init(kind: String, subject: String, json: String) {
            self.kind = kind
            self.subject = subject
            self.json = json
        }
    }

    /// What is kept of the term.
    package var content: Content {
        switch term {
        case .allowance(let allowance, of: let meter):
            Content(kind: "allowance", subject: meter.rawValue, json: Self.text(JSONValue(allowance)))
        case .rates(let rates, of: let meter):
            Content(kind: "rates", subject: meter.rawValue, json: Self.text(.array(rates.map { JSONValue($0) })))
        case .feature(let feature, let value):
            Content(kind: "feature", subject: feature.rawValue, json: Self.text(JSONValue(value)))
        }
    }

    /// Creates the override of which this was kept.
    ///
    /// - Throws: ``CatalogJSONError`` when the text is none that ``content`` gives.
    package init(_ content: Content, until end: Timestamp?) throws(CatalogJSONError) {
        let (value, duplicates) = try JSONParser.parse(content.json.utf8)
        var reader = CatalogReader(problems: duplicates)
        let place = CatalogError.Place()
        let term: Term
        switch content.kind {
        case "allowance": term = .allowance(reader.allowance(value, at: place), of: Meter.ID(content.subject))
        case "rates":
            term = .rates(reader.list(value, at: place) { $0.rate($1, at: $2) }, of: Meter.ID(content.subject))
        case "feature": term = .feature(Feature.ID(content.subject), reader.featureValue(value, at: place))
        default:
            let expected = "\"allowance\", \"rates\" or \"feature\""
            throw CatalogJSONError([.init(.mismatch(expected: expected, found: "\"\(content.kind)\""))])
        }
        guard reader.problems.isEmpty else { throw CatalogJSONError(reader.problems) }
        self.init(term, until: end)
    }

    private static func text(_ value: JSONValue) -> String {
        JSONWriter.text(value, indented: false)
    }
}
