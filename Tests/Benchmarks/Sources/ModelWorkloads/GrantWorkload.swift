package import BillingModel
import Measuring

/// Givings of one more grant to a customer who has many.
package struct GrantWorkload: Workload {
    package let name: String
    package let operations: Int

    private let catalog: Catalog
    private let beginning: CustomerLife
    private var account: Account
    private var microseconds: Int64 = 0
    private var commands: [Account.Command] = []
    private var keys = 0

    /// Creates givings to a customer; each run begins where the first did.
    package init(_ name: String, to customer: CustomerLife, in catalog: Catalog, operations: Int) {
        self.name = name
        self.catalog = catalog
        self.operations = operations
        beginning = customer
        account = customer.account
    }

    package mutating func prepare() throws {
        commands = (0..<operations).map { _ in nextCommand() }
        account = beginning.account
        microseconds = beginning.now.microseconds
        // For the copying, as with the uses.
        try apply(nextCommand())
    }

    package mutating func run() throws {
        for command in commands { try apply(command) }
    }

    private mutating func apply(_ command: Account.Command) throws {
        microseconds += 10
        let decision = try account.decide(command, at: Timestamp(microseconds: microseconds), in: catalog)
        guard case .granted = decision.answer, let change = decision.change, account.apply(change) else {
            throw Failure("'\(name)': a giving was answered with \(decision.answer).")
        }
    }

    private mutating func nextCommand() -> Account.Command {
        keys += 1
        let granting = Account.Command.Granting(
            100,
            of: .meter(.jobDescriptions),
            from: .promotion,
            expiry: ModelFixture.day(40 + Int64(keys % 300))
        )
        return Account.Command(.grant(granting), key: Account.Key(ModelFixture.key(2_000_000_000 + keys)))
    }
}
