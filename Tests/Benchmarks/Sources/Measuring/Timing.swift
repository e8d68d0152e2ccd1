/// How long a workload took, round by round.
package struct Timing: Encodable {
    /// What was measured.
    package let name: String

    /// The operations of each round.
    package let operations: Int

    /// The nanoseconds per operation of each round.
    package private(set) var rounds: [Double] = []

    init(name: String, operations: Int) {
        self.name = name
        self.operations = operations
    }

    mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        rounds.append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(operations))
    }

    /// The quickest round's nanoseconds per operation: what is left when nothing else wants the machine.
    package var best: Double { rounds.min() ?? .nan }

    /// The middle round's nanoseconds per operation.
    package var median: Double { Self.median(of: rounds) }

    /// Returns how many times as long this took as another workload of the same rounds.
    ///
    /// Each round is compared with itself and the middle of that is taken: so a machine that is slow for a while is
    /// slow for both.
    package func ratio(to other: Timing) -> Double {
        Self.median(of: zip(rounds, other.rounds).map { $0 / $1 })
    }

    private static func median(of values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
