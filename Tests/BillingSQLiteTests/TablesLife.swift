#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Testing
import WebhookSignatures

extension Meter.ID {
    fileprivate static let documents = Meter.ID("documents")
    fileprivate static let searches = Meter.ID("searches")
    fileprivate static let images = Meter.ID("images")
    fileprivate static let pages = Meter.ID("pages")
    fileprivate static let calls = Meter.ID("calls")
    fileprivate static let seats = Meter.ID("seats")
}

extension CreditPool.ID {
    fileprivate static let credits = CreditPool.ID("credits")
}

/// A database with some customers' lives in it, and a hand beside the kit's that reads it.
struct TablesLife {
    static let start = Timestamp(seconds: 1_796_115_600)
    static let customers: [CustomerID] = ["acme", "bolt", "cove", "gone"]

    let billing: BillingSystem
    let raw: RawConnection
    let now: Timestamp
    /// When the hold that is open lapses.
    let lapse: Timestamp
    /// The units beyond the limit, as the receipts told them.
    let overage: Int64

    private let folder: TemporaryFolder
    private let store: SQLiteStore

    private struct Unable: Error {}

    init() async throws {
        folder = try TemporaryFolder()
        store = try await SQLiteStore(folder.path("billing.sqlite"))
        let clock = ManualClock(at: Self.start.advanced(by: .seconds(-40 * 86_400)))
        billing = try await BillingSystem(
            catalog: Self.catalog(),
            store: store,
            clock: clock,
            entropy: SeededEntropy(seed: 1)
        )
        _ = try await billing.consume(4, of: .documents, for: "gone", key: .request("1"))
        clock.set(to: Self.start)
        overage = try await Self.live(in: billing, until: clock)

        let work = try await billing.reserve(
            3,
            of: .images,
            for: "acme",
            by: "ann",
            key: .job("work"),
            holdingFor: .seconds(900)
        )
        guard case .reserved = work else { throw Unable() }
        _ = try await billing.reserve(6, of: .documents, for: "cove", key: .job("long"), holdingFor: .seconds(1_800))
        now = clock.now()
        lapse = now.advanced(by: .seconds(900))
        raw = try RawConnection(path: folder.path("billing.sqlite"))
        for (hour, state) in [Delivery.State.failed, .done, .dead, .ignored].enumerated() {
            try await record("\(state.rawValue)", at: Self.start.advanced(by: .seconds(Int64(hour))), as: state)
        }
    }

    /// Three days, and what of them was beyond a limit.
    private static func live(in billing: BillingSystem, until clock: ManualClock) async throws -> Int64 {
        let hour = Duration.seconds(3_600)
        _ = try await billing.consume(5, of: .documents, for: "acme", by: "ann", key: .request("1"))
        _ = try await billing.consume(2, of: .documents, for: "acme", key: .request("2"))
        _ = try await billing.startTrial(for: "cove")
        _ = try await billing.consume(7, of: .documents, for: "cove", key: .request("1"))
        _ = try await billing.consume(2, of: .documents, for: "bolt", key: .request("0"))
        _ = try await billing.reserve(2, of: .documents, for: "bolt", key: .job("lost"), holdingFor: .seconds(60))
        clock.advance(by: hour * 25)
        _ = try await billing.grant(
            pack: Pack.ID("hundred"),
            to: "acme",
            for: ("polar", "ord_1"),
            key: .request("pack")
        )
        let soon = clock.now().advanced(by: .seconds(20 * 86_400))
        let late = clock.now().advanced(by: .seconds(50 * 86_400))
        _ = try await billing.grant(9, of: .images, to: "acme", from: .promotion, expiry: soon, key: .request("a"))
        _ = try await billing.grant(9, of: .images, to: "bolt", from: .promotion, expiry: late, key: .request("b"))
        _ = try await billing.consume(2, of: .documents, for: "acme", by: "bo", key: .request("3"))
        _ = try await billing.refund(.request("1"), amount: 1, for: "acme", by: "bo", key: .request("4"))
        _ = try await billing.consume(6, of: .pages, for: "acme", by: "bo", key: .request("5"))
        _ = try await billing.consume(4, of: .calls, for: "acme", by: "bo", key: .request("6"))
        clock.advance(by: hour * 24)
        _ = try await billing.raise(2, of: .seats, for: "acme", key: .request("7"))
        var overage: Int64 = 0
        for (number, units) in [Int64(4), 2, 1].enumerated() {
            let receipt = try await billing.record(units, of: .searches, for: "bolt", key: .request("s\(number)"))
            overage += receipt.overage
        }
        clock.advance(by: hour * 24)
        return overage
    }

