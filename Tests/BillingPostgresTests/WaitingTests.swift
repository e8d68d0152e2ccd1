#if Postgres
import BillingKit
import BillingPostgres
import BillingSQL
import ProcessTesting
import Testing

/// Whoever waits for an account waits as long as it may and no longer, and is not passed over for ever.
@Suite struct WaitingTests {
    private typealias Shared = LockedAccountTests

    private let start = ContinuousClock.now

    @Test func `what waits may wait for its time by the clock, whoever else has had turns meanwhile`() {
        var wait = PostgresWait()
        #expect(!wait.isOver(at: start), "it has not begun to wait")
        wait.begin(at: start, limit: .seconds(5))
        // It is asked anew with each turn, and the first time counts.
        wait.begin(at: start + .seconds(4), limit: .seconds(5))
        #expect(!wait.isOver(at: start + .seconds(5) - .nanoseconds(1)))
        #expect(wait.isOver(at: start + .seconds(5)), "without one turn of its own")
    }

    @Test func `a turn is short where others wait, and never longer than what is left`() {
        var wait = PostgresWait()
        #expect(wait.milliseconds(at: start, others: 0) == 200)
        wait.begin(at: start, limit: .seconds(5))
        #expect([0, 1, 20, 40, 1_000].map { wait.milliseconds(at: start, others: $0) } == [200, 10, 10, 5, 1])
        #expect(wait.milliseconds(at: start + .milliseconds(4_950), others: 0) == 50)
        #expect(wait.milliseconds(at: start + .milliseconds(4_996), others: 1) == 4)
        #expect(wait.milliseconds(at: start + .seconds(9), others: 0) == 1, "0 would be for ever")
        #expect(wait.millisecondsInLine(at: start, longest: .seconds(30)) == 5_000)
        #expect(wait.millisecondsInLine(at: start, longest: .seconds(2)) == 1_000, "before the statement is ended")
    }

    @Test func `after some turns in vain it stands in line`() {
        var wait = PostgresWait()
        for turn in 0..<PostgresWait.maximumTurns {
            #expect(!wait.standsInLine, "after \(turn) turns")
            wait.endTurn()
        }
        #expect(wait.standsInLine)
    }

    /// Returns once so many connections of the store have waited for a lock for longer than any turn, each in one
    /// transaction.
    private func waitUntilInLine(_ count: Int, _ schema: PostgresSchema) async throws {
        let raw = try schema.raw()
        let waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(schema.name)' \
            AND wait_event_type = 'Lock' AND xact_start < clock_timestamp() - interval '1 second'
            """
        try await waitUntil("\(count) stand in line") { try raw.value(waiting) == "\(count)" }
    }

    @Test(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
    func `who has taken many turns in vain stands in line, and others go on taking theirs`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Shared.patient(schema)) { store in
                let customers: [CustomerID] = [Shared.locked, "org_second"]
                let items = try customers.map(Shared.firstUse)
                #expect(try await store.commit(CommitRequest(items: items)) == [.committed, .committed])
                let lockers = try customers.map { customer in
                    let raw = try Shared.locker(schema)
                    try raw.run("BEGIN; SELECT 1 FROM billing_accounts WHERE customer = '\(customer)' FOR UPDATE")
                    return raw
                }
                @Sendable func update(_ index: Int) async throws -> CommitOutcome? {
                    try await store.update(customers[index]) {
                        LoadRequest.Item(customer: customers[index])
                    } deciding: { _ in
                        Shared.reschedule(items[index])
                    }
                }
                async let first = update(0)
                try await waitUntilInLine(1, schema)
                async let second = update(1)
                try await waitUntilInLine(2, schema)
                // A third is not held up by both, which have connections of their own.
                let third = try await store.update("org_free") {
                    LoadRequest.Item(customer: "org_free")
                } deciding: { _ in
                    nil
                }
                #expect(third == nil)
                for locker in lockers.reversed() { try locker.run("COMMIT") }
                #expect(try await [first, second] == [.committed, .committed])
            }
        }
    }

    @Test(.enabled(if: PostgresServer.connection != nil, "There is no PostgreSQL to try."))
    func `of many who wait only some stand in line, and all have their account in the end`() async throws {
        try await PostgresServer.withSchema { schema in
            try await schema.withStore(Shared.patient(schema)) { store in
                let items = try Shared.others.map(Shared.firstUse)
                let outcomes = try await store.commit(CommitRequest(items: items))
                #expect(outcomes.allSatisfy { $0 == .committed })
                let raw = try Shared.locker(schema)
                try raw.run("BEGIN; SELECT 1 FROM billing_accounts FOR UPDATE")
                try await withThrowingTaskGroup(of: CommitOutcome?.self) { group in
                    for (customer, item) in zip(Shared.others, items) {
                        group.addTask {
                            try await store.update(customer) {
                                LoadRequest.Item(customer: customer)
                            } deciding: { _ in
                                Shared.reschedule(item)
                            }
                        }
                    }
                    try await waitUntilInLine(4, schema)
                    let watcher = try schema.raw()
                    let mine = "FROM pg_stat_activity WHERE application_name = '\(schema.name)'"
                    // One that writes, one that takes turns, four in line.
                    #expect(try watcher.value("SELECT count(*) \(mine)") == "6")
                    try raw.run("COMMIT")
                    for try await outcome in group { #expect(outcome == .committed) }
                    try await waitUntil("the lines are gone") {
                        try watcher.value("SELECT count(*) \(mine)") == "2"
                    }
                }
            }
        }
    }
}
#endif
