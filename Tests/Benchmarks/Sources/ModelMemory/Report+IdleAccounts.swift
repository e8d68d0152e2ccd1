import BillingModel
import CAllocations
import Measuring
import ModelWorkloads

extension Report {
    /// Weighs accounts that are in memory and that nobody asks anything of.
    mutating func weighIdleAccounts(_ number: Int) throws {
        var table = Table(
            "Bytes per idle account, of \(Double(number).wholeText)",
            columns: ["", "allocated", "of it in the array", "resident"]
        )
        guard allocations_are_known() else {
            table.add(["not weighed: this needs glibc", "-", "-", "-"])
            return show(table)
        }
        let catalog = try ModelFixture.catalog()
        // Kept until the end, so that no accounts are built in the memory of those before.
        let one = try weigh("one meter, used once", number, into: &table) { index in
            var customer = CustomerLife(index, in: catalog)
            try customer.consume()
            return customer.account
        }
        let three = try weigh("three meters, each used once, and a subscription", number, into: &table) { index in
            var customer = CustomerLife(index, in: catalog)
            try customer.subscribe(index)
            for meter in catalog.meters { try customer.consume(meter.id) }
            return customer.account
        }
        guard (one + three).allSatisfy({ !$0.isNew }) else { throw Failure("An account has had no change.") }
        show(table)
    }

    private func weigh(
        _ name: String,
        _ number: Int,
        into table: inout Table,
        _ make: (Int) throws -> Account
    ) throws -> [Account] {
        let before = MemoryUse.now()
        var accounts: [Account] = []
        accounts.reserveCapacity(number)
        for index in 0..<number { accounts.append(try make(index)) }
        let after = MemoryUse.now()
        table.add([
            name,
            (Double(after.allocated - before.allocated) / Double(number)).wholeText,
            Double(MemoryLayout<Account>.stride).wholeText,
            (Double(after.resident - before.resident) / Double(number)).wholeText,
        ])
        return accounts
    }
}
