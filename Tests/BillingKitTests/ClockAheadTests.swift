import BillingInMemory
import BillingKit
import Testing

/// A server whose clock is far ahead of the store's does nothing, because what time ends has ended for good.
@Suite struct ClockAheadTests {
    /// A clock that a test moves and that tells the world's time all the same.
    private final class WorldClock: BillingClock {
        let hands: ManualClock
        private let sleeps = Lock(0)

        init(hands: ManualClock) {
            self.hands = hands
        }

        var tellsWorldTime: Bool { true }
        /// How often somebody has begun to sleep.
        var sleepCount: Int { sleeps.withLock(\.self) }

        func now() -> Timestamp { hands.now() }

        func sleep(for duration: Duration) async throws {
            sleeps.withLock { $0 += 1 }
            try await hands.sleep(for: duration)
        }
    }

    private static let day = Duration.seconds(86_400)

    /// The world's time, which is the store's.
    private let time = ManualClock(at: KitFixture.start)
    /// What the server's clock says.
    private let hands = ManualClock(at: KitFixture.start)
    private let store: InMemoryStore

    init() {
        store = InMemoryStore(clock: time)
    }

    private func server(_ hands: ManualClock, tolerance: Duration? = nil) async throws -> BillingSystem {
        try await server(WorldClock(hands: hands), tolerance: tolerance)
    }

    private func server(_ clock: WorldClock, tolerance: Duration? = nil) async throws -> BillingSystem {
        var configuration = BillingSystem.Configuration()
        if let tolerance { configuration.clockTolerance = tolerance }
        return try await BillingSystem(
            catalog: KitFixture.catalog(),
            store: store,
            provider: FakeProvider(events: ["bought": FakeProvider.purchase(by: "org_acme")]),
            clock: clock,
            configuration: configuration
        )
    }

    private func isAhead(_ error: any Error) -> Bool {
        (error as? StoreError)?.code == .clockAhead
    }

    @Test func `it does not start`() async throws {
        hands.advance(by: Self.day * 40)
        await #expect {
            try await server(hands)
        } throws: { error in
            isAhead(error) && "\(error)".contains("\(hands.now())") && "\(error)".contains("\(time.now())")
        }
    }

    @Test func `it ends nothing, and goes on without a restart once its clock is right`() async throws {
        let (billing, other) = (try await server(hands), try await server(time))
        let end = KitFixture.start.advanced(by: Self.day * 10)
        _ = try await billing.grant(
            5,
            of: KitFixture.documents,
            to: "org_acme",
            from: .promotion,
            expiry: end,
            key: .request("gift")
        )
        hands.advance(by: Self.day * 40)
        await #expect(throws: StoreError.self) {
            try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        }
        await #expect { try await billing.overview(of: "org_acme") } throws: { isAhead($0) }
        await #expect {
            try await billing.check(of: KitFixture.documents, for: "org_acme")
        } throws: { isAhead($0) }
        await #expect {
            try await billing.check(of: KitFixture.documents, for: "org_acme", noOlderThan: .seconds(3_600))
        } throws: { isAhead($0) }
        let journal = try await store.journal(JournalQuery(customer: "org_acme", after: 0))
        #expect(journal.map(\.kind) == [.grant])
        #expect(try await other.check(15, of: KitFixture.documents, for: "org_acme") == .allowed(leaving: .units(0)))
        hands.set(to: time.now())
        guard
            case .consumed(let receipt) = try await billing.consume(
                15,
                of: KitFixture.documents,
                for: "org_acme",
                key: .request("1")
            )
        else {
            Issue.record("What was given has been lost.")
            return
        }
        #expect(receipt.remaining == .units(0))
    }

    @Test func `an event that was counted yesterday is not counted again`() async throws {
        let (billing, other) = (try await server(hands), try await server(time))
        let event = Account.Command.Event(id: "event-1", meter: KitFixture.documents)
        _ = try await other.record([event], for: "org_acme", key: .request("1"))
        time.advance(by: Self.day)
        hands.set(to: time.now().advanced(by: Self.day * 40))
        await #expect {
            try await billing.record([event], for: "org_acme", key: .request("2"))
        } throws: { isAhead($0) }
        #expect(try await other.overview(of: "org_acme")[KitFixture.documents]?.used == 1)
    }

    @Test func `a webhook is neither kept nor leased to it, and its sender is told to come again`() async throws {
        let billing = try await server(hands)
        hands.advance(by: Self.day * 40)
        let answer = try await billing.receive("bought", id: "msg_1", at: hands.now())
        #expect(answer.statusCode == 503)
        #expect(try await billing.webhooks.deliveries().isEmpty)
        hands.set(to: time.now())
        #expect(try await billing.receive("bought", id: "msg_1").outcome == .applied)
    }

    @Test func `nothing is leased to it until far ahead`() async throws {
        let clock = WorldClock(hands: hands)
        let billing = try await server(clock)
        hands.advance(by: Self.day * 40)
        let running = Task { await billing.run() }
        // Webhooks and the sweeper, each after its first round; nobody is there to hear notices.
        while clock.sleepCount < 2 { await Task.yield() }
        let request = DutyRequest(
            .sweep,
            for: Duty.Holder("another"),
            now: time.now(),
            until: time.now().advanced(by: .seconds(30))
        )
        #expect(try await store.lease(request))
        running.cancel()
        await running.value
    }

    @Test(arguments: [(300, true), (301, false)]) func `five minutes are borne`(_ seconds: Int, isBorne: Bool)
        async throws
    {
        hands.advance(by: .seconds(seconds))
        let billing = try? await server(hands)
        #expect((billing != nil) == isBorne)
    }

    @Test func `a host may bear more`() async throws {
        hands.advance(by: .seconds(7_200))
        _ = try await server(hands, tolerance: .seconds(7_200))
    }

    @Test func `a clock that is behind works`() async throws {
        hands.advance(by: .seconds(-86_400))
        let billing = try await server(hands)
        _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        #expect(try await billing.overview(of: "org_acme")[KitFixture.documents]?.used == 1)
    }

    @Test func `a store without a clock of its own bears every time, and so does a clock that is a test's own`()
        async throws
    {
        hands.advance(by: Self.day * 4_000)
        _ = try await BillingSystem(
            catalog: KitFixture.catalog(),
            store: InMemoryStore(),
            clock: WorldClock(hands: hands)
        )
        _ = try await BillingSystem(catalog: KitFixture.catalog(), store: store, clock: hands)
    }
}
