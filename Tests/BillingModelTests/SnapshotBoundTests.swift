import BillingModel
import Testing

/// Every text and number in a provider's word has a bound and a clear refusal.
@Suite struct SnapshotBoundTests {
    private let now = Fixture.day(3)

    private func refusal(of snapshot: ProviderSnapshot) throws -> Account.DecisionError.Code? {
        var ledger = try Ledger()
        let found = code { try ledger.send(.take(snapshot), at: now) }
        if found != nil { #expect(ledger.journal == []) }
        return found
    }

    private func snapshot(
        _ text: String,
        in place: String
    ) throws -> ProviderSnapshot {
        func report(
            provider: ProviderID = "polar",
            status: String = "active",
            discount: String? = nil,
            pending: String? = nil
        ) -> ProviderSnapshot {
            let report = SubscriptionSnapshot(
                provider: provider,
                id: "sub_1",
                version: Fixture.version(now),
                tier: .pro,
                status: SubscriptionStatus(status),
                cycle: .month,
                period: Fixture.days(0, 31),
                discount: discount,
                pending: pending.map { .init(tier: Tier.ID($0), appliesAt: Fixture.day(31)) }
            )
            return ProviderSnapshot(provider: provider, subscriptions: [report])
        }
        func order(status: String) throws -> ProviderSnapshot {
            let known = try Fixture.order(at: now)
            return ProviderSnapshot(
                provider: "polar",
                order: Account.Order(
                    provider: "polar",
                    id: known.id,
                    version: known.version,
                    status: status,
                    isPaid: true,
                    purpose: .purchase,
                    createdAt: now,
                    total: known.total
                )
            )
        }
        return switch place {
        case "provider": report(provider: ProviderID(text))
        case "status": report(status: text)
        case "discount": report(discount: text)
        case "pending": report(pending: text)
        case "order status": try order(status: text)
        case "benefit subscription": BenefitTests.word(at: now, subscription: text)
        default: BenefitTests.word(.feature(Feature.ID(text)), at: now)
        }
    }

    private static let places = [
        "provider", "status", "discount", "pending", "order status", "benefit subscription", "benefit feature",
    ]

    @Test(arguments: places)
    func `a text has 1 to 255 bytes without NUL`(place: String) throws {
        for text in ["", "a\0b", String(repeating: "s", count: 256), String(repeating: "\u{E9}", count: 128)] {
            #expect(try refusal(of: snapshot(text, in: place)) == .malformedIdentifier, "\(place): \(text.utf8.count)")
        }
        for text in ["s", "s\u{E9} t", String(repeating: "s", count: 255)] {
            #expect(try refusal(of: snapshot(text, in: place)) == nil, "\(place): \(text)")
        }
    }

    @Test func `what an order mentions is left out where no store could keep it, and the payment counts`() throws {
        for (text, isKept) in [
            (String(repeating: "r", count: 2_048), true), (String(repeating: "r", count: 2_049), false),
            ("a\0b", false), ("", false),
        ] {
            var ledger = try Ledger()
            try ledger.take(try Fixture.order(at: now, checkout: text == "" ? text : "chk", reference: text), at: now)
            let kept = ledger.journal.flatMap(\.effects).compactMap { effect in
                if case .ordered(let order) = effect { order } else { nil }
            }
            #expect(kept.map(\.reference) == [isKept ? text : nil])
            #expect(kept.map(\.checkout) == [text == "" ? nil : "chk"])
            #expect(ledger.account.upgrades.map(\.stage) == [.completed])
        }
    }

    @Test func `the message says which text it is and not what it is`() throws {
        var ledger = try Ledger()
        let secret = String(repeating: "secret", count: 100)
        do {
            try ledger.send(.take(snapshot(secret, in: "discount")), at: now)
            Issue.record("it is taken")
        } catch let error as Account.DecisionError {
            #expect(error.message.contains("discount of a subscription") && !error.message.contains("secret"))
        }
    }

    @Test(arguments: [Int64.min, -1, 0, Catalog.Limits.units + 1, .max])
    func `a benefit of no units, or of more than there can be, is refused`(units: Int64) throws {
        let word = BenefitTests.word(
            .units(units, of: .meter(.documents), rollsOver: true),
            creditedAt: now,
            at: now
        )
        #expect(try refusal(of: word) == .amountOutOfBounds)
    }

    private static let numbers: [Int64] = [.min, .min + 1, -1, 0, 1, .max]

    @Test(arguments: ["quantity", "pending quantity", "price", "total", "refunded"])
    func `a number that cannot be is refused, and said what it is`(place: String) throws {
        let isOfUnits = place.hasSuffix("quantity")
        let most = isOfUnits ? Catalog.Limits.units : Catalog.Limits.minorUnits
        // An order of less than nothing is one of credit.
        let least = place == "total" ? -most : 0
        for number in Self.numbers + [most, most + 1, -most, -most - 1] {
            let isKept = (least...most).contains(number)
            let snapshot = try snapshot(number, in: place)
            #expect(try refusal(of: snapshot) == (isKept ? nil : .amountOutOfBounds), "\(place): \(number)")
            guard !isKept else { continue }
            var ledger = try Ledger()
            do {
                try ledger.send(.take(snapshot), at: now)
            } catch let error as Account.DecisionError {
                #expect(error.message.contains("\(number); \(least) to \(most) are allowed."), "\(error.message)")
            }
        }
    }

    private func snapshot(_ number: Int64, in place: String) throws -> ProviderSnapshot {
        let dollars = try #require(Currency(code: "USD"))
        let money = Money(minorUnits: number, currency: dollars)
        if ["total", "refunded"].contains(place) {
            let order = Account.Order(
                provider: "polar",
                id: "order_1",
                version: Fixture.version(now),
                status: "paid",
                isPaid: true,
                purpose: .purchase,
                createdAt: now,
                total: place == "total" ? money : Money(minorUnits: 2_900, currency: dollars),
                refundedMinorUnits: place == "refunded" ? number : 0
            )
            return ProviderSnapshot(provider: "polar", order: order)
        }
        let report = Fixture.subscription(
            .pro,
            period: Fixture.days(0, 31),
            quantity: place == "quantity" ? number : nil,
            price: place == "price" ? money : nil,
            pending: place == "pending quantity" ? .init(tier: .pro, quantity: number, appliesAt: Fixture.day(31)) : nil
        )
        return ProviderSnapshot(provider: "polar", subscriptions: [report])
    }

    @Test func `a word of another provider account than its snapshot's is refused`() throws {
        let report = Fixture.subscription(.pro, period: Fixture.days(0, 31), provider: "stripe")
        #expect(try refusal(of: ProviderSnapshot(provider: "polar", subscriptions: [report])) == .malformedRequest)
    }

    @Test func `so many reports at once are refused`() throws {
        let reports = (0...ProviderSnapshot.maximumReports).map { number in
            Fixture.subscription(.pro, id: "sub_\(number)", period: Fixture.days(0, 31))
        }
        #expect(try refusal(of: ProviderSnapshot(provider: "polar", subscriptions: reports)) == .malformedRequest)
        let most = Array(reports.dropLast())
        #expect(try refusal(of: ProviderSnapshot(provider: "polar", subscriptions: most)) == nil)
    }
}
