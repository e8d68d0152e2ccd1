#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import Synchronization
import Testing

/// Host's transactions that meet others on an account.
@Suite(.enabled(if: Server.connection != nil, "There is no PostgreSQL to try."))
struct HostConflictTests {
    private typealias Shop = HostTransactionTests.Shop
    private static let documents = HostTransactionTests.documents
    private static let org = HostTransactionTests.org

    private func isConsumed(_ answer: BillingSystem.Consumption) -> Bool {
        if case .consumed = answer { true } else { false }
    }

    private func code(_ body: () async throws -> some Sendable) async -> StoreError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? StoreError)?.code
        }
    }

    @Test func `a command of the billing system waits for the host's transaction, and sees what it did`() async throws {
        try await HostTransactionTests.withShop { shop in
            #expect(isConsumed(try await shop.billing.consume(of: Self.documents, for: Self.org, key: .job("0"))))
            try await shop.host.execute("BEGIN")
            #expect(isConsumed(try await shop.submit("1", units: 9)))
            async let late = shop.billing.consume(of: Self.documents, for: Self.org, key: .job("2"))
            try await shop.schema.waitUntilLocked(try shop.schema.connect())
            try await shop.host.execute("COMMIT")
            #expect(!isConsumed(try await late), "the last units went to the transaction")
            try await shop.audit()
        }
    }

    @Test func `the account is locked before it is read, so that a refusal too is of what others have committed`()
        async throws
    {
        try await HostTransactionTests.withShop { shop in
            _ = try await shop.billing.consume(of: Self.documents, for: Self.org, key: .job("0"))
            let other = try shop.schema.connect()
            try await other.execute("BEGIN")
            _ = try await shop.billing.transaction(on: other)
                .grant(5, of: .meter(Self.documents), to: Self.org, from: .promotion, key: .request("gift"))
            try await shop.host.execute("BEGIN")
            async let late = shop.submit("1", units: 14)
            try await shop.schema.waitUntilLocked(try shop.schema.connect())
            try await other.execute("COMMIT")
            #expect(isConsumed(try await late), "with what the other has given")
            try await shop.host.execute("COMMIT")
            #expect(try await shop.jobs() == ["1"])
            try await shop.audit()
        }
    }

    @Test func `of two transactions that make an account, the second goes on from the first`() async throws {
        try await HostTransactionTests.withShop { shop in
            let other = try shop.schema.connect()
            try await other.execute("BEGIN")
            #expect(isConsumed(try await shop.submit("1", units: 6, other)))
            try await shop.host.execute("BEGIN")
            async let late = shop.submit("2", units: 4)
            try await shop.schema.waitUntilLocked(try shop.schema.connect())
            try await other.execute("COMMIT")
            #expect(isConsumed(try await late))
            try await shop.host.execute("COMMIT")
            #expect(try await shop.journal().map(\.key) == ["job:1", "job:2"])
            #expect(try await shop.jobs() == ["1", "2"])
            try await shop.audit()
        }
    }

    /// A host's connection, on which something else happens after it has been asked for the first time.
    private struct InterruptedConnection: SQLConnection {
        let base: HandConnection
        let counts = Counts()
        /// What happens after the kit has asked so many times.
        let moment: Int
        let happening: @Sendable () async throws -> Void

        final class Counts: Sendable {
            let runs = Mutex(0)
        }

        func run(_ steps: [SQLStep]) async throws(StoreError) -> [SQLRows] {
            let rows = try await base.run(steps)
            let runs = counts.runs.withLock { runs in
                runs += 1
                return runs
            }
            if runs == moment {
                do { try await happening() } catch { throw StoreError(.corrupt, "\(error)") }
            }
            return rows
        }
    }

    @Test func `an account that another server makes after nobody had it is begun with anew, and locked`() async throws
    {
        try await HostTransactionTests.withShop { shop in
            let connection = InterruptedConnection(base: shop.host, moment: 2) {
                // After the savepoint, and after nobody was found to be locked.
                _ = try await shop.billing.consume(4, of: Self.documents, for: Self.org, key: .job("0"))
            }
            try await shop.host.execute("BEGIN")
            let transaction = try shop.billing.transaction(on: connection)
            // A refusal writes nothing, and is of what nobody can change until the transaction ends.
            guard
                case .denied(let denial) = try await transaction.consume(
                    7,
                    of: Self.documents,
                    for: Self.org,
                    key: .job("1")
                )
            else {
                Issue.record("7 of 6 units were used")
                return
            }
            #expect(denial.remaining == 6)
            let other = try shop.schema.connect()
            let free = "SELECT customer FROM billing_accounts FOR UPDATE SKIP LOCKED"
            #expect(try await other.execute(free) == [])
            try await shop.host.execute("COMMIT")
            #expect(try await other.execute(free) == [[.text("\(Self.org)")]])
            try await shop.audit()
        }
    }

    @Test(arguments: ["REPEATABLE READ", "SERIALIZABLE"], [true, false])
    func `a transaction that cannot be put in an order fails as such, and succeeds when it is run again`(
        isolation: String,
        isAccountThere: Bool
    ) async throws {
        try await HostTransactionTests.withShop { shop in
            if isAccountThere {
                _ = try await shop.billing.consume(of: Self.documents, for: Self.org, key: .job("0"))
            }
            try await shop.host.execute("BEGIN ISOLATION LEVEL \(isolation)")
            // From here on it sees the database as it is now.
            try await shop.host.execute("SELECT count(*) FROM billing_accounts")
            _ = try await shop.billing.consume(3, of: Self.documents, for: Self.org, key: .job("1"))
            #expect(await code { try await shop.submit("2") } == .serialization)
            try await shop.host.execute("ROLLBACK")
            #expect(try await shop.jobs() == [])
            try await shop.host.execute("BEGIN ISOLATION LEVEL \(isolation)")
            #expect(isConsumed(try await shop.submit("2")))
            try await shop.host.execute("COMMIT")
            #expect(try await shop.jobs() == ["2"])
            try await shop.audit()
        }
    }

    @Test func `of two transactions that wait for each other one is told so`() async throws {
        try await HostTransactionTests.withShop { shop in
            for customer in [Self.org, "org_b"] {
                _ = try await shop.billing.consume(of: Self.documents, for: customer, key: .job("0"))
            }
            let other = try shop.schema.connect()
            try await shop.host.execute("BEGIN")
            try await other.execute("BEGIN")
            #expect(isConsumed(try await shop.submit("1")))
            #expect(isConsumed(try await shop.submit("2", of: "org_b", other)))
            // What one has locked stays so until it is rolled back.
            let codes = await withTaskGroup(of: StoreError.Code?.self) { group in
                group.addTask {
                    let code = await self.code { try await shop.submit("3", of: "org_b") }
                    _ = try? await shop.host.execute(code == nil ? "COMMIT" : "ROLLBACK")
                    return code
                }
                group.addTask {
                    let code = await self.code { try await shop.submit("4", other) }
                    _ = try? await other.execute(code == nil ? "COMMIT" : "ROLLBACK")
                    return code
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.contains(.deadlock), "\(codes)")
            #expect(codes.contains(nil), "\(codes)")
            try await shop.audit()
        }
    }

    @Test func `a connection that breaks takes both with it`() async throws {
        try await HostTransactionTests.withShop { shop in
            let broken = try shop.schema.connect()
            let process = try await broken.execute("SELECT pg_backend_pid()")
            guard case .integer(let id) = process[0][0] else {
                Issue.record("\(process)")
                return
            }
            try await broken.execute("BEGIN")
            #expect(isConsumed(try await shop.submit("1", broken)))
            try await shop.host.execute("SELECT pg_terminate_backend($1::int)", ["\(id)"])
            #expect(await code { try await shop.submit("2", broken) } == .connectionLost)
            #expect(try await shop.jobs() == [])
            #expect(try await shop.journal().isEmpty)
        }
    }

    @Test func `16 callers, in transactions and plainly, get exactly the allowance`() async throws {
        try await HostTransactionTests.withShop(allowance: 50) { shop in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<16 {
                    let host = caller < 4 ? try shop.schema.connect() : nil
                    group.addTask {
                        for number in 0..<(host == nil ? 4 : 8) {
                            let id = "\(caller).\(number)"
                            guard let host else {
                                _ = try await shop.billing.consume(of: Self.documents, for: Self.org, key: .job(id))
                                continue
                            }
                            try await host.execute("BEGIN")
                            let answer = try await shop.submit(id, host)
                            try await host.execute(self.isConsumed(answer) ? "COMMIT" : "ROLLBACK")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let keys = try await shop.journal().filter { $0.kind == .consume }.compactMap(\.key?.rawValue)
            #expect(keys.count == 50)
            let inside = keys.map { String($0.dropFirst(4)) }.filter {
                Int($0.prefix { $0 != "." }).map { $0 < 4 } ?? false
            }
            #expect(try await shop.jobs() == inside.sorted(), "a row for each")
            #expect(!inside.isEmpty)
            try await shop.audit()
        }
    }
}
#endif
