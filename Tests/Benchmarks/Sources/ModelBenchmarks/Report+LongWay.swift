import BillingModel
import Measuring
import ModelWorkloads

extension Report {
    /// Measures where the number of live grants may show.
    mutating func measureLongWay(rounds: Int) throws {
        let catalog = try ModelFixture.catalog()
        let operations = 50
        let sizes = [1, 100, 9_900]
        let ways = try sizes.map { try longWays(besides: $0, in: catalog, operations: operations) }
        let timings = try Race(rounds: rounds).run(ways.flatMap(\.self))
        keep(timings)

        var table = Table(
            "What may take longer the more live grants there are, \(rounds) rounds of \(operations)",
            columns: [""] + sizes.flatMap { ["besides \(Double($0).wholeText)", "best"] }
        )
        let count = timings.count / sizes.count
        for way in 0..<count {
            let line = sizes.indices.map { timings[way + $0 * count] }
            table.add([line[0].name] + line.flatMap { [$0.median.text, $0.best.text] })
        }
        show(table)
    }

    /// Returns what may take longer the more grants there are.
    ///
    /// The small grants suffice for one run. With them there are at most 10,000 in all.
    private func longWays(besides grants: Int, in catalog: Catalog, operations: Int) throws -> [any Workload] {
        var plain = CustomerLife(in: catalog)
        try plain.consume()
        var later = plain
        try later.givePromotionsForLater(grants)
        try plain.givePromotions(grants)
        var small = plain
        try small.giveSmallPromotions(operations * 3 / 2 + 2)
        return [
            ConsumeWorkload(
                "using 1 unit; the others come first and start later",
                by: later,
                in: catalog,
                operations: operations
            ),
            ConsumeWorkload(
                "using 3 units, from two grants",
                by: small,
                in: catalog,
                units: 3,
                operations: operations,
                startsAnew: true
            ),
            GrantWorkload("giving a grant", to: plain, in: catalog, operations: operations),
        ]
    }
}
