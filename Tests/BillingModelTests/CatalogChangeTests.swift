import BillingModel
import Testing

/// Meters that a later catalog makes another kind of meter.
@Suite struct CatalogChangeTests {
    let now = Fixture.opening

    /// A catalog of documents, which are used up or stand.
    private func catalog(version: Catalog.Version, _ kind: Meter.Kind) throws -> Catalog {
        let allowance = kind == .gauge ? Allowance.level(5) : .limited(10, per: .month)
        return try Catalog(
            version: version,
            meters: [Meter(.documents, name: "Documents", kind: kind)],
            tiers: [Tier(.free, rank: 0, name: "Free", allowances: [.documents: allowance])],
            fallback: .free,
            settings: .init(lowBalance: [])
        )
    }

    private func ledger(from kind: Meter.Kind) throws -> Ledger {
        try Ledger(catalog: catalog(version: 1, kind))
    }

    @Test func `a meter that becomes a gauge is due no more for what has been settled`() throws {
        var ledger = try ledger(from: .consumable)
        try ledger.consume(1, at: now)
        ledger.catalog = try catalog(version: 2, .gauge)
        try ledger.settle(at: Fixture.day(40))
        for day in 40...100 as ClosedRange<Int64> {
            try ledger.settle(at: Fixture.day(day))
            let due = ledger.account.dueAt(in: ledger.catalog)
            #expect(due.map { $0 > Fixture.day(day) } ?? true, "on day \(day)")
            let count = ledger.journal.count
            try ledger.settle(at: Fixture.day(day) + .hours(1))
            #expect(ledger.journal.count == count, "on day \(day)")
        }
        ledger.audit.check(ledger.account)
    }

    @Test func `units given of a meter that became a gauge still end`() throws {
        var ledger = try ledger(from: .consumable)
        try ledger.grant(5, expiry: Fixture.day(3), at: now)
        ledger.catalog = try catalog(version: 2, .gauge)
        try ledger.settle(at: Fixture.day(10))
        #expect(try ledger.overview(at: Fixture.day(10)).grants == [])
        #expect(ledger.account.grants == [])
        ledger.audit.check(ledger.account)
    }

    @Test func `a gauge that becomes a meter that is used up contradicts nothing`() throws {
        var ledger = try ledger(from: .gauge)
        try ledger.set(.documents, to: 3, at: now)
        ledger.catalog = try catalog(version: 2, .consumable)
        try ledger.settle(at: Fixture.day(1))
        #expect(try ledger.consume(1, at: Fixture.day(1)).isApplied)
        let line = try ledger.line(at: Fixture.day(1))
        #expect(line.used == 1 && line.remaining == .units(9))
        #expect(ledger.account.findings(in: ledger.catalog) == [])
        ledger.audit.check(ledger.account)
    }
}
