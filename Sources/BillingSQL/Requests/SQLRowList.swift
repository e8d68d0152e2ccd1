import BillingKit

/// Rows of a table as they are gathered for a step, column by column.
///
/// Values are added one after the other, each row from its first column to its last. A commit may gather hundreds of
/// rows, so nothing is made for a row that is not kept, and it has lists for all tables and rows for few, so nothing is
/// made for a list without rows.
struct SQLRowList {
    /// The columns; none before the first row.
    private(set) var columns: [SQLColumn] = []
    private let kinds: [SQLTable.Column.Kind]
    private var next = 0

    /// Creates an empty list of rows with columns of given kinds.
    init(_ kinds: [SQLTable.Column.Kind]) {
        self.kinds = kinds
    }

    var isEmpty: Bool { count == 0 }

    var count: Int { columns.first?.count ?? 0 }

    mutating func add(_ value: Int64?) {
        makeColumns()
        columns[next].append(value)
        advance()
    }

    mutating func add(_ value: String?) {
        makeColumns()
        columns[next].append(value)
        advance()
    }

    mutating func add(_ value: Timestamp?) { add(value?.microseconds) }

    mutating func add(_ value: (some Identifier)?) { add(value?.rawValue) }

    mutating func add(_ value: Int) { add(Int64(value)) }

    mutating func add(_ value: Bool) { add(value ? 1 as Int64 : 0) }

    mutating func add(_ subject: Account.Balance.Subject?) {
        add(subject?.kind)
        add(subject?.name)
    }

    /// Leaves a number of columns of the row empty.
    mutating func skip(_ count: Int) {
        makeColumns()
        for _ in 0..<count {
            columns[next].appendNull()
            advance()
        }
    }

    /// Adds values of a row.
    mutating func add(_ values: [SQLValue]) {
        for value in values {
            switch value {
            case .integer(let integer): add(integer)
            case .text(let text): add(text)
            case .blob(let bytes):
                makeColumns()
                columns[next].append(bytes)
                advance()
            case .null: skip(1)
            }
        }
    }

    private mutating func makeColumns() {
        guard columns.isEmpty else { return }
        columns = kinds.map { kind in
            switch kind {
            case .integer: .integers([])
            case .text: .texts([])
            case .blob: .blobs([])
            }
        }
    }

    private mutating func advance() {
        next += 1
        if next == columns.count { next = 0 }
    }
}

extension SQLColumn {
    // What is taken out of the column is put back changed; in between, nothing else has a hold on it, so that it is
    // changed in its place. A value of another kind than the column's is left out as null: a table's own checks tell.

    fileprivate mutating func append(_ value: Int64?) {
        guard case .integers(var values) = self else { return appendNull() }
        self = .integers([])
        values.append(value)
        self = .integers(values)
    }

    fileprivate mutating func append(_ value: String?) {
        guard case .texts(var values) = self else { return appendNull() }
        self = .integers([])
        values.append(value)
        self = .texts(values)
    }

    fileprivate mutating func append(_ value: [UInt8]?) {
        guard case .blobs(var values) = self else { return appendNull() }
        self = .integers([])
        values.append(value)
        self = .blobs(values)
    }

    fileprivate mutating func appendNull() {
        switch self {
        case .integers(var values):
            self = .integers([])
            values.append(nil)
            self = .integers(values)
        case .texts(var values):
            self = .integers([])
            values.append(nil)
            self = .texts(values)
        case .blobs(var values):
            self = .integers([])
            values.append(nil)
            self = .blobs(values)
        }
    }
}
