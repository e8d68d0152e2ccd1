#if Postgres
import BillingKit
import BillingPostgres
import BillingTesting
import CrashTesting
import SeededTesting
import Testing

/// Behind a PgBouncer that gives every transaction another connection, a store is the same store.
@Suite(.enabled(if: Pooler.isPossible, "There is no PgBouncer to start."))
struct PoolerTests {
    private static func settings(in schema: PostgresSchema) -> PostgresSettings {
        var settings = schema.settings()
        settings.isBehindTransactionPooler = true
        // Nothing is prepared, and many tests share few processors: what counts here is not how long it takes.
        settings.statementTimeout = .seconds(120)
        return settings
    }

    @Test(arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        let pooler = try await Pooler.shared()
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Self.settings(in: schema), through: pooler.connection) { store in
                try await law.check { store }
            }
        }
    }

    @Test(arguments: SystemLaw.all)
    func systemLaw(_ law: SystemLaw) async throws {
        let pooler = try await Pooler.shared()
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Self.settings(in: schema), through: pooler.connection) { store in
                try await law.check { store }
            }
        }
    }

    @Test(arguments: LastingLaw.all)
    func lastingLaw(_ law: LastingLaw) async throws {
        let pooler = try await Pooler.shared()
        try await PostgresServer.withSchema { schema in
            try await law.check {
                try await PostgresStore(pooler.connection, Self.settings(in: schema))
            } closing: {
                await $0.close()
            }
        }
    }

    @Test func `several servers share the connections of a pooler`() async throws {
        try await Pooler.with { pooler in
            try await PostgresServer.withSchema { schema in
                var settings = Self.settings(in: schema)
                settings.connectionCount = 4
                try await schema.withStore(settings, through: pooler.connection) { first in
                    try await schema.withStore(settings, through: pooler.connection) { second in
                        let catalog = try CrashWorker.catalog()
                        let systems = [
                            try await BillingSystem(catalog: catalog, store: first),
                            try await BillingSystem(catalog: catalog, store: second),
                        ]
                        let steps = try await withThrowingTaskGroup(of: [CrashStep].self) { group in
                            for task in 0..<16 {
                                group.addTask {
                                    let worker = CrashWorker(task, on: systems[task % 2])
                                    var steps: [CrashStep] = []
                                    for number in 0..<20 { steps.append(try await worker.perform(number)) }
                                    return steps
                                }
                            }
                            return try await group.reduce([], +)
                        }
                        let audit = try await Audit(
                            of: first,
                            first.checkIntegrity(),
                            customers: CrashWorker.customers
                        )
                        #expect(audit.faults.isEmpty, "\(audit.faults)")
                        #expect(steps.count == 320 && audit.keys == Set(steps.map(\.key)))
                    }
                }
            }
        }
    }

    @Test func `a pooler is killed while a store writes through it`() async throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "kills of a pooler"))
        try await Pooler.with { pooler in
            try await PostgresServer.withSchema { schema in
                try await schema.withStore(Self.settings(in: schema), through: pooler.connection) { store in
                    let crew = CrashCrew(try await BillingSystem(catalog: CrashWorker.catalog(), store: store))
                    var told = 0
                    for _ in 0..<5 {
                        try await crew.work(untilStruckAfter: .random(in: 1...40, using: &generator)) {
                            try await pooler.kill()
                        }
                        told += await crew.failures.count
                        try await pooler.start()
                        _ = try await crew.audit(store)
                        await crew.goOn()
                    }
                    #expect(told > 0, "nobody noticed")
                    print("5 kills of a pooler: \(await crew.acknowledged) steps acknowledged, \(told) told of a fault")
                }
            }
        }
    }
}
#endif
