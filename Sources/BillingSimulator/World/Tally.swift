/// How often each kind of request met each outcome, and how often each thing went wrong.
public struct Tally: Sendable {
    /// The outcomes, by the kind of request.
    public private(set) var outcomes: [String: [String: Int]] = [:]

    /// What went wrong.
    public private(set) var hazards: [Hazard: Int] = [:]

    /// Creates an empty tally.
    public init() {}

    mutating func count(_ kind: String, _ outcome: String) {
        outcomes[kind, default: [:]][outcome, default: 0] += 1
    }

    mutating func count(_ hazard: Hazard) {
        hazards[hazard, default: 0] += 1
    }

    /// Adds what another world's tally counts.
    public mutating func add(_ other: Tally) {
        for (kind, counts) in other.outcomes {
            outcomes[kind, default: [:]].merge(counts, uniquingKeysWith: +)
        }
        hazards.merge(other.hazards, uniquingKeysWith: +)
    }

    /// Returns how many of a hundred requests of a kind met an outcome.
    public func share(_ outcome: String, of kind: String) -> Double {
        let counts = outcomes[kind] ?? [:]
        let all = counts.values.reduce(0, +)
        return all == 0 ? 0 : 100 * Double(counts[outcome] ?? 0) / Double(all)
    }
}

extension Tally: CustomStringConvertible {
    /// The counts, one line for each kind of request and one for what went wrong.
    public var description: String {
        let kinds = outcomes.keys.sorted().map { kind in
            let counts = outcomes[kind] ?? [:]
            let words = counts.keys.sorted().map { "\($0) \(Int(share($0, of: kind).rounded()))%" }
            return "  \(kind) (\(counts.values.reduce(0, +))): \(words.joined(separator: ", "))"
        }
        let faults = Hazard.allCases.map { "\($0.rawValue) \(hazards[$0] ?? 0)" }
        return (kinds + ["  " + faults.joined(separator: ", ")]).joined(separator: "\n")
    }
}
