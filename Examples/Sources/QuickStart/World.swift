import BillingInMemory
import BillingKit
import BillingPolar
import BillingSQLite
import Foundation

/// One server with its database, under a clock that the story moves.
struct World {
    let billing: BillingSystem
    let store: SQLiteStore
    let clock: ManualClock

    init(
        database: URL,
        secret: String,
        at start: Timestamp,
        observers: [any BillingObserver] = []
    ) async throws {
        clock = ManualClock(at: start)
        store = try await SQLiteStore(database.path)
        billing = try await BillingSystem(
            catalog: Recruiting.catalog(),
            store: store,
            provider: PolarProvider(webhookSecrets: [secret], products: Recruiting.products),
            observers: observers,
            clock: clock
        )
    }

    /// Receives a delivery at the time it was sent; where an earlier run of this program was killed in the middle
    /// of applying it, waits for that run's lease to end.
    func receive(_ item: PolarDeliveries.Item) async -> WebhookAnswer {
        let headers: (String) -> [String] = { name in item.headers[name].map { [$0] } ?? [] }
        clock.set(to: item.sentAt)
        var answer = await billing.webhooks.receive(item.bytes, headers: headers)
        guard answer.outcome == .inProgress else { return answer }
        say("     (the run before was killed while it applied this; its lease ends in a minute)")
        clock.advance(by: .seconds(60))
        // Whoever is first takes it over: this repeat of the delivery, or the system that looks for what was left
        // behind.
        for _ in 0..<1_000 {
            answer = await billing.webhooks.receive(item.bytes, headers: headers)
            if answer.outcome != .inProgress { break }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return answer
    }

    /// Runs metered work; where an earlier run of this program was killed in the middle of it, waits for its hold
    /// to lapse.
    func work(
        _ meter: Meter.ID,
        by member: MemberID,
        key: BillingSystem.Key,
        _ body: () async throws -> String
    ) async throws -> BillingSystem.Metered<String> {
        do {
            return try await billing.metered(
                meter,
                for: Recruiting.acme,
                by: member,
                key: key,
                holdingFor: .seconds(30),
                body
            )
        } catch let error as Account.DecisionError {
            guard case .workInProgress(let until) = error.code else { throw error }
            say("     (the run before was killed in this very work; its hold lapses at \(until))")
            clock.set(to: until)
            return try await billing.metered(
                meter,
                for: Recruiting.acme,
                by: member,
                key: key,
                holdingFor: .seconds(30),
                body
            )
        }
    }
}
