import BillingModel
import Foundation
import SeededTesting
import Testing

/// Random lives of customers, held against every law after every few steps.
@Suite struct CommandPropertyTests {
    static let parts = 5
    /// 50,000 commands, or as many as the long suite asks for.
    static let livesPerPart = ProcessInfo.processInfo.environment["BILLINGKIT_LIVES"].flatMap { Int($0) } ?? 50
    static let commandsPerLife = 200

    @Test func `whatever is asked, the books balance`() async throws {
        let tally = try await withThrowingTaskGroup(of: LifeTally.self) { group in
            for part in 0..<Self.parts { group.addTask { try Self.live(part: part) } }
            return try await group.reduce(into: LifeTally()) { $0.add($1) }
        }
        print("commands:\n\(tally)")
        // Of all parts together: how often something rare comes up in one alone is chance.
        tally.check()
    }

    /// Lives the lives of a part, and returns how often what came up.
    private static func live(part: Int) throws -> LifeTally {
        let seed = SeededGenerator.seed(for: "commands, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var tally = LifeTally()
        for number in 0..<livesPerPart {
            let catalog = try catalog(using: &generator)
            var life = try Life(customer: CustomerID("customer \(number)"), catalog: catalog)
            for step in 0..<commandsPerLife {
                try life.step(using: &generator, tally: &tally)
                if step.isMultiple(of: 10) { try life.check() }
                if step.isMultiple(of: 40) {
                    let sleep = Duration.days([1, 10, 45, 200].randomElement(using: &generator) ?? 1)
                    try life.checkThatSleepingMakesNoDifference(
                        until: max(life.clock, life.ledger.account.instant) + sleep
                    )
                }
            }
            try life.check()
        }
        return tally
    }

    private static func catalog(using generator: inout SeededGenerator) throws -> Catalog {
        let gifts: [Catalog.Trial.Gift] = [.tier(.pro), .credits(60, of: .ai), .units(15, of: .documents)]
        let policies: [Catalog.RefundPolicy] = [.expire, .extend(byDays: 5), .newGrant]
        // Two customers in three can go beyond the limits of the free tier too.
        let isSoft = Int.random(in: 0..<3, using: &generator) > 0
        let free: [Meter.ID: Allowance] = [
            .documents: .limited(10, per: .month, overage: isSoft ? .counted(upTo: 12) : .refused),
            .searches: .limited(3, per: .day, overage: isSoft ? .countedWithoutCap : .refused),
            .desks: .level(2, overage: isSoft ? .counted(upTo: 3) : .refused),
        ]
        return try Lab.catalog(
            allowances: free,
            trial: gifts.randomElement(using: &generator) ?? .tier(.pro),
            refunds: policies.randomElement(using: &generator) ?? .expire
        )
    }
}
