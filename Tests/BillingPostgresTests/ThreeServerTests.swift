#if Postgres
import BillingInMemory
import BillingKit
import BillingPostgres
import BillingSQL
import BillingTesting
import CrashTesting
import HistoryTesting
import SeededTesting
import Testing

/// Three servers share one database, and nobody can tell them from one.
@Suite(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
struct ThreeServerTests {
    private static func withServers<Answer>(
        _ schema: PostgresSchema,
        _ isolation: PostgresSettings.Isolation,
        _ body: (ServerRound) async throws -> Answer
    ) async throws -> Answer {
        var settings = schema.settings(isolation)
        settings.connectionCount = 1
        return try await schema.withStore(settings) { first in
            try await schema.withStore(settings) { second in
                try await schema.withStore(settings) { third in
                    try await body(ServerRound([first, second, third]))
                }
            }
        }
    }

    @Test(arguments: StoreLaw.all, PostgresSettings.Isolation.allCases)
    func `the laws hold where each call is another server's`(
        _ law: StoreLaw,
        _ isolation: PostgresSettings.Isolation
    ) async throws {
        try await PostgresServer.withSchema { schema in
            try await Self.withServers(schema, isolation) { servers in
                try await law.check { servers }
            }
        }
    }

    @Test(arguments: SystemLaw.all, PostgresSettings.Isolation.allCases)
    func `the laws of systems hold where each call is another server's`(
        _ law: SystemLaw,
        _ isolation: PostgresSettings.Isolation
    ) async throws {
        try await PostgresServer.withSchema { schema in
            try await Self.withServers(schema, isolation) { servers in
                try await law.check { servers }
            }
        }
    }

    @Test(arguments: PostgresSettings.Isolation.allCases)
    func `a life that goes from server to server is told the same as in memory`(
        _ isolation: PostgresSettings.Isolation
    ) async throws {
        let seed = SeededGenerator.seed(for: "a life on three servers")
        let memory = InMemoryStore()
        let expected = try await History.live(seed, steps: 200, on: [memory, memory, memory])
        let found = try await PostgresServer.withSchema { schema in
            try await Self.withServers(schema, isolation) { servers in
                try await History.live(seed, steps: 200, on: servers.stores)
            }
        }
        #expect(expected.journal.count > 30, "nothing much happened")
        #expect(expected == found)
    }

    @Test(arguments: PostgresSettings.Isolation.allCases)
    func `three servers that do as they like to one customer keep its books`(
        _ isolation: PostgresSettings.Isolation
    ) async throws {
        let seed = SeededGenerator.seed(for: "three lives of one customer")
        try await PostgresServer.withSchema { schema in
            try await Self.withServers(schema, isolation) { servers in
                let clock = ManualClock(at: SeededLife.start)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (number, store) in servers.stores.enumerated() {
                        let billing = try await BillingSystem(
                            catalog: SeededLife.catalog(),
                            store: store,
                            clock: clock,
                            entropy: SeededEntropy(seed: seed &+ UInt64(number))
                        )
                        group.addTask {
                            // Their keys are the same, and what they ask for is not.
                            var life = SeededLife(seed: seed &+ UInt64(number))
                            for _ in 0..<100 {
                                clock.advance(by: life.pause())
                                do { _ = try await life.act(on: [billing]) } catch is Account.DecisionError {}
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let store = servers.stores[0]
                let audit = try await Audit(
                    of: store,
                    store.checkIntegrity(),
                    customers: [SeededLife.customer],
                    isOfOneMeter: false
                )
                #expect(audit.faults.isEmpty, "\(audit.faults)")
                #expect(audit.keys.count > 30, "nothing much happened")
            }
        }
    }

    @Test(arguments: ["readCommitted", "serializable"])
    func `three processes that are asked the same give the same answers, and do it once`(
        _ isolation: String
    ) async throws {
        try await PostgresServer.withSchema { schema in
            let place = "\(schema.connection) options=-csearch_path=\(schema.name)"
            let (tasks, steps) = (10, 12)
            let arguments = [isolation, place, "\(steps)"] + Array(repeating: "0", count: tasks)
            let told = try await withThrowingTaskGroup(of: CrashProgram.self) { group in
                for _ in 0..<3 {
                    group.addTask { try await CrashProgram.run(arguments, killedAfter: nil) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for program in told {
                #expect(program.complaints.isEmpty, "\(program.complaints)")
                #expect(program.acknowledged.count == tasks * steps)
                #expect(Set(program.acknowledged) == Set(told[0].acknowledged), "the same receipts")
            }
            try await schema.withStore { store in
                let audit = try await Audit(of: store, store.checkIntegrity(), customers: CrashWorker.customers)
                #expect(audit.faults.isEmpty, "\(audit.faults)")
                for step in told[0].acknowledged { #expect(step.isThere(in: audit), "\(step)") }
                #expect(audit.keys == Set(told[0].acknowledged.map(\.key)))
            }
            // By SQL alone: two tasks for each customer, each of which used 1, 2, 3 and 1 twice and gave 3 back twice.
            let raw = try schema.raw()
            #expect(try raw.value("SELECT count(DISTINCT key) FROM billing_journal") == "\(tasks * steps)")
            let sums = """
                SELECT count(*), min(drawn), max(drawn), min(returned), max(returned) FROM (SELECT \
                sum(amount) FILTER (WHERE effect = 'drawn') AS drawn, \
                sum(amount) FILTER (WHERE effect = 'returned') AS returned FROM billing_journal GROUP BY customer) AS sums
                """
            #expect(try raw.run(sums) == [["5", "28", "28", "12", "12"]])
        }
    }
}

/// Three stores of one database, each of which gets every third call.
final class ServerRound: BillingStore {
    let stores: [PostgresStore]
    private let turn = Lock(0)

    init(_ stores: [PostgresStore]) {
        self.stores = stores
    }

    private var next: PostgresStore {
        turn.withLock { turn in
            turn = (turn + 1) % stores.count
            return stores[turn]
        }
    }

    /// Another one as soon as one of them has connected anew.
    var session: Int { stores.reduce(0) { $0 + $1.session } }

    func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        try await next.update(customer, asking: ask, deciding: decide)
    }

    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] { try await next.load(request) }

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] { try await next.commit(request) }

    func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        try await next.accountsDue(request)
    }

    func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        try await next.record(request)
    }

    func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
        try await next.leaseDeliveries(request)
    }

    func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        try await next.leaseDelivery(request)
    }

    func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool { try await next.settle(settlement) }

    func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] { try await next.deliveries(query) }

    func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        try await next.leaseNotices(request)
    }

    func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) { try await next.settle(settlements) }

    func lease(_ request: DutyRequest) async throws(StoreError) -> Bool { try await next.lease(request) }

    func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] { try await next.journal(query) }

    func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
        try await next.owner(of: reference)
    }

    func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog { try await next.keep(catalog) }

    func catalogVersions() async throws(StoreError) -> [Catalog.Version] { try await next.catalogVersions() }

    func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? { try await next.catalog(version) }
}
#endif
