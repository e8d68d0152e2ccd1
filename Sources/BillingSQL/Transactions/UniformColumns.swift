/// The columns of a step that have the same value in all its rows.
///
/// A group of uses has few columns in which its rows differ. PostgreSQL reads a parameter that is one value much faster
/// than an array of as many as there are rows.
package struct UniformColumns: Hashable, Sendable {
    private var bits: UInt64 = 0

    /// None.
    package init() {}

    /// Finds those of a step.
    ///
    /// One column at least is left out, because something has to say how many rows there are.
    package init(of step: SQLStep) {
        guard step.statement.isForRows, step.columns.count <= UInt64.bitWidth else { return }
        for (index, column) in step.columns.enumerated() where column.isUniform { bits |= 1 << UInt64(index) }
        if count == step.columns.count { bits &= ~1 }
    }

    /// How many there are.
    package var count: Int { bits.nonzeroBitCount }

    /// Returns whether a column is one of them.
    package func contains(_ index: Int) -> Bool {
        bits >> UInt64(index) & 1 == 1
    }

    /// Returns whether all of them are among others.
    package func isSubset(of other: UniformColumns) -> Bool {
        bits & ~other.bits == 0
    }
}

extension SQLStatement {
    /// Whether rows are bound as arrays in a database that takes them all at once, so that a column of them may be bound
    /// otherwise.
    fileprivate var isForRows: Bool {
        switch shape {
        case .plain, .once: false
        case .question, .insertion, .update, .updateOfAll, .removal: true
        }
    }
}

extension SQLColumn {
    fileprivate var isUniform: Bool {
        switch self {
        case .integers(let values): Self.isUniform(values)
        case .texts(let values): Self.isUniform(values)
        case .blobs(let values): Self.isUniform(values)
        }
    }

    private static func isUniform<Value: Equatable>(_ values: [Value?]) -> Bool {
        guard let first = values.first else { return false }
        // The last differs from the first more often than the second does.
        return values.last == first && values.allSatisfy { $0 == first }
    }
}
