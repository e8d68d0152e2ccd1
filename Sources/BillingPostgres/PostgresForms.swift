#if Postgres
import BillingSQL

/// The forms that a connection sends statements in: with this or that column as one value for all rows.
///
/// Each form is a statement of its own for the server, which keeps it prepared, so there are few of each. They are found
/// in large groups, where a column of one value is no accident.
struct PostgresForms {
    /// A statement in one of its forms.
    struct Form: Hashable {
        let statement: SQLStatement
        let uniform: UniformColumns
    }

    /// The most forms of one statement, beside that for one row.
    private static let maximumCount = 12
    /// The fewest rows that a form is made for.
    private static let fewestRows = 16
    private var known: [SQLStatement: [UniformColumns]] = [:]

    /// Returns the form to send a step in.
    mutating func form(of step: SQLStep) -> Form {
        let uniform = UniformColumns(of: step)
        guard uniform.count > 0, step.rowCount > 1 else { return Form(statement: step.statement, uniform: uniform) }
        let forms = known[step.statement, default: []]
        let best = forms.lazy.filter { $0.isSubset(of: uniform) }.max { $0.count < $1.count } ?? UniformColumns()
        guard step.rowCount >= Self.fewestRows, forms.count < Self.maximumCount,
            uniform.count > best.count
        else { return Form(statement: step.statement, uniform: best) }
        known[step.statement, default: []].append(uniform)
        return Form(statement: step.statement, uniform: uniform)
    }
}
#endif
