import BillingInMemory
public import BillingKit
public import Testing

/// One law of what a store keeps when the process goes down, as a test.
///
/// ``StoreLaw`` tries a store while it is open. These are for a store that is to outlast its process: each fills a
/// store, has it closed, and opens it again.
///
/// ```swift
/// @Test(arguments: LastingLaw.all)
/// func lastingLaw(_ law: LastingLaw) async throws {
///     let path = newPath()
///     try await law.check { try await MyStore(path) } closing: { await $0.close() }
/// }
/// ```
public struct LastingLaw: Sendable, CustomTestStringConvertible {
    /// What the law says.
    public let name: String

    /// Fills a store, and returns what is to be found when it is opened again.
    private let fill: @Sendable (StoreTrial) async throws -> @Sendable (StoreTrial) async throws -> Void

    init(
        _ name: String,
        _ fill: @escaping @Sendable (StoreTrial) async throws -> @Sendable (StoreTrial) async throws -> Void
    ) {
        self.name = name
        self.fill = fill
    }

    /// What the law says.
    public var testDescription: String { name }

    /// Holds a store to the law.
    ///
    /// - Parameters:
    ///   - location: Where a breach is reported; the caller's line by default.
    ///   - open: Opens the store; empty the first time, and each time after that in the same place.
    ///   - close: Closes a store that was opened, so that it can be opened again.
    /// - Throws: What opening and closing throw. What the opened store throws is a breach of the law.
    public func check<Store: BillingStore>(
        sourceLocation location: SourceLocation = #_sourceLocation,
        _ open: @Sendable () async throws -> Store,
        closing close: @Sendable (Store) async throws -> Void
    ) async throws {
        let first = try await open()
        let look = await StoreTrial(store: first, location: location).judge(fill)
        try await close(first)
        guard let look else { return }
        // Twice, because a store may also lose on opening what it finds.
        for _ in 0..<2 {
            let again = try await open()
            await StoreTrial(store: again, location: location).judge(look)
            try await close(again)
        }
    }

    /// All laws.
    public static let all: [LastingLaw] = [
        LastingLaw("a life with everything in it is there when the store is opened again") { trial in
            let items = try await trial.life()
            for item in items {
                trial.expectEqual(
                    try await trial.store.commit(CommitRequest(items: [item])),
                    [.committed],
                    "the outcome"
                )
            }
            let copy = StoreTrial(store: InMemoryStore(), location: trial.location)
            for item in items { _ = try await copy.store.commit(CommitRequest(items: [item])) }
            return { trial in
                try await trial.expectFacts(of: items, asIn: copy, "when the store is opened again")
                let last = try trial.require(items.last, "change in the life")
                let journal = try await trial.store.journal(JournalQuery(customer: last.account.customer))
                trial.expectEqual(journal, items.flatMap(\.changes), "the journal")
                let due = try await trial.load(LoadRequest.Item(customer: last.account.customer)).dueAt
                trial.expectEqual(due, last.dueAt, "when the account is due")
                let again = CommitRequest(items: [last])
                trial.expectEqual(try await trial.store.commit(again), [.conflict], "the last commit, made again")
            }
        },
        LastingLaw("deliveries and their leases are there when the store is opened again") { trial in
            let now = StoreTrial.start
            for state in Delivery.State.allCases {
                let lease = try await trial.lease(state.rawValue, body: Array("body of \(state)".utf8), at: now)
                guard state != .processing else { continue }
                let settlement = DeliverySettlement(
                    lease: lease,
                    state: state,
                    detail: "so",
                    retryAt: state == .failed ? now.advanced(by: .seconds(500)) : nil
                )
                trial.expectEqual(try await trial.store.settle(settlement), true, "whether the newest lease settles")
            }
            let log = try await trial.store.deliveries(DeliveryQuery())
            return { trial in
                trial.expectEqual(try await trial.store.deliveries(DeliveryQuery()), log, "the log")
                for state in [Delivery.State.done, .ignored] {
                    let repeated = try await trial.record(state.rawValue, at: now.advanced(by: .seconds(999)))
                    trial.expectEqual(repeated, .finished(state, detail: "so"), "the repeat of what is \(state)")
                }
                let leased = try await trial.record(Delivery.State.processing.rawValue, at: now)
                trial.expectEqual(leased, .inProgress, "the repeat of what is leased")
            }
        },
        LastingLaw("notices, their leases and what was settled are there when the store is opened again") { trial in
            let now = StoreTrial.start
            let trial = trial.under(try Fixture.catalog.withoutThresholds())
            for customer in ["a", "b", "c", "d"] as [CustomerID] {
                try await trial.perform(Fixture.consume(3, of: Fixture.searches, key: "all"), for: customer)
            }
            let leases = try await trial.store.leaseNotices(
                LeaseRequest(now: now, until: now.advanced(by: .seconds(60)), limit: 3)
            )
            let outcomes: [NoticeSettlement.Outcome] = [.delivered, .dead]
            try await trial.store.settle(zip(leases, outcomes).map { NoticeSettlement(lease: $0, outcome: $1) })
            let left = try trial.require(leases.last, "notice").notice
            return { trial in
                let early = now.advanced(by: .seconds(59))
                let free = try await trial.store.leaseNotices(LeaseRequest(now: early, until: early, limit: 9))
                trial.expectEqual(free.map(\.notice.customer), ["d"], "what is not leased")
                trial.expect(!free.map(\.notice).contains(left), "\(left) is leased, and was leased again")
            }
        },
        LastingLaw("catalogs are there when the store is opened again") { trial in
            let catalogs = [
                try Fixture.makeCatalog(version: 1, freeDocuments: 5), try Fixture.makeWholeCatalog(version: 2),
            ]
            for catalog in catalogs { trial.expectEqual(try await trial.store.keep(catalog), catalog, "what is kept") }
            return { trial in
                trial.expectEqual(try await trial.store.catalogVersions(), [2, 1], "the versions")
                for catalog in catalogs {
                    trial.expectEqual(try await trial.store.catalog(catalog.version), catalog, "the catalog")
                }
            }
        },
    ]
}
