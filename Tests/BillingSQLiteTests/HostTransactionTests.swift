#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// The host's own statements and billing commands in one transaction: both are there, or neither.
@Suite struct HostTransactionTests {
    static let documents = Meter.ID("documents")
    static let searches = Meter.ID("searches")
    static let org: CustomerID = "org_acme"

    let folder: TemporaryFolder
    let store: SQLiteStore
    let billing: BillingSystem
    let clock = ManualClock(at: Timestamp(seconds: 1_796_115_600))

    init() async throws {
        folder = try TemporaryFolder()
        store = try await SQLiteStore(folder.path("billing.sqlite"))
        billing = try await BillingSystem(catalog: Self.catalog(), store: store, clock: clock)
        try await store.transaction(with: billing) { transaction in
            try transaction.run(
                """
                CREATE TABLE jobs (
                  id TEXT NOT NULL PRIMARY KEY, org TEXT NOT NULL, units INTEGER NOT NULL CHECK (units > 0), extra
                )
                """
            )
        }
    }

    static func catalog(version: Catalog.Version = 1, allowance: Int64 = 10) throws -> Catalog {
        let free = Tier(
            Tier.ID("free"),
            rank: 0,
            name: "Free",
            allowances: [documents: .limited(allowance, per: .month)]
        )
        let pro = Tier(
            Tier.ID("pro"),
            rank: 1,
            name: "Pro",
            allowances: [documents: .limited(allowance * 10, per: .month)]
        )
        return try Catalog(
            version: version,
            meters: [Meter(documents, name: "Documents"), Meter(searches, name: "Searches")],
            tiers: [free, pro],
            fallback: free.id,
            settings: .init(lowBalance: [.units(2)])
        )
    }

    /// Writes a job's row and uses its units, as a host would.
    static func submit(
        _ id: String,
        units: Int64 = 1,
        in transaction: borrowing SQLiteTransaction
    ) throws -> BillingSystem.Consumption {
        let answer = try transaction.consume(units, of: documents, for: org, key: .job(id))
        if case .consumed = answer {
            try transaction.run(
                "INSERT INTO jobs (id, org, units) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                [.text(id), .text(org.rawValue), .integer(units)]
            )
        }
        return answer
    }

    func submit(_ id: String, units: Int64 = 1) async throws -> BillingSystem.Consumption {
        try await store.transaction(with: billing) { transaction in
            try Self.submit(id, units: units, in: transaction)
        }
    }

    func jobs() async throws -> [String] {
        try await store.database.read(
            SQLTransaction(running: [SQLStep(SQLStatement("SELECT id FROM jobs ORDER BY id"))]) { rows in
                (rows.first?.rows ?? []).compactMap { if case .text(let id) = $0.first { id } else { nil } }
            }
        )
    }

    func journal() async throws -> [Account.Change] {
        try await store.journal(JournalQuery(customer: Self.org))
    }

    func used() async throws -> Int64? {
        try await billing.overview(of: Self.org)[Self.documents]?.used
    }

    /// Expects that what is stored is what the journal folds to, and that the tables hold together.
    func audit() async throws {
        let stored = try #require(try await store.load(LoadRequest(items: [.init(customer: Self.org)])).first?.account)
        #expect(stored == Account(folding: try await journal(), of: Self.org))
        #expect(try await store.checkIntegrity() == [])
        #expect(try await billing.examine(Self.org) == [])
    }

    func isConsumed(_ answer: BillingSystem.Consumption) -> Bool {
        if case .consumed = answer { true } else { false }
    }

    /// Returns the error of a transaction's body.
    func failure(
        _ body: @escaping @Sendable (borrowing SQLiteTransaction) throws -> Void
    ) async -> StoreError? {
        do {
            try await store.transaction(with: billing, body)
            return nil
        } catch {
            return error as? StoreError
        }
    }

    struct Regret: Error {}

    // MARK: Together

    @Test func `the host's row and the use of its units are both there`() async throws {
        let answer = try await submit("1", units: 4)
        #expect(isConsumed(answer))
        #expect(try await jobs() == ["1"])
        #expect(try await used() == 4)
        #expect(try await journal().map(\.key) == ["job:1"])
        try await audit()
    }

