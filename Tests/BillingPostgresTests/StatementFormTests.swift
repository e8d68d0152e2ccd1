#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Testing

/// What is the same in all rows of a group goes to the server as one value: what comes back must be the same.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct StatementFormTests {
    private static let documents = Meter.ID("documents")

    /// What differs between the customers of a group.
    private struct Difference: OptionSet {
        let rawValue: Int
        static let amounts = Difference(rawValue: 1)
        static let instants = Difference(rawValue: 2)
        static let members = Difference(rawValue: 4)
        static let someMembers = Difference(rawValue: 8)
    }

    private static func makeCatalog() throws -> Catalog {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(1_000, per: .month)])
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    /// Uses of each of some accounts, one after the other.
    private static func uses(
        of accounts: inout [Account],
        _ difference: Difference,
        round: Int,
        in catalog: Catalog
    ) throws -> [CommitRequest.Item] {
        let last = accounts.count - 1
        return try accounts.indices.map { index in
            // The last one is as the first, so that a look at both ends tells nothing.
            let number = index == last ? 0 : index
            let isMember = difference.contains(.members) || difference.contains(.someMembers) && number % 3 > 0
            let command = Account.Command(
                .consume(.init(meter: documents, amount: difference.contains(.amounts) ? Int64(1 + number % 5) : 1)),
                key: Account.Key("round-\(round)"),
                member: isMember ? MemberID("member-\(number)") : nil
            )
            let seconds = 1_796_115_600 + Int64(round) * 60 + (difference.contains(.instants) ? Int64(number) : 0)
            let decision = try accounts[index].decide(
                command,
                facts: Account.Facts(),
                at: Timestamp(seconds: seconds),
                in: catalog
            )
            let change = try #require(decision.change)
            accounts[index].apply(change)
            return CommitRequest.Item(
                account: accounts[index],
                changes: [change],
                dueAt: accounts[index].dueAt(in: catalog)
            )
        }
    }

    @Test(arguments: [2, 40])
    func `what many rows have in common is written of each of them`(count: Int) async throws {
        let catalog = try Self.makeCatalog()
        try await PostgresServer.withSchema { schema in
            var settings = schema.settings()
            // One, so that all forms are those of one connection, and more than it keeps.
            settings.connectionCount = 1
            try await schema.withStore(settings) { store in
                var accounts = (0..<count).map { Account(customer: CustomerID("org_\($0)")) }
                var written: [CustomerID: [Account.Change]] = [:]
                for round in 0..<32 {
                    let difference = Difference(rawValue: round * 7 % 16)
                    let items = try Self.uses(of: &accounts, difference, round: round, in: catalog)
                    for item in items { written[item.account.customer, default: []] += item.changes }
                    let outcomes = try await store.commit(CommitRequest(items: items))
                    #expect(outcomes.allSatisfy { $0 == .committed }, "round \(round): \(outcomes)")
                }
                let items = accounts.map { LoadRequest.Item(customer: $0.customer) }
                #expect(try await store.load(LoadRequest(items: items)).map(\.account) == accounts)
                for account in accounts {
                    let journal = try await store.journal(JournalQuery(customer: account.customer))
                    #expect(journal == written[account.customer])
                }
                #expect(try await store.checkIntegrity() == [])
            }
        }
    }
}
#endif
