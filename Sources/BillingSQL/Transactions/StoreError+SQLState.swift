public import BillingKit

extension StoreError {
    /// Sorts an error of PostgreSQL's into the kit's.
    ///
    /// For a driver of the host's own; `serialization` and `deadlock` are what its transactions are run again for.
    ///
    /// - Parameters:
    ///   - state: PostgreSQL's code of five characters (`SQLSTATE`), such as `40001`; the first two are its class.
    ///   - reason: What PostgreSQL says, without any value of a row.
    public init(sqlState state: String, _ reason: String) {
        self =
            switch state {
            case "23505": StoreError(.unique, "Something that must be unique is there already. \(reason)")
            // A division by zero: the kit makes it on purpose where an account cannot be written.
            case "22012": StoreError(.unique, "An account is locked, or at another revision. \(reason)")
            // A number beyond the greatest: the kit makes one on purpose where a row is lost.
            case "22003":
                StoreError(.corrupt, "A balance that was used is not there, or a number is too large. \(reason)")
            case "40001": StoreError(.serialization, "The transaction cannot be put in an order with others. \(reason)")
            case "40P01": StoreError(.deadlock, "Two transactions waited for each other. \(reason)")
            case "40003": StoreError(.outcomeUnknown, "PostgreSQL does not know whether it has written. \(reason)")
            case "55P03":
                StoreError(
                    .lockTimeout,
                    "Another transaction has locked what this one needs; end it and try again. \(reason)"
                )
            case "57014": StoreError(.busy, "PostgreSQL ended a statement that took too long; try again. \(reason)")
            case "53100", "53200", "53400":
                StoreError(.full, "PostgreSQL has no room left; make some and try again. \(reason)")
            case "53300": StoreError(.busy, "PostgreSQL has no connection left; give it more, or use fewer. \(reason)")
            // The server goes down, has gone, or has become one that only reads: another connection may find a better one.
            case "57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "25006":
                StoreError(.connectionLost, "PostgreSQL ended the connection. \(reason)")
            case "26000", "42P05":
                StoreError(
                    .connectionLost,
                    "A prepared statement is not the connection's; is there a transaction pooler on the way? \(reason)"
                )
            case "42501", "28000", "28P01", "3D000", "3F000":
                StoreError(.cannotOpen, "PostgreSQL refuses the user, the database or the schema. \(reason)")
            default:
                StoreError(
                    state.hasPrefix("08") ? .connectionLost : state.hasPrefix("53") ? .full : .corrupt,
                    "PostgreSQL failed. \(reason)"
                )
            }
    }
}
