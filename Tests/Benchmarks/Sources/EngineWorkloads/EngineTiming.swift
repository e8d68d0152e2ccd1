/// How a load went.
package struct EngineTiming: Sendable {
    /// Units counted per second.
    package let rate: Double
    /// The middle latency, in microseconds.
    package let median: Double
    /// The latency that 99 of 100 requests stayed within, in microseconds.
    package let p99: Double

    /// Sums up latencies, given in microseconds.
    package init(units: Int, elapsed: Duration, latencies: [UInt32]) {
        let (seconds, attoseconds) = elapsed.components
        rate = Double(units) / (Double(seconds) + Double(attoseconds) / 1e18)
        let sorted = latencies.sorted()
        median = sorted.isEmpty ? .nan : Double(sorted[sorted.count / 2])
        p99 = sorted.isEmpty ? .nan : Double(sorted[sorted.count * 99 / 100])
    }
}

extension [Double] {
    /// The middle value.
    package var middle: Double {
        isEmpty ? .nan : sorted()[count / 2]
    }
}
