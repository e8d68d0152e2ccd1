import BillingInMemory
import BillingKit
import Foundation
import Testing

/// Reservations that lie in a queue or a table while their work goes on.
@Suite struct ReservationTests {
    private func system(on store: InMemoryStore) async throws -> BillingSystem {
        try await BillingSystem(
            catalog: Catalog(
                version: 1,
                meters: [
                    Meter(KitFixture.documents, name: "Documents"), Meter(Meter.ID("pages"), name: "Pages"),
                ],
                tiers: [
                    Tier(
                        KitFixture.free,
                        rank: 0,
                        name: "Free",
                        allowances: [KitFixture.documents: .limited(10, per: .month), Meter.ID("pages"): .unlimited]
                    )
                ],
                fallback: KitFixture.free
            ),
            store: store,
            clock: ManualClock(at: KitFixture.start)
        )
    }

    @Test(arguments: [KitFixture.documents, Meter.ID("pages")])
    func `a reservation that was encoded is the same one, for any server`(meter: Meter.ID) async throws {
        let store = InMemoryStore()
        let answer = try await system(on: store).reserve(3, of: meter, for: "org_acme", key: .job("1"))
        guard case .reserved(let work) = answer else {
            Issue.record("\(answer)")
            return
        }
        let kept = try JSONEncoder().encode(work)
        let read = try JSONDecoder().decode(BillingSystem.Reservation.self, from: kept)
        #expect(read == work)
        let receipt = try await system(on: store).capture(read, amount: 2)
        #expect(receipt.amount == 2)
        let overview = try await system(on: store).overview(of: "org_acme")
        #expect(overview[meter]?.used == 2)
        #expect(overview[meter]?.held == 0)
    }

    @Test func `an encoded reservation that was tampered with is refused and counts nothing`() async throws {
        let billing = try await system(on: InMemoryStore())
        guard
            case .reserved(let work) = try await billing.reserve(
                3,
                of: KitFixture.documents,
                for: "org_acme",
                key: .job("1")
            ),
            var text = String(data: try JSONEncoder().encode(work), encoding: .utf8)
        else {
            Issue.record("units that are there can be set aside")
            return
        }
        text = text.replacingOccurrences(of: #""amount":3"#, with: #""amount":-3"#)
        let read = try JSONDecoder().decode(BillingSystem.Reservation.self, from: Data(text.utf8))
        await #expect(throws: Account.DecisionError.self) { try await billing.capture(read) }
        #expect(try await billing.overview(of: "org_acme")[KitFixture.documents]?.used == 0)
    }
}
