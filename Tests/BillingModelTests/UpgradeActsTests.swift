import BillingModel
import SeededTesting
import Testing

/// However much is done about one attempt, what is remembered of it depends on what was done, and not on when it was told.
@Suite struct UpgradeActsTests {
    /// When the first word arrives.
    private static let start = Fixture.day(45)
    private let job = Upgrade.Key.reference("job-1")

    /// Something that was done, as far as a model of it in a list needs to know.
    private struct Deed {
        let kind: Upgrade.Act.Kind
        let at: Timestamp
        var tier: Tier.ID = .pro
        var cycle: Recurrence?
        var member: MemberID?
        var source: String?
        var denial: Account.Denial?

        func command(of key: Upgrade.Key) -> Account.Command {
            let reference: String? = if case .reference(let name) = key { name } else { nil }
            let request = Account.Command.UpgradeRequest(
                .tier(tier),
                cycle: cycle,
                reference: reference,
                denial: denial,
                attribution: source.map { Upgrade.Attribution(source: $0) },
                at: at
            )
            return switch kind {
            case .locked: Account.Command(.advanceUpgrade(.init(locking: request)), member: member)
            case .clicked: Account.Command(.startUpgrade(request), member: member)
            case .cancelled: Account.Command(.advanceUpgrade(.init(.cancelled, of: key, at: at)))
            case .successSeen: Account.Command(.advanceUpgrade(.init(.successSeen, of: key, at: at)))
            }
        }
    }

    /// The kinds of what is done in one story after the other.
    private static let kinds: [[Upgrade.Act.Kind]] = [
        Upgrade.Act.Kind.allCases, [.locked, .clicked], [.clicked, .cancelled], [.locked, .successSeen],
    ]

    private static func catalog() throws -> Catalog {
        try Fixture.catalog(attempts: .init(life: .days(60), abandonedAfter: .days(30)))
    }

    private static func deeds(
        _ count: Int,
        of kinds: [Upgrade.Act.Kind],
        about key: Upgrade.Key,
        using generator: inout SeededGenerator
    ) throws -> [Deed] {
        // Seldom enough that the first of them is often among those that are not remembered for their own sake.
        let seldom = Int.random(in: 1...30, using: &generator)
        return (0..<count).map { _ in
            // So coarse that instants often coincide.
            let hours = Int64.random(in: 0..<240, using: &generator)
            var deed = Deed(
                kind: kinds.randomElement(using: &generator) ?? .clicked,
                at: Fixture.day(0) + .hours(4 * hours)
            )
            guard deed.kind == .locked || deed.kind == .clicked else { return deed }
            if key != .tier(.pro) { deed.tier = [.pro, .enterprise].randomElement(using: &generator) ?? .pro }
            deed.cycle = [nil, .month, .year].randomElement(using: &generator) ?? nil
            func isRare() -> Bool { Int.random(in: 0..<seldom, using: &generator) == 0 }
            deed.member = isRare() ? ["ann", "bob", "cleo"].randomElement(using: &generator) : nil
            deed.source = isRare() ? ["letter", "search", "shop"].randomElement(using: &generator) : nil
            if isRare() { deed.denial = Self.denial(Int64.random(in: 1...9, using: &generator)) }
            return deed
        }
    }

    private static func denial(_ requested: Int64) -> Account.Denial? {
        var ledger = try? Ledger()
        return try? ledger?.consume(100 + requested, at: Fixture.day(0)).denial
    }

    private static func told(_ deeds: [Deed], of key: Upgrade.Key) throws -> Ledger {
        var ledger = try Ledger(catalog: catalog())
        for (second, deed) in deeds.enumerated() {
            try ledger.send(deed.command(of: key), at: start + .seconds(Int64(second)))
            #expect(ledger.account.upgrades.allSatisfy { $0.acts.count <= Upgrade.maximumActs })
        }
        return ledger
    }