    @Test func `an error that the body throws leaves neither`() async throws {
        await #expect(throws: Regret.self) {
            try await store.transaction(with: billing) { transaction in
                _ = try Self.submit("1", in: transaction)
                _ = try transaction.grant(5, of: .meter(Self.documents), to: Self.org, from: .promotion, key: .job("2"))
                throw Regret()
            }
        }
        #expect(try await jobs() == [])
        #expect(try await journal().isEmpty)
        #expect(isConsumed(try await billing.consume(10, of: Self.documents, for: Self.org, key: .job("1"))))
    }

    @Test func `commands and statements see what came before them in the transaction`() async throws {
        let answers = try await store.transaction(with: billing) { transaction in
            let first = try Self.submit("1", units: 7, in: transaction)
            let denied = try Self.submit("2", units: 4, in: transaction)
            let gift = try transaction.grant(
                1,
                of: .meter(Self.documents),
                to: Self.org,
                from: .promotion,
                key: .request("gift")
            )
            let second = try Self.submit("2", units: 4, in: transaction)
            let rows = try transaction.run("SELECT count(*), sum(units) FROM jobs WHERE org = ?1", [.text("org_acme")])
            #expect(rows == [[.integer(2), .integer(11)]])
            #expect(try transaction.run("SELECT revision FROM billing_accounts") == [[.integer(3)]])
            guard case .granted = gift else { throw Regret() }
            return [first, denied, second]
        }
        #expect(answers.map(isConsumed) == [true, false, true])
        #expect(try await journal().count == 3)
        try await audit()
    }

    @Test func `a denial is an answer and undoes nothing`() async throws {
        let answer = try await store.transaction(with: billing) { transaction in
            try transaction.run("INSERT INTO jobs VALUES ('asked', 'org_acme', 1, NULL)")
            return try transaction.consume(11, of: Self.documents, for: Self.org, key: .job("1"))
        }
        guard case .denied(let denial) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(denial.remaining == 10)
        #expect(try await jobs() == ["asked"])
        #expect(try await journal().isEmpty, "nor is it remembered")
    }

    @Test func `a command that fails leaves the rest to the body`() async throws {
        try await store.transaction(with: billing) { transaction in
            try transaction.run("INSERT INTO jobs VALUES ('kept', 'org_acme', 1, NULL)")
            #expect(throws: Account.DecisionError.self) {
                try transaction.consume(of: Meter.ID("nothing"), for: Self.org, key: .job("1"))
            }
            #expect(throws: BillingError.self) {
                try transaction.perform(Account.Command(.examine(folded: nil)), for: Self.org)
            }
            #expect(throws: StoreError.self) { try transaction.run("INSERT INTO jobs VALUES ('kept', 'x', 1, NULL)") }
            _ = try Self.submit("2", in: transaction)
        }
        #expect(try await jobs() == ["2", "kept"])
        try await audit()
    }

    @Test func `a command whose rows cannot all be written leaves none of them`() async throws {
        try RawConnection(path: folder.path("billing.sqlite")).execute(
            """
            CREATE TRIGGER broken BEFORE INSERT ON billing_references BEGIN SELECT RAISE(ABORT, 'broken by hand'); END
            """
        )
        try await store.transaction(with: billing) { transaction in
            _ = try Self.submit("1", in: transaction)
            #expect(throws: StoreError.self) {
                try transaction.grant(
                    5,
                    of: .meter(Self.documents),
                    to: Self.org,
                    from: .order,
                    for: ("shop", "order_1"),
                    key: .request("gift")
                )
            }
            _ = try Self.submit("2", in: transaction)
        }
        #expect(try await journal().map(\.key) == ["job:1", "job:2"])
        #expect(try await jobs() == ["1", "2"])
        try await audit()
    }

    // MARK: Keys

    @Test func `a key is used once, inside and outside`() async throws {
        let inside = try await submit("1", units: 3)
        #expect(try await billing.consume(3, of: Self.documents, for: Self.org, key: .job("1")) == inside)
        #expect(try await submit("1", units: 3) == inside)
        let outside = try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("2"))
        #expect(try await submit("2", units: 2) == outside)
        await #expect(throws: Account.DecisionError.self) { try await submit("2", units: 3) }
        #expect(try await used() == 5)
        #expect(try await jobs() == ["1", "2"])
        try await audit()
    }

    @Test func `a billing system that remembers the account finds it changed, and decides anew`() async throws {
        #expect(isConsumed(try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("before"))))
        for round in 0..<3 {
            #expect(isConsumed(try await submit("in \(round)", units: 2)))
            // With what it remembers, the key of the transaction would be free and two units more be left.
            let repeated = try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("in \(round)"))
            #expect(isConsumed(repeated))
            #expect(try await used() == Int64(4 + round * 2))
        }
        #expect(!isConsumed(try await billing.consume(3, of: Self.documents, for: Self.org, key: .job("after"))))
        #expect(isConsumed(try await billing.consume(2, of: Self.documents, for: Self.org, key: .job("after"))))
        try await audit()
    }

    @Test func `an answer from memory is never older than a transaction that was answered`() async throws {
        _ = try await billing.consume(of: Self.documents, for: Self.org, key: .job("0"))
        let before = try await billing.check(of: Self.documents, for: Self.org, noOlderThan: .seconds(30))
        #expect(before.check == .allowed(leaving: .units(8)))
        _ = try await submit("1", units: 9)
        let after = try await billing.check(of: Self.documents, for: Self.org, noOlderThan: .seconds(30))
        guard case .denied = after.check else {
            Issue.record("\(after)")
            return
        }
    }

    @Test func `64 callers, in transactions and plainly, get exactly the allowance`() async throws {
        let catalog = try Self.catalog(version: 2, allowance: 100)
        let billing = try await BillingSystem(catalog: catalog, store: store, clock: clock)
        let store = store
        let counts = try await withThrowingTaskGroup(of: (inside: Bool, said: Bool).self) { group in
            for caller in 0..<64 {
                group.addTask {
                    let (key, isInside) = ("\(caller)", caller % 2 == 0)
                    var answers: [BillingSystem.Consumption] = []
                    for number in 0..<4 {
                        if isInside {
                            answers.append(
                                try await store.transaction(with: billing) { transaction in
                                    try Self.submit("\(key).\(number)", in: transaction)
                                }
                            )
                        } else {
                            let key = BillingSystem.Key.job("\(key).\(number)")
                            answers.append(try await billing.consume(of: Self.documents, for: Self.org, key: key))
                        }
                    }
                    let said = answers.filter { if case .consumed = $0 { true } else { false } }.count
                    return (isInside, said > 0)
                }
            }
            return try await group.reduce(into: (callers: 0, inside: 0)) { sum, one in
                sum.callers += 1
                sum.inside += one.inside && one.said ? 1 : 0
            }
        }
        #expect(counts.callers == 64)
        #expect(counts.inside > 0, "some of it went through transactions")
        let changes = try await journal().filter { $0.kind == .consume }
        #expect(changes.count == 100)
        let even = changes.compactMap(\.key).filter { key in
            (Int(key.rawValue.dropFirst(4).prefix { $0 != "." }) ?? 1) % 2 == 0
        }
        #expect(try await jobs() == even.map { String($0.rawValue.dropFirst(4)) }.sorted(), "a row for each")
        try await audit()
    }

    @Test func `what a decision needs of the past is read on the same connection`() async throws {
        let subscription = SubscriptionSnapshot(
            provider: "polar",
            id: "sub_1",
            version: ObjectVersion(object: clock.now(), event: clock.now()),
            tier: Tier.ID("pro"),
            status: .active,
            cycle: .month,
            period: Recurrence.month.span(containing: clock.now(), from: clock.now()),
            cancelsAtPeriodEnd: false
        )
        _ = try await submit("before", units: 6)
        let taken = try await store.transaction(with: billing) { transaction in
            try transaction.perform(
                Account.Command(.take(ProviderSnapshot(provider: "polar", subscriptions: [subscription])), key: "d:1"),
                for: Self.org
            )
        }
        #expect(taken == .taken)
        // Under the next catalog the customer stands on the first one's terms, which that system has never seen.
        let next = try await BillingSystem(
            catalog: Self.catalog(version: 2, allowance: 1),
            store: store,
            clock: clock
        )
        let answer = try await store.transaction(with: next) { transaction in
            try transaction.consume(90, of: Self.documents, for: Self.org, key: .job("after"))
        }
        #expect(isConsumed(answer))
        try await audit()
    }

    @Test func `notices of the transaction are told after it, without waiting for the next look`() async throws {
        let (heard, ear) = AsyncStream.makeStream(of: Account.Notice.self)
        struct Listener: BillingObserver {
            let ear: AsyncStream<Account.Notice>.Continuation

            func hear(_ notice: Account.Notice) async throws { ear.yield(notice) }
        }
        // On this clock no interval ever ends.
        let billing = try await BillingSystem(
            catalog: Self.catalog(),
            store: store,
            observers: [Listener(ear: ear)],
            clock: clock
        )
        let service = Task { await billing.run() }
        var notices = heard.makeAsyncIterator()
        _ = try await billing.consume(9, of: Self.documents, for: Self.org, key: .job("1"))
        #expect(await notices.next()?.revision == 1)
        let store = store
        _ = try await store.transaction(with: billing) { try Self.submit("2", units: 1, in: $0) }
        #expect(await notices.next()?.kind == .exhausted(.meter(Self.documents)))
        service.cancel()
        await service.value
    }
}
#endif
