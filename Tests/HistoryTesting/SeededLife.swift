package import BillingKit
import SeededTesting

/// What a customer does at random, and remembers of it.
package struct SeededLife {
    /// When it begins.
    package static let start = Timestamp(seconds: 1_796_115_600)
    private static let free = Tier.ID("free")
    private static let pro = Tier.ID("pro")
    static let images = Meter.ID("images")
    static let pages = Meter.ID("pages")
    static let seats = Meter.ID("seats")
    static let credits = CreditPool.ID("credits")
    static let pack = Pack.ID("hundred")
    package static let customer: CustomerID = "org_acme"

    private var random: SeededGenerator
    private var step = 0
    private var keys: [BillingSystem.Key] = []
    private var work: [BillingSystem.Reservation] = []
    private var grants: [Account.Grant.ID] = []

    package init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    package static func catalog() throws -> Catalog {
        try Catalog(
            version: 1,
            meters: [
                Meter(images, name: "Images", draw: .init(on: credits, cost: 2)),
                Meter(pages, name: "Pages", draw: .init(on: credits, cost: 3)),
                Meter(seats, name: "Seats", kind: .gauge),
            ],
            pools: [CreditPool(credits, name: "Credits")],
            tiers: [
                Tier(
                    free,
                    rank: 0,
                    name: "Free",
                    allowances: [
                        images: .limited(20, per: .day, overage: .counted(upTo: 5), rollover: .upTo(10)),
                        pages: .limited(5, per: .month), seats: .level(10, overage: .counted(upTo: 2)),
                    ],
                    rates: [pages: [.init(8, per: .hour)]],
                    credits: [credits: .init(50, per: .week, rollover: .upTo(20))]
                ),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [images: .unlimited, pages: .limited(100, per: .month), seats: .unlimited],
                    credits: [credits: .init(500, per: .month)]
                ),
            ],
            fallback: free,
            packs: [Pack(pack, name: "A hundred", contents: .credits(100, of: credits), life: .init(every: 10, .day))],
            trial: .init(days: 10, gives: .tier(pro), reminderDays: [3, 1]),
            settings: .init(refunds: .extend(byDays: 5), holdLength: .seconds(3_600))
        )
    }

    private var key: BillingSystem.Key { .request("\(step)") }

    /// Lets time pass, or not.
    package mutating func pause() -> Duration {
        guard number(3) == 0 else { return .zero }
        return .seconds(pick([1, 600, 7_200, 86_400, 3 * 86_400]))
    }

    /// Does one thing, on one of several servers, and returns what it was answered, in full.
    package mutating func act(on servers: [BillingSystem]) async throws -> String {
        step += 1
        let billing = pick(servers)
        let meter = pick([Self.images, Self.pages])
        let amount = Int64(1 + number(12))
        switch number(17) {
        case 0..<6: return try await use(amount, of: meter, with: billing)
        case 6..<11: return try await workOn(amount, of: meter, with: billing)
        case 11..<14: return try await putRight(amount, of: meter, with: billing)
        case 14..<16: return try await give(amount, with: billing)
        default: return try await changeTerms(amount, of: meter, with: billing)
        }
    }

    private mutating func use(_ amount: Int64, of meter: Meter.ID, with billing: BillingSystem) async throws -> String {
        let answer: BillingSystem.Consumption
        switch number(5) {
        case 0: answer = try await billing.consume(amount, of: meter, for: Self.customer, key: key)
        case 1:
            let both = [Self.images: amount, Self.pages: 1]
            answer = try await billing.consume(all: both, for: Self.customer, key: key)
        case 2: answer = try await billing.consume(upTo: amount, of: meter, for: Self.customer, key: key)
        case 3: answer = .consumed(try await billing.record(amount, of: meter, for: Self.customer, key: key))
        default:
            let events = (0..<amount).map { Account.Command.Event(id: "e\($0 + Int64(step) / 4)", meter: meter) }
            answer = .consumed(try await billing.record(events, for: Self.customer, key: key))
        }
        if case .consumed = answer { keys.append(key) }
        return "\(answer)"
    }

    private mutating func workOn(_ amount: Int64, of meter: Meter.ID, with billing: BillingSystem) async throws
        -> String
    {
        if work.isEmpty || number(2) == 0 {
            let answer = try await billing.reserve(amount, of: meter, for: Self.customer, key: key)
            if case .reserved(let new) = answer {
                work.append(new)
                keys.append(key)
            }
            return "\(answer)"
        }
        let old = pick(work)
        switch number(3) {
        case 0: return "\(try await billing.capture(old, amount: pick([nil, 0, amount])))"
        case 1: return "\(try await billing.release(old))"
        default: return "\(try await billing.extend(old, by: .seconds(9_000)))"
        }
    }

    private mutating func putRight(_ amount: Int64, of meter: Meter.ID, with billing: BillingSystem) async throws
        -> String
    {
        if !keys.isEmpty, number(3) > 0 {
            let units = pick([nil, amount])
            let answer = try await billing.refund(
                pick(keys),
                meter: meter,
                amount: units,
                for: Self.customer,
                key: key
            )
            return "\(answer)"
        }
        let answer = try await billing.correct(
            meter,
            by: amount - 6,
            reason: "found to be wrong",
            author: "ann",
            for: Self.customer,
            key: key
        )
        return "\(answer)"
    }

    private mutating func give(_ amount: Int64, with billing: BillingSystem) async throws -> String {
        switch number(4) {
        case 0:
            let order: (provider: ProviderID, id: String) = ("polar", "order-\(step)")
            return "\(try await billing.grant(pack: Self.pack, to: Self.customer, for: order, key: key))"
        case 1 where !grants.isEmpty: return "\(try await billing.void(pick(grants), of: Self.customer, key: key))"
        default:
            // Some end while units are drawn on them, and some long before they are given.
            let expiry = pick([nil, Self.start.advanced(by: .seconds(864_000 * amount))])
            let answer = try await billing.grant(
                amount * 10,
                of: Self.credits,
                to: Self.customer,
                from: .promotion,
                expiry: expiry,
                key: key
            )
            if case .granted(_, let id) = answer { grants.append(id) }
            return "\(answer)"
        }
    }

    private mutating func changeTerms(_ amount: Int64, of meter: Meter.ID, with billing: BillingSystem) async throws
        -> String
    {
        switch number(4) {
        case 0: return "\(try await billing.startTrial(for: Self.customer))"
        case 1: return "\(try await billing.setLevel(amount, of: Self.seats, for: Self.customer, key: key))"
        case 2:
            try await billing.settle(Self.customer)
            return "settled"
        default:
            let term: Account.Override.Term = pick([
                .allowance(.limited(amount, per: .day), of: meter), .allowance(.unlimited, of: meter),
                .rates([.init(amount, per: .minute)], of: meter), .allowance(.none, of: meter),
            ])
            let end = Self.start.advanced(by: .seconds(86_400 * amount * 6))
            let terms = number(4) == 0 ? [] : [Account.Override(term, until: end)]
            try await billing.override(terms, for: Self.customer, key: key)
            return "overridden"
        }
    }

    private mutating func number(_ count: Int) -> Int {
        Int.random(in: 0..<count, using: &random)
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[number(values.count)]
    }
}