    @Test(arguments: 0..<2)
    func `what is remembered of many acts depends on what was done, and not on when it was told`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "many acts, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var stages: [Upgrade.Stage: Int] = [:]
        var (forgotten, full, said) = (0, 0, 0)
        for number in 0..<48 {
            let key = [job, .tier(.pro)].randomElement(using: &generator) ?? job
            let deeds = try Self.deeds(
                Int.random(in: 20...90, using: &generator),
                of: Self.kinds[number % Self.kinds.count],
                about: key,
                using: &generator
            )
            let inOrder = try Self.told(deeds.sorted { $0.at < $1.at }, of: key).account.upgrades
            for _ in 0..<2 {
                let copies = deeds.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
                let shuffled = (deeds + copies).shuffled(using: &generator)
                let upgrades = try Self.told(shuffled, of: key).account.upgrades
                guard upgrades == inOrder else {
                    Issue.record("\(upgrades)\nand not\n\(inOrder)\nafter\n\(shuffled)")
                    return
                }
            }
            let attempt = try #require(inOrder.first)
            #expect(inOrder.count == 1)
            let acts = Set(deeds.map { "\($0.kind) \($0.at)" }).count
            if attempt.acts.count < acts { forgotten += 1 }
            if attempt.acts.count == Upgrade.maximumActs { full += 1 }
            said += [attempt.startedBy == nil, attempt.attribution == nil, attempt.denial == nil].count { !$0 }
            stages[attempt.stage, default: 0] += 1
            Self.expect(attempt, after: deeds)
        }
        print("many acts, part \(part): \(stages), \(forgotten) times forgotten, \(full) times full, \(said) said")
        #expect(forgotten > 24 && said > 40)
        for stage in [Upgrade.Stage.locked, .clicked, .cancelled] {
            #expect(stages[stage, default: 0] >= 5, "\(stages)")
        }
    }

    /// Holds what an attempt shows against the whole list of what was done.
    private static func expect(_ attempt: Upgrade, after deeds: [Deed]) {
        func first(_ kind: Upgrade.Act.Kind) -> Timestamp? { deeds.filter { $0.kind == kind }.map(\.at).min() }
        func last(_ kind: Upgrade.Act.Kind) -> Timestamp? { deeds.filter { $0.kind == kind }.map(\.at).max() }
        #expect(attempt.lockedAt == first(.locked) && attempt.clickedAt == first(.clicked))
        #expect(attempt.cancelledAt == last(.cancelled) && attempt.successSeenAt == first(.successSeen))
        #expect(attempt.wish?.at == last(.clicked) ?? last(.locked))
        let beginning = deeds.filter { $0.member != nil }.map(\.at).min()
        #expect(attempt.start?.at == beginning)
        if let member = attempt.startedBy {
            #expect(deeds.contains { $0.member == member && $0.at == beginning })
        }
        #expect(attempt.denial?.at == deeds.filter { $0.denial != nil }.map(\.at).min())
        #expect(attempt.visit?.at == deeds.filter { $0.source != nil }.map(\.at).min())
        if let clicked = last(.clicked), last(.cancelled).map({ $0 < clicked }) ?? true {
            #expect(attempt.expiresAt == clicked + .days(60))
        } else if last(.clicked) == nil, last(.cancelled) == nil, attempt.reference == nil {
            let offered = [last(.locked), last(.successSeen)].compactMap(\.self).max()
            #expect(attempt.expiresAt == offered.map { $0 + .days(60) })
        }
    }

    @Test func `the only cancellation counts, whatever is offered after it`() throws {
        var ledger = try Ledger()
        let request = Account.Command.UpgradeRequest(.tier(.pro), reference: "job-1")
        try ledger.click(request, at: Fixture.day(1))
        try ledger.advance(job, .cancelled, at: Fixture.day(2))
        for number in 0..<100 { try ledger.lock(request, at: Fixture.day(3) + .minutes(Int64(number))) }
        #expect(ledger.upgrade("job-1")?.stage == .cancelled && ledger.upgrade("job-1")?.cancelledAt == Fixture.day(2))
        #expect(ledger.upgrade("job-1")?.clickedAt == Fixture.day(1))
    }
}
