#if Postgres
import BillingInMemory
import BillingKit
import BillingPostgres
import BillingSQL
import Testing
import WebhookSignatures

/// Who pauses for longer than a lease finds out that it has been overtaken, and changes nothing any more.
@Suite(
    .enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try.")
)
struct LateWorkerTests {
    private static let documents = Meter.ID("documents")
    private static let org: CustomerID = "org_acme"
    private static let start = Timestamp(seconds: 1_796_115_600)
    /// When a lease has just ended that began at the start.
    private static let later = start.advanced(by: .seconds(60))

    private static func catalog() throws -> Catalog {
        let free = Tier(Tier.ID("free"), rank: 0, name: "Free", allowances: [documents: .limited(10, per: .month)])
        return try Catalog(
            version: 1,
            meters: [Meter(documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
    }

    /// Runs a test with the store of a worker who may be held up, and that of another one.
    private static func withWorkers(
        _ body: (FaultyProxy, _ late: PostgresStore, _ other: PostgresStore) async throws -> Void
    ) async throws {
        try await PostgresServer.withSchema { schema in
            let proxy = try FaultyProxy(to: schema.connection)
            let late = try await PostgresStore(proxy.connection, schema.settings())
            do {
                try await schema.withStore { try await body(proxy, late, $0) }
            } catch {
                await proxy.close()
                await late.close()
                throw error
            }
            await late.close()
            await proxy.close()
        }
    }

    private static func leaseRequest(at now: Timestamp) -> LeaseRequest {
        LeaseRequest(now: now, until: now.advanced(by: .seconds(60)), limit: 10)
    }

    /// Records a webhook, and returns its lease.
    private static func record(in store: PostgresStore) async throws -> DeliveryLease {
        let (secret, body) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Array("{}".utf8))
        let headers = try WebhookSigner(.standardWebhooks, secrets: [secret])
            .sign(body, id: "one", timestamp: start.seconds)
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [secret])
        let verdict = verifier.verify(body, at: start.seconds, headers: { name in headers[name].map { [$0] } ?? [] })
        guard case .verified(let webhook) = verdict else { throw StoreError(.corrupt, "\(verdict)") }
        let recording = try await store.record(
            RecordDeliveryRequest(webhook, from: "polar", receivedAt: start, leasedUntil: later)
        )
        guard case .leased(let lease) = recording else { throw StoreError(.corrupt, "\(recording)") }
        return lease
    }

    /// Leases the delivery again, once the lease before has ended.
    private static func leaseAgain(in store: PostgresStore) async throws -> DeliveryLease {
        let early = LeaseDeliveriesRequest(provider: "polar", lease: leaseRequest(at: start))
        #expect(try await store.leaseDeliveries(early).isEmpty)
        let request = LeaseDeliveriesRequest(provider: "polar", lease: leaseRequest(at: later))
        return try #require(try await store.leaseDeliveries(request).first)
    }

    /// The change that uses a unit of a customer whom nothing is known of, by which a delivery takes effect.
    private static func effect(of lease: DeliveryLease, amount: Int64, detail: String) throws -> CommitRequest.Item {
        let catalog = try catalog()
        var account = Account(customer: org)
        let command = Account.Command(.consume(.init(meter: documents, amount: amount)), key: "delivery:polar:one")
        let decision = try account.decide(command, facts: Account.Facts(), at: start, in: catalog)
        let change = try #require(decision.change)
        account.apply(change)
        return CommitRequest.Item(
            account: account,
            changes: [change],
            dueAt: nil,
            settlements: [DeliverySettlement(lease: lease, state: .done, detail: detail)]
        )
    }

    @Test func `who pauses for longer than a delivery's lease settles nothing`() async throws {
        try await Self.withWorkers { proxy, late, other in
            let first = try await Self.record(in: late)
            await proxy.spoilNextWrite(.hold)
            let retry = Self.later.advanced(by: .seconds(3_600))
            async let isSettled = late.settle(
                DeliverySettlement(lease: first, state: .failed, detail: "late", retryAt: retry)
            )
            await proxy.waitUntilHeld()
            let second = try await Self.leaseAgain(in: other)
            #expect(second.attempt == 2)
            #expect(try await other.settle(DeliverySettlement(lease: second, state: .done, detail: "applied")))
            await proxy.release()
            #expect(try await isSettled == false)
            let delivery = try #require(try await late.deliveries(DeliveryQuery()).first)
            #expect(delivery.state == .done && delivery.detail == "applied" && delivery.attempts == 2)
        }
    }

    @Test func `who pauses for longer than a delivery's lease does not let it take effect again`() async throws {
        try await Self.withWorkers { proxy, late, other in
            let first = try await Self.record(in: late)
            let item = try Self.effect(of: first, amount: 5, detail: "late")
            await proxy.spoilNextWrite(.hold)
            async let outcomes = late.commit(CommitRequest(items: [item]))
            await proxy.waitUntilHeld()
            let second = try await Self.leaseAgain(in: other)
            let again = try Self.effect(of: second, amount: 3, detail: "applied")
            #expect(try await other.commit(CommitRequest(items: [again])) == [.committed])
            await proxy.release()
            let outcome = try await outcomes
            #expect(outcome != [.committed])
            let delivery = try #require(try await late.deliveries(DeliveryQuery()).first)
            #expect(delivery.state == .done && delivery.detail == "applied" && delivery.attempts == 2)
            let journal = try await late.journal(JournalQuery(customer: Self.org))
            #expect(journal.map(\.receipt?.amount) == [3])
        }
    }

    @Test func `who pauses for longer than a notice's lease settles nothing`() async throws {
        try await Self.withWorkers { proxy, late, other in
            let billing = try await BillingSystem(
                catalog: Self.catalog(),
                store: late,
                clock: ManualClock(at: Self.start)
            )
            _ = try await billing.consume(10, of: Self.documents, for: Self.org, key: .request("all"))
            let first = try await late.leaseNotices(Self.leaseRequest(at: Self.start))
            #expect(!first.isEmpty)
            await proxy.spoilNextWrite(.hold)
            async let settled: Void = late.settle(first.map { NoticeSettlement(lease: $0, outcome: .delivered) })
            await proxy.waitUntilHeld()
            #expect(try await other.leaseNotices(Self.leaseRequest(at: Self.start)).isEmpty)
            let second = try await other.leaseNotices(Self.leaseRequest(at: Self.later))
            #expect(second.map(\.attempt) == first.map { _ in 2 })
            let retry = Self.later.advanced(by: .seconds(3_600))
            try await other.settle(second.map { NoticeSettlement(lease: $0, outcome: .retry(at: retry)) })
            await proxy.release()
            try await settled
            let third = try await late.leaseNotices(Self.leaseRequest(at: retry))
            #expect(third.map(\.attempt) == first.map { _ in 3 }, "they wait to be told again")
        }
    }
}
#endif
