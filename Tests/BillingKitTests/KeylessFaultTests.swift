import BillingInMemory
import BillingKit
import Testing

/// Whoever gives no key is answered with what the call itself has done, also when the store could not say whether it had.
@Suite struct KeylessFaultTests {
    /// A clock by which time passes whenever somebody looks.
    private struct TickingClock: BillingClock {
        let base = ManualClock(at: KitFixture.start)

        func now() -> Timestamp {
            base.advance(by: .seconds(1))
            return base.now()
        }

        func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }
    }

    /// Whether a commit was made of which nobody could say so, and how often in a row.
    private static let faults: [[FaultyStore.Fault]] = [
        [.after(.outcomeUnknown)], [.before(.outcomeUnknown)],
        [.after(.outcomeUnknown), .before(.outcomeUnknown)], [.before(.outcomeUnknown), .after(.outcomeUnknown)],
    ]

    private let store = FaultyStore()

    private func system() async throws -> BillingSystem {
        let plain = try KitFixture.catalog()
        let catalog = try Catalog(
            version: 1,
            meters: plain.meters,
            tiers: plain.tiers,
            fallback: plain.fallback,
            trial: Catalog.Trial(days: 14, gives: .tier(KitFixture.pro))
        )
        return try await BillingSystem(
            catalog: catalog,
            store: store,
            clock: TickingClock(),
            entropy: SeededEntropy(seed: 7)
        )
    }

    /// Has the next commits fail.
    private func fail(_ faults: [FaultyStore.Fault]) {
        switch faults.count {
        case 1: store.fail(.commit, faults[0])
        default: store.fail(.commit, faults[0], faults[1])
        }
    }

    @Test(arguments: faults.indices)
    func `a trial that began is told as begun`(index: Int) async throws {
        let billing = try await system()
        fail(Self.faults[index])
        guard case .began(let trial) = try await billing.startTrial(for: "org_acme") else {
            Issue.record("refused")
            return
        }
        #expect(try await store.journal(JournalQuery(customer: "org_acme")).map(\.kind) == [.startTrial])
        #expect(
            try await billing.startTrial(for: "org_acme") == .refused(.alreadyTried(trial)),
            "another call is told so"
        )
    }

    @Test(arguments: faults.indices)
    func `units that were released are told as released`(index: Int) async throws {
        let billing = try await system()
        let reserved = try await billing.reserve(3, of: KitFixture.documents, for: "org_acme", key: .job("1"))
        guard case .reserved(let work) = reserved else {
            Issue.record("\(reserved)")
            return
        }
        fail(Self.faults[index])
        let released = try await billing.release(work)
        guard case .released(let receipt) = released else {
            Issue.record("\(released)")
            return
        }
        #expect(receipt.amount == 3 && receipt.remaining == .units(10))
        #expect(try await store.journal(JournalQuery(customer: "org_acme")).map(\.kind) == [.reserve, .release])
        #expect(try await billing.release(work) == .alreadyReleased, "another call is told so")
        // The key of the work is free again.
        let again = try await billing.reserve(3, of: KitFixture.documents, for: "org_acme", key: .job("1"))
        guard case .reserved = again else {
            Issue.record("\(again)")
            return
        }
    }

    @Test(arguments: faults.indices)
    func `a click, an offer and a cancellation are each one`(index: Int) async throws {
        let billing = try await system()
        let job = Upgrade.Key.reference("job-1")
        func kinds() async throws -> [Upgrade.Act.Kind] {
            try await billing.upgrade(job, of: "org_acme")?.acts.map(\.kind) ?? []
        }
        fail(Self.faults[index])
        let clicked = try await billing.startUpgrade(
            to: KitFixture.pro,
            cycle: .month,
            for: "org_acme",
            reference: "job-1"
        )
        #expect(clicked.stage == .clicked)
        #expect(try await kinds() == [.clicked])
        fail(Self.faults[index])
        #expect(try await billing.cancelUpgrade(job, for: "org_acme").stage == .cancelled)
        #expect(try await kinds() == [.clicked, .cancelled])
        let journal = try await store.journal(JournalQuery(customer: "org_acme"))
        #expect(journal.count == 2)
        // Another click is another one.
        _ = try await billing.startUpgrade(to: KitFixture.pro, cycle: .month, for: "org_acme", reference: "job-1")
        #expect(try await kinds() == [.clicked, .cancelled, .clicked])
    }
}
