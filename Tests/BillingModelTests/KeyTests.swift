import BillingModel
import Testing

/// The key of work that goes on belongs to it, whatever else is asked under it.
@Suite struct KeyTests {
    let now = Fixture.day(3)

    private static let commands: [Account.Command] = [
        .consume(1, key: "job"), .consume(upTo: 1, key: "job"), .consumeAll([(.documents, 1)], key: "job"),
        .record(1, key: "job"), .grant(1, key: "job"), .take(ProviderSnapshot(provider: "polar"), key: "job"),
        .init(.recordAll([.init(id: "1", meter: .documents)]), key: "job"),
        .init(.refund(.init(of: "used")), key: "job"),
        .init(.correct(.init(meter: .documents, amount: 1, reason: "twice")), key: "job", member: "ann"),
        .init(.setLevel(.init(meter: .desks, units: 1)), key: "job"),
        .init(.raise(.init(meter: .desks, amount: 1)), key: "job"),
        .init(.lower(.init(meter: .desks, amount: 1)), key: "job"),
        .init(
            .grantPack(.init(.credits, order: .init(provider: "polar", kind: .grant, id: "order-1"))),
            key: "job"
        ),
        .init(.void(Account.Grant.ID("3.0")), key: "job"), .init(.startTrial, key: "job"),
        .init(.override([]), key: "job"),
        .init(.startUpgrade(.init(tier: .pro, cycle: nil, reference: nil)), key: "job"),
    ]

    /// An account that any of the commands would change, with work going on for an hour.
    private func busy() throws -> (Ledger, Work) {
        var ledger = try Ledger(catalog: Lab.catalog())
        try ledger.consume(2, key: "used", at: now)
        try ledger.raise(at: now)
        try ledger.grant(1, at: now)
        let work = try ledger.reserve(2, for: .hours(1), at: now)
        return (ledger, work)
    }

    @Test(arguments: commands)
    func `nothing uses up the key of work that goes on, so that its end finds it free`(
        command: Account.Command
    ) throws {
        var (ledger, work) = try busy()
        #expect(code { try ledger.send(command, at: now + .minutes(59)) } == .keyReused)
        #expect(try ledger.capture(work, at: now + .minutes(59)).isApplied)
    }

    @Test(arguments: commands)
    func `the key of work that has lapsed is free`(command: Account.Command) throws {
        var (ledger, _) = try busy()
        #expect(code { try ledger.send(command, at: now + .hours(1)) } == nil)
    }

    @Test(arguments: commands)
    func `the key of work that is done is used up`(command: Account.Command) throws {
        var (ledger, work) = try busy()
        try ledger.capture(work, at: now)
        #expect(code { try ledger.send(command, at: now) } == .keyReused)
    }
}
