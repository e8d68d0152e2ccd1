package import BillingModel
import Measuring

/// Uses of units, decided and applied one after the other.
package struct ConsumeWorkload: Workload {
    package let name: String
    package let operations: Int

    private let catalog: Catalog
    private let units: Int64
    private let beginning: CustomerLife
    private let startsAnew: Bool
    private var account: Account
    private var microseconds: Int64
    private var commands: [Account.Command] = []
    private var keys = 0

    /// Creates uses of units by a customer.
    ///
    /// - Parameters:
    ///   - name: What a table calls it.
    ///   - customer: Where the first run begins.
    ///   - catalog: The catalog.
    ///   - units: The units of one use.
    ///   - operations: The uses of one run.
    ///   - startsAnew: Whether each run begins where the first did, because it uses something up.
    package init(
        _ name: String,
        by customer: CustomerLife,
        in catalog: Catalog,
        units: Int64 = 1,
        operations: Int,
        startsAnew: Bool = false
    ) {
        self.name = name
        self.catalog = catalog
        self.units = units
        self.operations = operations
        self.startsAnew = startsAnew
        beginning = customer
        account = customer.account
        microseconds = customer.now.microseconds
    }

    package mutating func prepare() throws {
        commands = []
        commands.reserveCapacity(operations)
        for _ in 0..<operations { commands.append(nextCommand(units)) }
        guard startsAnew else { return }
        account = beginning.account
        microseconds = beginning.now.microseconds
        // The first change of a copy pays for the copying, which is nothing that a server's account ever does.
        try apply(nextCommand(1))
    }

    package mutating func run() throws {
        // Through a span, which lends each command instead of copying it.
        let waiting = commands
        let lent = waiting.span
        for index in lent.indices { try apply(lent[index]) }
    }

    @inline(__always)
    private mutating func apply(_ command: borrowing Account.Command) throws {
        microseconds += 10
        let decision = try account.decide(command, at: Timestamp(microseconds: microseconds), in: catalog)
        // Only what is applied has a change: to look at the answer would copy it.
        guard let change = decision.change, account.apply(change) else {
            throw Failure("'\(name)': a use was answered with \(decision.answer).")
        }
    }

    private mutating func nextCommand(_ units: Int64) -> Account.Command {
        keys += 1
        // Apart from the keys of the customer's life until here.
        let key = Account.Key(ModelFixture.key(1_000_000_000 + keys))
        return Account.Command(.consume(.init(meter: .jobDescriptions, amount: units)), key: key)
    }
}
