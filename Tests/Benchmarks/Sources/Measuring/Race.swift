/// Workloads that take turns, so that all of them meet the same machine.
package struct Race {
    /// The number of rounds that count.
    package let rounds: Int

    /// Creates a race of a number of rounds, 1 or more.
    package init(rounds: Int) {
        self.rounds = max(1, rounds)
    }

    /// Runs each workload once per round, and returns their times in the order of the workloads.
    ///
    /// The first round fills caches and makes what was shared unique; it does not count. Each round begins with
    /// another workload, so that none always follows the same one.
    package func run(_ workloads: [any Workload]) throws -> [Timing] {
        var workloads = workloads
        var timings = workloads.map { Timing(name: $0.name, operations: $0.operations) }
        let clock = ContinuousClock()
        for round in 0...rounds {
            for turn in workloads.indices {
                let index = (turn + round) % workloads.count
                try workloads[index].prepare()
                let start = clock.now
                try workloads[index].run()
                let end = clock.now
                if round > 0 { timings[index].add(start.duration(to: end)) }
            }
        }
        return timings
    }
}