    private static func catalog() throws -> Catalog {
        let month = Recurrence.month
        return try Catalog(
            version: 1,
            meters: [
                Meter(.documents, name: "Documents"), Meter(.searches, name: "Searches"),
                Meter(.images, name: "Images"), Meter(.pages, name: "Pages", draw: .init(on: .credits, cost: 2)),
                Meter(.calls, name: "Calls"), Meter(.seats, name: "Seats", kind: .gauge),
            ],
            pools: [CreditPool(.credits, name: "Credits")],
            tiers: [
                Tier(
                    Tier.ID("free"),
                    rank: 0,
                    name: "Free",
                    allowances: [
                        .documents: .limited(10, per: month), .images: .limited(5, per: month),
                        .searches: .limited(5, per: month, overage: .countedWithoutCap),
                        .pages: .limited(2, per: month), .calls: .unlimited, .seats: .level(3),
                    ],
                    credits: [.credits: .init(3, per: month)]
                ),
                Tier(Tier.ID("pro"), rank: 1, name: "Pro", allowances: [.documents: .limited(50, per: month)]),
            ],
            fallback: Tier.ID("free"),
            packs: [Pack(Pack.ID("hundred"), name: "A hundred", contents: .credits(100, of: .credits))],
            trial: .init(days: 14, gives: .tier(Tier.ID("pro")))
        )
    }

    /// Records a webhook that is genuinely signed, and settles it.
    private func record(_ id: String, at now: Timestamp, as state: Delivery.State) async throws {
        let secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let body = Array("{\"id\":\"\(id)\"}".utf8)
        let headers = try WebhookSigner(.standardWebhooks, secrets: [secret]).sign(body, id: id, timestamp: now.seconds)
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [secret])
        let verified = verifier.verify(body, at: now.seconds) { name in headers[name].map { [$0] } ?? [] }
        guard case .verified(let webhook) = verified else { throw Unable() }
        let request = RecordDeliveryRequest(
            webhook,
            from: "polar",
            receivedAt: now,
            leasedUntil: now.advanced(by: .seconds(60))
        )
        guard case .leased(let lease) = try await store.record(request) else { throw Unable() }
        let retryAt = state == .failed ? now.advanced(by: .seconds(60)) : nil
        let settlement = DeliverySettlement(lease: lease, state: state, detail: "why \(id)", retryAt: retryAt)
        guard try await store.settle(settlement) else { throw Unable() }
    }

    /// Runs a statement of a host's.
    func rows(_ sql: String, _ parameters: [SQLValue] = []) async throws -> [[SQLValue]] {
        let columns: [SQLColumn] = parameters.map { value in
            switch value {
            case .integer(let integer): .integers([integer])
            case .text(let text): .texts([text])
            default: .texts([nil])
            }
        }
        return try await raw.run([SQLStep(SQLStatement(sql), columns)]).first?.rows ?? []
    }

    func changes(of customer: CustomerID) async throws -> [Account.Change] {
        try await store.journal(JournalQuery(customer: customer))
    }

    func changes() async throws -> [Account.Change] {
        var changes: [Account.Change] = []
        for customer in Self.customers { changes += try await self.changes(of: customer) }
        return changes
    }
}
#endif
