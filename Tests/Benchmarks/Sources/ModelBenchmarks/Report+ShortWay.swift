import BillingModel
import Measuring
import ModelWorkloads

extension Report {
    /// Measures what every request pays for: a use of units where nothing is due.
    mutating func measureShortWay(rounds: Int) throws {
        let catalog = try ModelFixture.catalog()
        let operations = 2_000
        func workload(
            _ name: String,
            startsAnew: Bool = false,
            _ live: (inout CustomerLife) throws -> Void
        ) throws -> ConsumeWorkload {
            var customer = CustomerLife(in: catalog)
            try live(&customer)
            return ConsumeWorkload(name, by: customer, in: catalog, operations: operations, startsAnew: startsAnew)
        }
        func withPromotions(_ number: Int, _ name: String) throws -> ConsumeWorkload {
            try workload(name) { customer in
                try customer.consume()
                try customer.givePromotions(number)
                try customer.verify(liveGrants: 1 + number)
            }
        }
        // Each round begins anew, or the uses of the rounds themselves would be most of the history.
        func withHistory(_ name: String, _ live: (inout CustomerLife) throws -> Void) throws -> ConsumeWorkload {
            try workload(name, startsAnew: true) { customer in
                try live(&customer)
                try customer.verify(liveGrants: 1)
            }
        }
        let workloads: [any Workload] = [
            FloorWorkload(operations: operations),
            try withPromotions(0, "1 live grant"),
            try withPromotions(9, "10 live grants"),
            try withPromotions(99, "100 live grants"),
            try withPromotions(9_999, "10,000 live grants"),
            try withHistory("1 use before") { try $0.consume() },
            try withHistory("1,000 uses before") { try $0.consume(times: 1_000) },
            try withHistory("100,000 uses before") { try $0.consume(times: 100_000) },
            try withHistory("10,000 grants used up before") { try $0.finishPromotions(10_000) },
        ]
        let timings = try Race(rounds: rounds).run(workloads)
        keep(timings)

        let (floor, one) = (timings[0], timings[1])
        var table = Table(
            "Using 1 unit, \(rounds) rounds of \(operations)",
            columns: ["", "median", "best", "x 1 grant", "x floor"]
        )
        for timing in timings {
            table.add([
                timing.name,
                timing.median.text,
                timing.best.text,
                timing.ratio(to: one).text,
                timing.ratio(to: floor).text,
            ])
        }
        show(table)
    }
}
