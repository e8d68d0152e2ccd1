#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import SeededTesting
import StatementTesting
import Testing

/// What is looked for again and again is found by an index, however much has come before it, and whoever finds nothing has
/// held up nobody.
@Suite struct WaitingPlanTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("billing.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let now = Timestamp(seconds: 1_000)
    private static let lease = LeaseRequest(now: now, until: Timestamp(seconds: 1_060), limit: 10)
    private static let deliveries = LeaseDeliveriesRequest(provider: "polar", lease: lease)

    /// How the database goes about some steps.
    private func plans(of steps: [SQLStep]) async throws -> [String] {
        let connection = try RawConnection(path: path)
        var plans: [String] = []
        for step in steps {
            for row in try await connection.rows("EXPLAIN QUERY PLAN \(step.statement.text)") {
                plans.append(row[3].word)
            }
        }
        return plans
    }

    /// Adds rows to the log, past the store.
    private func log(_ rows: [(id: String, at: Int64, state: Delivery.State, dueAt: Int64?)]) throws {
        let values = rows.map { row in
            "('polar', '\(row.id)', x'00', \(row.at), '\(row.state.rawValue)', '', 1, \(row.dueAt.map { "\($0)" } ?? "NULL"))"
        }
        try RawConnection(path: path).execute(
            "INSERT INTO billing_deliveries (provider, id, body, received_at, state, detail, attempts, due_at) VALUES "
                + values.joined(separator: ", ")
        )
    }

    @Test func `a look for what is due reads one index and takes no turn at writing where nothing is`() async throws {
        let base = try await SQLiteStore(path)
        let store = RecordingStore(base.database)
        let later = Self.now.microseconds + 1
        try log([("done", 1, .done, nil), ("later", 2, .failed, later), ("dead", 3, .dead, nil)])
        #expect(try await store.leaseDeliveries(Self.deliveries) == [])
        var notes = store.database.take()
        #expect(notes.writes == [])
        #expect(
            try await plans(of: notes.reads)
                == ["SEARCH billing_deliveries USING COVERING INDEX billing_deliveries_due (provider=? AND due_at<?)"]
        )
        #expect(try await store.leaseNotices(Self.lease) == [])
        notes = store.database.take()
        #expect(notes.writes == [])
        #expect(
            try await plans(of: notes.reads)
                == ["SEARCH billing_notices USING COVERING INDEX billing_notices_due (due_at<?)"]
        )
        await base.close()
    }

    @Test func `a look for what is due waits for no one who writes`() async throws {
        let store = try await SQLiteStore(path, busyTimeout: .zero)
        let other = try RawConnection(path: path)
        try other.execute("BEGIN IMMEDIATE")
        #expect(try await store.leaseDeliveries(Self.deliveries) == [])
        #expect(try await store.leaseNotices(Self.lease) == [])
        try other.execute("ROLLBACK")
        await store.close()
    }

    @Test func `what is due comes in its order out of an index, and nothing is sorted`() async throws {
        let base = try await SQLiteStore(path)
        let store = RecordingStore(base.database)
        let due = Self.now.microseconds
        try log([("new", 3, .failed, due), ("old", 1, .processing, due), ("later", 2, .failed, due + 1)])
        #expect(try await store.leaseDeliveries(Self.deliveries).map(\.id.id) == ["old", "new"])
        #expect(
            try await plans(of: store.database.take().writes)
                == ["SEARCH billing_deliveries USING COVERING INDEX billing_deliveries_waiting (provider=?)"]
        )
        await base.close()
    }

    @Test func `notices come in their order out of an index, and none is sorted`() async throws {
        let base = try await SQLiteStore(path)
        let store = RecordingStore(base.database)
        func notice(_ revision: Int, at: Int64, dueAt: Int64) -> String {
            "('acme', \(revision), 0, 'trial_ended', \(at), 'waiting', 0, \(dueAt))"
        }
        let rows = [
            notice(1, at: 5, dueAt: .min), notice(2, at: 3, dueAt: Self.now.microseconds),
            notice(3, at: 1, dueAt: Self.now.microseconds + 1),
        ]
        try RawConnection(path: path).execute(
            "INSERT INTO billing_notices (customer, revision, ordinal, kind, at, state, attempts, due_at) VALUES "
                + rows.joined(separator: ", ")
        )
        #expect(try await store.leaseNotices(Self.lease).map(\.notice.revision) == [2, 1])
        #expect(
            try await plans(of: store.database.take().writes)
                == ["SCAN billing_notices USING INDEX billing_notices_waiting"]
        )
        await base.close()
    }

    @Test func `a page of the log is found by an index, whatever states are asked for`() async throws {
        let base = try await SQLiteStore(path)
        let store = RecordingStore(base.database)
        try log([("last", 1, .dead, nil)])
        let last = try #require(try await store.deliveries(DeliveryQuery()).first)
        _ = store.database.take()
        for states in [[.dead], [.failed, .dead], [.done, .ignored, .dead]] as [[Delivery.State]] {
            for after in [nil, last] {
                _ = try await store.deliveries(DeliveryQuery(states: states, after: after))
                let place = after == nil ? "" : " AND (received_at,provider,id)<(?,?,?)"
                let plan = "SEARCH billing_deliveries USING INDEX billing_deliveries_state (state=?\(place))"
                #expect(try await plans(of: store.database.take().reads) == states.map { _ in plan }, "\(states)")
            }
        }
        for states in [[], Delivery.State.allCases] {
            _ = try await store.deliveries(DeliveryQuery(states: states, after: last))
            let plan =
                "SEARCH billing_deliveries USING INDEX billing_deliveries_received ((received_at,provider,id)<(?,?,?))"
            #expect(try await plans(of: store.database.take().reads) == [plan])
        }
        await base.close()
    }

    @Test func `pages of some states are those of the whole log without the others`() async throws {
        let store = try await SQLiteStore(path)
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "WaitingPlanTests"))
        try log(
            (0..<300).map { number in
                let state = Delivery.State.allCases.randomElement(using: &generator) ?? .done
                return ("d\(number)", .random(in: 0..<40, using: &generator), state, nil)
            }
        )
        let log = try await store.deliveries(DeliveryQuery(limit: 1_000))
        #expect(log.count == 300)
        for _ in 0..<40 {
            let states = Delivery.State.allCases.filter { _ in Bool.random(using: &generator) }
            let limit = Int.random(in: 1...70, using: &generator)
            var found: [Delivery] = []
            while true {
                let query = DeliveryQuery(states: states, after: found.last, limit: limit)
                let page = try await store.deliveries(query)
                found += page
                guard page.count == limit else { break }
            }
            #expect(found == log.filter { states.isEmpty || states.contains($0.state) }, "\(states), \(limit)")
        }
        await store.close()
    }

    @Test func `what may leave the log comes in its order out of an index`() async throws {
        let base = try await SQLiteStore(path)
        let store = RecordingStore(base.database)
        _ = try await store.archive(SQLRetention(deliveryDays: 90), at: Self.now) { _ in }
        let plans = try await plans(of: store.database.take().reads)
        #expect(plans.count == 1)
        #expect(plans.allSatisfy { $0.contains("billing_deliveries_received") }, "\(plans)")
        await base.close()
    }
}

extension SQLValue {
    /// A text, or what it is instead.
    fileprivate var word: String { if case .text(let text) = self { text } else { "\(self)" } }
}
#endif
