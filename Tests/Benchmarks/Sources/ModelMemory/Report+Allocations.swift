import BillingModel
import CAllocations
import Measuring
import ModelWorkloads

extension Report {
    /// Counts what one use of units allocates.
    mutating func countAllocations() throws {
        var table = Table("Allocations per operation", columns: ["", "allocations", "bytes asked"])
        guard allocations_are_known() else {
            table.add(["not counted: this needs glibc", "-", "-"])
            return show(table)
        }
        let catalog = try ModelFixture.catalog()
        let operations = 10_000
        var plain = CustomerLife(in: catalog)
        try plain.consume()
        var rich = plain
        try rich.givePromotions(9_999)
        var subscribed = CustomerLife(in: catalog)
        try subscribed.subscribe(1)
        try subscribed.consume()
        let workloads: [any Workload] = [
            FloorWorkload(operations: operations),
            ConsumeWorkload("using 1 unit, 1 live grant", by: plain, in: catalog, operations: operations),
            ConsumeWorkload("using 1 unit, with a subscription", by: subscribed, in: catalog, operations: operations),
            ConsumeWorkload("using 1 unit, 10,000 live grants", by: rich, in: catalog, operations: operations),
        ]
        for var workload in workloads {
            // Once for what is allocated the first time alone.
            try workload.prepare()
            try workload.run()
            try workload.prepare()
            let (blocks, bytes) = (allocations_made(), allocations_bytes_asked())
            try workload.run()
            table.add([
                workload.name,
                (Double(allocations_made() - blocks) / Double(operations)).text,
                (Double(allocations_bytes_asked() - bytes) / Double(operations)).text,
            ])
        }
        show(table)
    }
}
