extension Account {
    /// A threshold that a balance has fallen below and not risen above since, of which the host has been told.
    public struct Warning: Hashable, Sendable {
        /// What the balance has fallen to.
        public enum Degree: Hashable, Sendable {
            /// Less than a threshold.
            case low(Catalog.Threshold)
            /// Nothing.
            case exhausted
        }

        /// The balance.
        public let subject: Balance.Subject

        /// What it has fallen to.
        public let degree: Degree

        /// Creates a warning.
        public init(_ subject: Balance.Subject, _ degree: Degree) {
            self.subject = subject
            self.degree = degree
        }
    }
}

extension Account.Warning: Comparable {
    /// Returns whether the first comes before the second: by subject, the mildest first.
    public static func < (left: Self, right: Self) -> Bool {
        left.subject == right.subject
            ? left.degree.place < right.degree.place
            : left.subject < right.subject
    }
}

extension Account.Warning.Degree {
    /// The kinds in a row, within each the greatest number first.
    fileprivate var place: (Int, Int64) {
        switch self {
        case .low(.percent(let percent)): (0, -Int64(percent))
        case .low(.units(let units)): (1, -units)
        case .exhausted: (2, 0)
        }
    }
}
