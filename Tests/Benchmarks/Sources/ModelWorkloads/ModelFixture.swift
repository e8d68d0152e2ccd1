package import BillingModel

/// The catalog, the instants and the names of the model's benchmarks.
package enum ModelFixture {
    /// Units enough for any number of rounds.
    package static let plenty: Int64 = 1_000_000_000_000

    /// 1 January 2026; the first period ends a month later, long after the last command.
    package static let opening = Timestamp(seconds: 1_767_225_600)

    /// Two tiers with three meters.
    package static func catalog() throws -> Catalog {
        let meters = [
            Meter(.jobDescriptions, name: "Job descriptions"),
            Meter(.candidateSearches, name: "Candidate searches"),
            Meter(.interviewGuides, name: "Interview guides"),
        ]
        func allowances(_ units: Int64) -> [Meter.ID: Allowance] {
            Dictionary(uniqueKeysWithValues: meters.map { ($0.id, .limited(units, per: .month)) })
        }
        return try Catalog(
            version: 1,
            meters: meters,
            tiers: [
                Tier(.free, rank: 0, name: "Free", allowances: allowances(plenty)),
                Tier(.pro, rank: 1, name: "Professional", allowances: allowances(2 * plenty)),
            ],
            fallback: .free
        )
    }

    /// Returns the instant that lies a number of days after the opening.
    package static func day(_ number: Int64) -> Timestamp {
        opening.advanced(by: .seconds(number * 86_400))
    }

    /// Returns a customer's id, of 30 bytes.
    package static func customer(_ number: Int) -> CustomerID {
        CustomerID("org_\(digits(of: number))")
    }

    /// Returns a key, of 30 bytes.
    package static func key(_ number: Int) -> String {
        "job:\(digits(of: number))"
    }

    /// Returns what a provider would call something: a prefix and 26 characters, as a ULID has.
    package static func name(_ prefix: String, _ number: Int) -> String {
        "\(prefix)_\(digits(of: number))"
    }

    /// 26 characters that begin alike and end apart.
    private static func digits(of number: Int) -> String {
        let text = String(number, radix: 32, uppercase: true)
        return "01KDW9Q2Z0" + String(repeating: "0", count: 16 - text.count) + text
    }
}
