public import BillingModel

extension Catalog {
    /// Reads a catalog from JSON, which an operator may write by hand.
    ///
    /// ```json
    /// {
    ///   "version": 1,
    ///   "meters": [{"id": "job_descriptions", "name": "Job descriptions"}],
    ///   "tiers": [
    ///     {
    ///       "id": "free", "rank": 0, "name": "Free",
    ///       "allowances": {"job_descriptions": {"units": 10, "per": "month"}}
    ///     },
    ///     {
    ///       "id": "pro", "rank": 1, "name": "Pro",
    ///       "allowances": {"job_descriptions": "unlimited"},
    ///       "prices": [
    ///         {"amount": "29.00", "currency": "EUR", "per": "month", "products": {"polar": "the product's id"}}
    ///       ]
    ///     }
    ///   ],
    ///   "fallback": "free"
    /// }
    /// ```
    ///
    /// What is left out has the initializer's default. A key that means nothing is refused, because it is a
    /// misspelt one more often than not, and a limit that is silently not there costs money.
    ///
    /// - Parameter json: The document in UTF-8, at most ``CatalogJSONError/maximumBytes`` long.
    /// - Throws: ``CatalogJSONError`` with everything that is wrong, each with its path: first with the document,
    ///   then, once that can be read, with the catalog that it describes.
    public init(json: some Sequence<UInt8>) throws(CatalogJSONError) {
        let (value, duplicates) = try JSONParser.parse(json)
        var reader = CatalogReader(problems: duplicates)
        self = try reader.catalog(value)
    }

    /// Reads a catalog from JSON, as ``init(json:)-(Sequence<UInt8>)`` does.
    public init(json: String) throws(CatalogJSONError) {
        try self.init(json: json.utf8)
    }

    /// Returns the catalog as JSON, the same text for the same catalog.
    ///
    /// Keys are sorted. Settings are written even where they are defaults, so that a catalog that was kept means
    /// the same under a later version of the kit.
    ///
    /// - Parameter indented: Whether the text has lines that a person can read and compare.
    /// - Returns: The text.
    /// - Throws: ``CatalogJSONError`` when the text would be longer than ``CatalogJSONError/maximumBytes`` and
    ///   could not be read again.
    public func json(indented: Bool = true) throws(CatalogJSONError) -> String {
        let text = JSONWriter.text(JSONValue(self), indented: indented)
        guard text.utf8.count <= CatalogJSONError.maximumBytes else { throw CatalogJSONError([.init(.tooLarge)]) }
        return text
    }
}
