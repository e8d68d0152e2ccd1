import BillingKit

/// The rows that a step gave, those of its first row first.
public struct SQLRows: Sendable {
    /// The rows, each with its values in order.
    public let rows: [[SQLValue]]

    /// The number of rows that were added, changed or removed.
    public let changed: Int

    /// Creates the result of a step.
    ///
    /// - Parameters:
    ///   - rows: The rows that it gave.
    ///   - changed: The number of rows that it added, changed or removed. A driver that does not know it gives 0: what
    ///     counts on it is then asked for first.
    public init(_ rows: [[SQLValue]], changed: Int = 0) {
        self.rows = rows
        self.changed = changed
    }
}

/// Reads the values of a row in order.
///
/// What a row holds was written by the kit, or by someone who should not have: nothing in it is taken on trust,
/// and nothing traps.
struct SQLRowReader {
    private let values: [SQLValue]
    private var position = 0

    init(_ values: [SQLValue]) {
        self.values = values
    }

    private mutating func next() throws(StoreError) -> SQLValue {
        guard position < values.count else {
            throw StoreError(.corrupt, "A row has \(values.count) columns where more were asked for.")
        }
        defer { position += 1 }
        return values[position]
    }

    /// Whether the next column has a value.
    var hasValue: Bool {
        get throws(StoreError) {
            guard position < values.count else {
                throw StoreError(.corrupt, "A row has \(values.count) columns where more were asked for.")
            }
            return values[position] != .null
        }
    }

    /// Leaves a column out.
    mutating func skip() throws(StoreError) { _ = try next() }

    mutating func optionalInteger() throws(StoreError) -> Int64? {
        switch try next() {
        case .null: return nil
        case .integer(let value): return value
        default: throw unexpected("an integer")
        }
    }

    mutating func integer() throws(StoreError) -> Int64 {
        guard let value = try optionalInteger() else { throw unexpected("an integer") }
        return value
    }

    mutating func optionalText() throws(StoreError) -> String? {
        switch try next() {
        case .null: return nil
        case .text(let value): return value
        default: throw unexpected("text")
        }
    }

    mutating func text() throws(StoreError) -> String {
        guard let value = try optionalText() else { throw unexpected("text") }
        return value
    }

    mutating func blob() throws(StoreError) -> [UInt8] {
        guard case .blob(let value) = try next() else { throw unexpected("bytes") }
        return value
    }

    mutating func timestamp() throws(StoreError) -> Timestamp {
        Timestamp(microseconds: try integer())
    }

    mutating func optionalTimestamp() throws(StoreError) -> Timestamp? {
        try optionalInteger().map { Timestamp(microseconds: $0) }
    }

    mutating func flag() throws(StoreError) -> Bool {
        try integer() != 0
    }

    mutating func span() throws(StoreError) -> TimeSpan {
        let (start, end) = (try timestamp(), try timestamp())
        guard let span = TimeSpan(start: start, end: end) else {
            throw StoreError(.corrupt, "A stored span ends at \(end), before its start at \(start).")
        }
        return span
    }

    mutating func version() throws(StoreError) -> ObjectVersion {
        ObjectVersion(object: try timestamp(), event: try timestamp())
    }

    mutating func optionalVersion() throws(StoreError) -> ObjectVersion? {
        let (object, event) = (try optionalTimestamp(), try optionalTimestamp())
        guard let object, let event else { return nil }
        return ObjectVersion(object: object, event: event)
    }

    mutating func recurrence() throws(StoreError) -> Recurrence? {
        let (count, unit, offset) = (try optionalInteger(), try optionalText(), try optionalInteger())
        guard let count, let unit else { return nil }
        guard let unit = Recurrence.Unit(rawValue: unit) else { throw unexpected("a unit of recurrence") }
        return Recurrence(every: Int(clamping: count), unit, offsetSeconds: Int(clamping: offset ?? 0))
    }

    mutating func word<Word: RawRepresentable<String>>(of type: Word.Type) throws(StoreError) -> Word {
        let text = try text()
        guard let word = Word(rawValue: text) else {
            throw StoreError(.corrupt, "A row says '\(text)' where that is no \(Word.self).")
        }
        return word
    }

    private func unexpected(_ expected: String) -> StoreError {
        StoreError(.corrupt, "Column \(position) of a row does not hold \(expected).")
    }
}
