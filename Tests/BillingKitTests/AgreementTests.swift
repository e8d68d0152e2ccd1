import BillingInMemory
import BillingKit
import Foundation
import HistoryTesting
import Testing

/// Random lives of a customer on two servers, after each of which account, journal and past agree.
@Suite struct AgreementTests {
    private static let seeds: [UInt64] = {
        let first = ProcessInfo.processInfo.environment["BILLINGKIT_SEED"].flatMap { UInt64($0) }
        return (0..<8).map { (first ?? .random(in: 0 ... .max)) &+ $0 }
    }()

    @Test(arguments: seeds)
    func `whatever is called, account, journal and past agree`(seed: UInt64) async throws {
        let clock = ManualClock(at: KitFixture.start)
        let store = InMemoryStore()
        var servers: [BillingSystem] = []
        for server in 0..<2 {
            servers.append(
                try await BillingSystem(
                    catalog: SeededLife.catalog(),
                    store: store,
                    clock: clock,
                    entropy: SeededEntropy(seed: seed &+ UInt64(server))
                )
            )
        }
        var life = SeededLife(seed: seed)
        for step in 1...400 {
            clock.advance(by: life.pause())
            do {
                _ = try await life.act(on: servers)
            } catch let error as Account.DecisionError {
                switch error.code {
                case .amountOutOfBounds, .unknownUse, .keyReused: break
                default: Issue.record("BILLINGKIT_SEED=\(seed), step \(step): \(error)")
                }
            }
            guard step.isMultiple(of: 10) else { continue }
            let now = try await servers[0].overview(of: SeededLife.customer)
            let past = try await servers[1].overview(of: SeededLife.customer, asOf: now.at)
            #expect(past == now, "BILLINGKIT_SEED=\(seed), step \(step)")
            let findings = try await servers[0].examine(SeededLife.customer)
            #expect(findings.isEmpty, "BILLINGKIT_SEED=\(seed), step \(step): \(findings)")
        }
    }
}
