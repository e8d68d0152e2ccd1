import BillingInMemory
import BillingKit
import Testing

/// Cases in which several rules meet.
@Suite struct MeetingRulesTests {
    private let store = FaultyStore()
    private let clock = ManualClock(at: KitFixture.start)

    private func system(
        _ events: [String: ProviderEvent],
        catalog: Catalog? = nil
    ) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: catalog ?? KitFixture.catalog(),
            store: store,
            provider: FakeProvider(events: events),
            clock: clock,
            entropy: SeededEntropy(seed: 7)
        )
    }

    private func event(
        _ status: SubscriptionStatus = .active,
        modifiedAt: Timestamp,
        from start: Timestamp,
        pastDueAt: Timestamp? = nil
    ) -> ProviderEvent {
        let period = Recurrence.month.span(containing: start, from: start)
        return .snapshot(
            ProviderSnapshot(
                provider: "fake",
                subscriptions: [
                    SubscriptionSnapshot(
                        provider: "fake",
                        id: "sub_1",
                        version: ObjectVersion(object: modifiedAt, event: modifiedAt),
                        tier: KitFixture.pro,
                        status: status,
                        cycle: .month,
                        period: period,
                        pastDueAt: pastDueAt
                    )
                ]
            ),
            customer: .customer("org_acme")
        )
    }

    @Test func `a renewal of a tier that is no longer sold keeps its customer on it`() async throws {
        let renewed = Recurrence.month.boundary(1, from: KitFixture.start)
        let events = [
            "bought": event(modifiedAt: KitFixture.start, from: KitFixture.start),
            "renewed": event(modifiedAt: renewed, from: renewed),
        ]
        _ = try await system(events).receive("bought", id: "1")
        let free = Tier(
            KitFixture.free,
            rank: 0,
            name: "Free",
            allowances: [KitFixture.documents: .limited(10, per: .month)]
        )
        let without = try Catalog(
            version: 2,
            meters: [Meter(KitFixture.documents, name: "Documents")],
            tiers: [free],
            fallback: free.id
        )
        let billing = try await system(events, catalog: without)
        clock.set(to: renewed)
        #expect(try await billing.receive("renewed", id: "2", at: renewed).outcome == .applied)
        clock.advance(by: .seconds(5 * 86_400))
        #expect(try await billing.overview(of: "org_acme").tier.id == KitFixture.pro)
    }

    @Test func `a renewal that fails gives no new allowance until it is paid`() async throws {
        let renewed = Recurrence.month.boundary(1, from: KitFixture.start)
        let failed = renewed.advanced(by: .seconds(60))
        let paid = renewed.advanced(by: .seconds(2 * 86_400))
        let billing = try await system([
            "bought": event(modifiedAt: KitFixture.start, from: KitFixture.start),
            "cycled": event(modifiedAt: renewed, from: renewed),
            "failed": event(.pastDue, modifiedAt: failed, from: renewed, pastDueAt: failed),
            "paid": event(modifiedAt: paid, from: renewed),
        ])
        _ = try await billing.receive("bought", id: "1")
        _ = try await billing.consume(45, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        clock.set(to: renewed)
        _ = try await billing.receive("cycled", id: "2", at: renewed)
        clock.set(to: failed)
        _ = try await billing.receive("failed", id: "3", at: failed)
        let late = try await billing.overview(of: "org_acme")
        #expect(late.tier.id == KitFixture.pro, "the tier is kept for the time of grace")
        #expect(late[KitFixture.documents]?.remaining == .units(5), "what was paid for goes on, and no more")
        clock.set(to: paid)
        _ = try await billing.receive("paid", id: "4", at: paid)
        #expect(try await billing.overview(of: "org_acme")[KitFixture.documents]?.remaining == .units(50))
    }

    @Test func `a renewal that fails without a date gives nothing however often it is told`() async throws {
        let renewed = Recurrence.month.boundary(1, from: KitFixture.start)
        var events = [
            "bought": event(modifiedAt: KitFixture.start, from: KitFixture.start),
            "cycled": event(modifiedAt: renewed, from: renewed),
        ]
        for day in 0...5 {
            let failed = renewed.advanced(by: .seconds(3_600 + day * 86_400))
            events["failed-\(day)"] = event(.pastDue, modifiedAt: failed, from: renewed)
        }
        let billing = try await system(events)
        _ = try await billing.receive("bought", id: "1")
        _ = try await billing.consume(50, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        clock.set(to: renewed)
        _ = try await billing.receive("cycled", id: "2", at: renewed)
        for day in 0...5 {
            clock.set(to: renewed.advanced(by: .seconds(3_600 + day * 86_400)))
            _ = try await billing.receive("failed-\(day)", id: "failed-\(day)", at: clock.now())
            let line = try await billing.overview(of: "org_acme")[KitFixture.documents]
            #expect(line?.remaining == .units(0), "on day \(day)")
        }
    }

    @Test(arguments: [SubscriptionStatus.unpaid, .paused, .canceled])
    func `an end without a date gives the fallback's allowance once, however often it is told`(
        status: SubscriptionStatus
    ) async throws {
        var events = ["bought": event(modifiedAt: KitFixture.start, from: KitFixture.start)]
        for day in 10...13 {
            let told = KitFixture.start.advanced(by: .seconds(day * 86_400))
            events["\(day)"] = event(status, modifiedAt: told, from: KitFixture.start)
        }
        let billing = try await system(events)
        _ = try await billing.receive("bought", id: "bought")
        var used: Int64 = 0
        for day in 10...13 {
            clock.set(to: KitFixture.start.advanced(by: .seconds(day * 86_400)))
            _ = try await billing.receive("\(day)", id: "\(day)", at: clock.now())
            let answer = try await billing.consume(
                10,
                of: KitFixture.documents,
                for: "org_acme",
                key: .request("\(day)")
            )
            if case .consumed = answer { used += 10 }
        }
        #expect(used == 10)
    }

    @Test func `a name that is told twice in one delivery is claimed once`() async throws {
        let twice = KitFixture.subscription()
        let billing = try await system([
            "twice": .snapshot(
                ProviderSnapshot(provider: "fake", subscriptions: [twice, twice]),
                customer: .customer("org_acme")
            )
        ])
        #expect(try await billing.receive("twice", id: "1").outcome == .applied)
        let journal = try await store.journal(JournalQuery(customer: "org_acme"))
        #expect(journal.flatMap(\.references).count == 1)
    }

    @Test func `work that was let in is counted whenever the system is told to stop`() async throws {
        for _ in 0..<100 {
            let store = InMemoryStore()
            let billing = try await BillingSystem(catalog: KitFixture.catalog(), store: store)
            let running = Task { await billing.run() }
            async let work = billing.metered(KitFixture.documents, for: "org_acme", key: .job("1")) { 1 }
            for _ in 0..<Int.random(in: 0..<40) { await Task.yield() }
            running.cancel()
            await running.value
            do {
                guard case .done = try await work else {
                    Issue.record("work that runs is done")
                    return
                }
                let journal = try await store.journal(JournalQuery(customer: "org_acme"))
                #expect(journal.count { $0.kind == .capture } == 1)
            } catch let error as BillingError where error.code == .shutDown {
                #expect(
                    try await store.journal(JournalQuery(customer: "org_acme")).isEmpty,
                    "what is refused was not begun"
                )
            }
        }
    }

    @Test func `a provider's clock ahead of ours loses no unit`() async throws {
        let theirs = KitFixture.start.advanced(by: .seconds(2))
        let billing = try await system(["bought": event(modifiedAt: theirs, from: theirs)])
        _ = try await billing.receive("bought", id: "1")
        _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
        let line = try await billing.overview(of: "org_acme")[KitFixture.documents]
        #expect(line?.used == 1)
        #expect(line?.remaining == .units(49))
    }

    @Test func `nobody is answered twice when a round is begun again`() async throws {
        let events = ["a": FakeProvider.purchase(by: "a"), "b": FakeProvider.purchase(by: "b", id: "sub_2")]
        let before = try await system(events)
        _ = try await before.receive("a", id: "1")
        _ = try await before.receive("b", id: "2")
        let after = try await system(events, catalog: KitFixture.catalog(version: 2))
        let loads = store.count(.load)
        store.hold()
        let answers = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                _ = try? await after.consume(of: KitFixture.documents, for: "z", key: .request("1"))
                return false
            }
            // Until the first one's commit is under way, what comes after it shares no group.
            while store.count(.load) < loads + 1 { await Task.yield() }
            for customer in ["a", "b"] as [CustomerID] {
                group.addTask {
                    let answer = try? await after.consume(
                        of: KitFixture.documents,
                        for: customer,
                        key: .request("1")
                    )
                    return answer != nil
                }
            }
            for _ in 0..<1_000 { await Task.yield() }
            // The first one's commit is made; the group's catalog cannot be read, and then its commit loses a race.
            store.fail(.catalog, .before(.busy))
            store.loseRace(for: "b")
            store.letGo()
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answers >= 1)
    }

    @Test func `a locked store fails everyone once and nobody in turn`() async throws {
        let billing = try await system([:])
        store.fail(.commit, .before(.busy))
        store.fail(.load, .before(.busy))
        let before = store.count(.load) + store.count(.commit)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    _ = try? await billing.consume(of: KitFixture.documents, for: "org_\(number)", key: .request("1"))
                }
            }
        }
        let calls = store.count(.load) + store.count(.commit) - before
        #expect(calls <= 2 * 40, "\(calls) calls for 40 commands")
    }

    @Test(arguments: [Int.min, -1, 0])
    func `a configuration out of bounds is brought within them`(number: Int) async throws {
        var configuration = BillingSystem.Configuration()
        configuration.largestGroup = number
        configuration.mailboxCapacity = number
        configuration.cachedBytes = number
        configuration.pollInterval = .zero
        let billing = try await BillingSystem(
            catalog: KitFixture.catalog(),
            store: store,
            clock: clock,
            configuration: configuration
        )
        _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("1"))
    }
}
