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
    private var removals: SQLRowList?
    /// The rows that come.
    var rows: SQLRowList
    /// The rows that are there and become these.
    var updates: SQLRowList

    init(_ table: SQLTable, _ mode: Mode, removingBy removalColumns: [String] = []) {
        self.table = table
        self.mode = mode
        self.removalColumns = removalColumns
        rows = SQLRowList(table.kinds)
        updates = SQLRowList(table.updatedKinds)
    }

    static func += (writes: inout TableWrites, rows: [[SQLValue]]) {
        for row in rows { writes.rows.add(row) }
    }

    /// Removes the rows with given values in the columns that rows are removed by.
    mutating func remove(_ rows: [[SQLValue]]) {
        guard !rows.isEmpty else { return }
        var removals = self.removals.take() ?? SQLRowList(table.kinds(of: removalColumns))
        for row in rows { removals.add(row) }
        self.removals = removals
    }

    /// The steps but for ``updateStep``; none where nothing is done.
    var steps: [SQLStep] {
        var steps: [SQLStep] = []
        if let removals {
            steps.append(SQLStep(table.removal(by: removalColumns), removals.columns))
        }
        if !rows.isEmpty {
            steps.append(SQLStep(mode == .insert ? table.insertion : table.replacement, rows.columns))
        }
        return steps
    }

    /// The step that changes the rows that are there; `nil` where there are none.
    ///
    /// Whoever runs it counts them, where the database does not.
    var updateStep: SQLStep? { updates.isEmpty ? nil : SQLStep(table.keptUpdate, updates.columns) }
}
