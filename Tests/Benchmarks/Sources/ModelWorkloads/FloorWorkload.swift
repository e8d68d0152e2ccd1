import BillingModel
import Measuring

/// Uses of units at the counter written by hand.
package struct FloorWorkload: Workload {
    package let name = "floor: a counter by hand"
    package let operations: Int

    private var counter = HandWrittenCounter(remaining: ModelFixture.plenty)
    private var microseconds = ModelFixture.opening.microseconds
    private var keys: [String] = []
    private var made = 0

    /// Creates uses of one unit each.
    package init(operations: Int) {
        self.operations = operations
    }

    package mutating func prepare() {
        keys = (0..<operations).map { ModelFixture.key(made + $0) }
        made += operations
    }

    package mutating func run() throws {
        for key in keys {
            microseconds += 10
            guard let record = counter.consume(1, key: key, at: microseconds), record.microseconds == microseconds
            else {
                throw Failure("The counter is used up.")
            }
        }
    }
}
