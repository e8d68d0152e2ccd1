import BillingInMemory
import BillingKit
import Testing

/// Examinations of accounts that are not what their journal says, as after a row was changed by hand.
@Suite struct ExaminationTests {
    private let store = InMemoryStore()
    private let clock = ManualClock(at: KitFixture.start)

    private func system(_ catalog: Catalog) async throws -> BillingSystem {
        try await BillingSystem(catalog: catalog, store: store, clock: clock, entropy: SeededEntropy(seed: 7))
    }

    private func account() async throws -> Account {
        let items = [LoadRequest.Item(customer: "org_acme")]
        return try #require(try await store.load(LoadRequest(items: items)).first?.account)
    }

    /// Commits an account whose journal does not say how it came about.
    private func commit(_ effects: [Account.Effect], journalling told: [Account.Effect]) async throws {
        var account = try await account()
        let (revision, instant) = (account.revision + 1, account.instant)
        func change(_ effects: [Account.Effect]) -> Account.Change {
            Account.Change(
                customer: "org_acme",
                revision: revision,
                kind: .settle,
                key: nil,
                fingerprint: 0,
                member: nil,
                recordedAt: instant,
                effectiveAt: instant,
                receipt: nil,
                effects: effects,
                notices: [],
                references: []
            )
        }
        let isNext = account.apply(change(effects))
        #expect(isNext)
        let item = CommitRequest.Item(account: account, changes: [change(told)], dueAt: nil)
        #expect(try await store.commit(CommitRequest(items: [item])) == [.committed])
    }

    @Test func `what the journal does not say is found and put back, also where it is remembered otherwise`()
        async throws
    {
        let billing = try await system(KitFixture.catalog())
        _ = try await billing.consume(4, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        let period = try #require(try await account().periods.first)
        var spoilt = period
        spoilt.used = 1
        try await commit([.periodOpened(spoilt)], journalling: [])
        let findings = try await billing.examine("org_acme")
        #expect(findings == [Account.Finding(.differsFromJournal(.period(period)))])
        #expect(try await billing.overview(of: "org_acme")[KitFixture.documents]?.used == 1)
        for finding in findings { #expect(try await billing.repair(finding, of: "org_acme") == .repaired) }
        #expect(try await billing.overview(of: "org_acme")[KitFixture.documents]?.used == 4)
        #expect(try await billing.examine("org_acme").isEmpty)
    }

    @Test func `a row that was changed without a revision is found though the server remembers the account`()
        async throws
    {
        let billing = try await system(KitFixture.catalog())
        _ = try await billing.consume(4, of: KitFixture.documents, for: "org_acme", key: .request("1"))
        let account = try await account()
        var grant = try #require(account.grants.first)
        let sound = grant
        grant.used = 3
        let spoilt = Account(
            customer: account.customer,
            revision: account.revision,
            instant: account.instant,
            anchor: account.anchor,
            standing: account.standing,
            periods: account.periods,
            grants: [grant]
        )
        // An item without changes leaves the revision as it is.
        let item = CommitRequest.Item(account: spoilt, changes: [], dueAt: nil)
        #expect(try await store.commit(CommitRequest(items: [item])) == [.committed])
        #expect(try await billing.examine("org_acme") == [Account.Finding(.differsFromJournal(.grant(sound)))])
    }

    @Test func `units of a meter that only an earlier catalog has are no contradiction`() async throws {
        let first = try Catalog(
            version: 1,
            meters: [Meter(KitFixture.documents, name: "Documents"), Meter(Meter.ID("faxes"), name: "Faxes")],
            tiers: [
                Tier(
                    KitFixture.free,
                    rank: 0,
                    name: "Free",
                    allowances: [KitFixture.documents: .limited(10, per: .month)]
                )
            ],
            fallback: KitFixture.free
        )
        let earlier = try await system(first)
        _ = try await earlier.grant(5, of: Meter.ID("faxes"), to: "org_acme", from: .promotion, key: .request("1"))
        let later = try await system(KitFixture.catalog(version: 2))
        #expect(try await later.examine("org_acme").isEmpty)
    }
}
