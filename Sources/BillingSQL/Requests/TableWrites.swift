import BillingKit

/// What a commit does to one table: rows that go, then rows that come.
struct TableWrites {
    /// What becomes of a row whose key is there already.
    enum Mode {
        /// There is none.
        case insert
        /// It is replaced.
        case replace
    }

    private let table: SQLTable
    private let mode: Mode
    private let removalColumns: [String]
    private var removals: [[SQLValue]] = []
    private var rows: [[SQLValue]] = []

    init(_ table: SQLTable, _ mode: Mode, removingBy removalColumns: [String] = []) {
        self.table = table
        self.mode = mode
        self.removalColumns = removalColumns
    }

    static func += (writes: inout TableWrites, rows: [[SQLValue]]) {
        writes.rows += rows
    }

    /// Removes the rows with given values in the columns that rows are removed by.
    mutating func remove(_ rows: [[SQLValue]]) {
        removals += rows
    }

    /// The steps; none where nothing is done.
    var steps: [SQLStep] {
        var steps: [SQLStep] = []
        if !removals.isEmpty { steps.append(table.removalStep(by: removalColumns, rows: removals)) }
        if !rows.isEmpty { steps.append(table.step(mode == .insert ? table.insertion : table.replacement, rows: rows)) }
        return steps
    }
}
