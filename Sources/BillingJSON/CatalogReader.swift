import BillingModel

/// Reads the parts of a catalog out of JSON and writes down everything that is not as expected.
///
/// Where a value is missing or wrong, reading goes on with a stand-in, so that one look finds everything; what was
/// read counts only if there is no problem.
struct CatalogReader {
    typealias Place = CatalogError.Place

    /// An object whose keys have been looked at.
    struct Object {
        let place: Place
        let members: [JSONKey: JSONValue]
        /// Whether something else stands in the object's place, which is noted already.
        var isStandIn = false
    }

    private(set) var problems: [CatalogJSONError.Problem]

    init(problems: [CatalogJSONError.Problem]) {
        self.problems = problems
    }

    mutating func note(_ reason: CatalogJSONError.Reason, at place: Place) {
        guard problems.count < CatalogJSONError.maximumProblems else { return }
        problems.append(CatalogJSONError.Problem(reason, at: place))
    }

    mutating func mismatch(_ expected: String, _ found: JSONValue, at place: Place) {
        note(.mismatch(expected: expected, found: found.summary), at: place)
    }

    /// Reads an object with some of the known keys.
    mutating func object(_ value: JSONValue, at place: Place, keys: [String]) -> Object {
        guard case .object(let members) = value else {
            mismatch("an object with \(keys.joined(separator: ", "))", value, at: place)
            return Object(place: place, members: [:], isStandIn: true)
        }
        for member in members where !keys.contains(where: { JSONKey($0) == member.key }) {
            note(.unknownKey(known: keys), at: place.at(member.key.rawValue))
        }
        return Object(place: place, members: Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first })
    }

    mutating func required<T>(
        _ key: JSONKey,
        in object: Object,
        _ expected: String,
        or standIn: T,
        _ read: (inout CatalogReader, JSONValue, Place) -> T
    ) -> T {
        let place = object.place.at(key.rawValue)
        if let value = object.members[key] { return read(&self, value, place) }
        if !object.isStandIn { note(.missing(expected: expected), at: place) }
        return standIn
    }

    mutating func optional<T>(
        _ key: JSONKey,
        in object: Object,
        _ read: (inout CatalogReader, JSONValue, Place) -> T
    ) -> T? {
        guard let value = object.members[key] else { return nil }
        return read(&self, value, object.place.at(key.rawValue))
    }

    // MARK: Plain values

    mutating func string(_ value: JSONValue, at place: Place) -> String {
        if case .string(let text) = value { return text }
        mismatch("a text", value, at: place)
        return ""
    }

    mutating func integer(_ value: JSONValue, at place: Place) -> Int64 {
        if case .integer(let number) = value { return number }
        mismatch("a whole number", value, at: place)
        return 1
    }

    mutating func flag(_ value: JSONValue, at place: Place) -> Bool {
        if case .bool(let flag) = value { return flag }
        mismatch("true or false", value, at: place)
        return false
    }

    mutating func word<Word: CaseIterable & RawRepresentable<String>>(
        _ value: JSONValue,
        at place: Place,
        or standIn: Word
    ) -> Word {
        if case .string(let text) = value, let word = Word(rawValue: text) { return word }
        mismatch("one of \(Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))", value, at: place)
        return standIn
    }

    mutating func string(_ key: JSONKey, in object: Object) -> String {
        required(key, in: object, "a text", or: "") { $0.string($1, at: $2) }
    }

    mutating func integer(_ key: JSONKey, in object: Object) -> Int64 {
        required(key, in: object, "a whole number", or: 1) { $0.integer($1, at: $2) }
    }

    /// Reads a number that the model keeps as an `Int`.
    mutating func int(_ key: JSONKey, in object: Object) -> Int {
        Int(clamping: integer(key, in: object))
    }

    // MARK: Lists

    /// Reads a list; one that is left out is empty.
    mutating func list<T>(
        _ key: JSONKey,
        in object: Object,
        _ read: (inout CatalogReader, JSONValue, Place) -> T
    ) -> [T] {
        optional(key, in: object) { $0.list($1, at: $2, read) } ?? []
    }

    mutating func list<T>(
        _ value: JSONValue,
        at place: Place,
        _ read: (inout CatalogReader, JSONValue, Place) -> T
    ) -> [T] {
        guard case .array(let entries) = value else {
            mismatch("an array", value, at: place)
            return []
        }
        var list: [T] = []
        for (index, entry) in entries.enumerated() { list.append(read(&self, entry, place.item(index))) }
        return list
    }

    /// Reads an object whose keys are ids; one that is left out is empty.
    mutating func map<ID: Identifier, T>(
        _ key: JSONKey,
        in object: Object,
        _ read: (inout CatalogReader, JSONValue, Place) -> T
    ) -> [ID: T] {
        guard let value = object.members[key] else { return [:] }
        let place = object.place.at(key.rawValue)
        guard case .object(let members) = value else {
            mismatch("an object with ids as its keys", value, at: place)
            return [:]
        }
        var map: [ID: T] = [:]
        for (id, value) in members { map[ID(id.rawValue)] = read(&self, value, place.at(id.rawValue)) }
        return map
    }
}
