import BillingKit

extension Fixture {
    static let region = Feature.ID("region")

    /// The catalog of ``life``: it has what a customer can have in a life.
    static func makeLifeCatalog() throws(CatalogError) -> Catalog {
        try Catalog(
            version: 1,
            meters: [
                Meter(documents, name: "Documents", draw: .init(on: credits, cost: 3)),
                Meter(searches, name: "Searches"),
                Meter(seats, name: "Seats", kind: .gauge),
            ],
            pools: [CreditPool(credits, name: "Credits")],
            features: [Feature(region, name: "Region", kind: .text)],
            tiers: [
                Tier(
                    free,
                    rank: 0,
                    name: "Free",
                    allowances: [
                        documents: .limited(10, per: .month, rollover: .upTo(5)),
                        searches: .limited(100, per: .day, overage: .countedWithoutCap),
                        seats: .level(3),
                    ],
                    rates: [searches: [.init(60, per: .minute)]],
                    credits: [credits: .init(30, per: .month, rollover: .upTo(10))]
                ),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [
                        documents: .limited(50, per: .month, overage: .counted(upTo: 20)),
                        searches: .unlimited,
                        seats: .level(10, overage: .countedWithoutCap),
                    ],
                    features: [region: "eu"]
                ),
                Tier(
                    enterprise,
                    rank: 2,
                    name: "Enterprise",
                    allowances: [documents: .unlimited, searches: .unlimited]
                ),
            ],
            fallback: free,
            packs: [Pack(Pack.ID("hundred"), name: "A hundred", contents: .credits(100, of: credits))],
            trial: .init(days: 2, gives: .units(5, of: documents), reminderDays: [1]),
            settings: .init(lowBalance: [.percent(20), .units(2)], refunds: .newGrant, holdLength: .seconds(600))
        )
    }

    /// One step of a life: what is asked, and how long after the life's beginning.
    struct LifeStep: Sendable {
        let hour: Int64
        let command: @Sendable (Account) -> Account.Command?

        init(_ hour: Int64, _ command: @escaping @Sendable (Account) -> Account.Command?) {
            self.hour = hour
            self.command = command
        }

        init(_ hour: Int64, _ command: Account.Command) {
            self.init(hour) { _ in command }
        }
    }

    /// The end of the work of a hold.
    static func capture(_ amount: Int64, of hold: Account.Hold) -> Account.Command {
        let receipt = Account.Receipt(
            revision: 1,
            line: .init(subject: .meter(hold.meter), amount: hold.amount, remaining: .units(0)),
            at: hold.reservedAt
        )
        return Account.Command(.capture(.init(of: receipt, hold: hold.id, amount: amount)), key: hold.key)
    }

    /// A provider's word on a subscription, whose period begins on the fifth day, or so many hours after.
    static func subscription(
        _ id: String = "sub_life",
        to tier: Tier.ID,
        days: Int64,
        word: Int64,
        status: SubscriptionStatus = .active,
        begun: Int64 = 0,
        pending: Subscription.PendingChange? = nil
    ) -> Account.Command {
        let start = StoreTrial.start.advanced(by: .seconds((100 + begun) * 3_600))
        let at = StoreTrial.start.advanced(by: .seconds(100 * 3_600 + word))
        let snapshot = SubscriptionSnapshot(
            provider: "polar",
            id: id,
            version: ObjectVersion(object: at, event: at),
            tier: tier,
            status: status,
            cycle: .month,
            period: TimeSpan(from: start, to: start.advanced(by: .seconds(days * 86_400))),
            trialEnd: word == 4 ? start : nil,
            pausesAtPeriodEnd: word == 11,
            resumesAt: word == 11 ? start.advanced(by: .seconds(40 * 86_400)) : nil,
            quantity: word == 11 ? 7 : nil,
            discount: word == 4 ? "SPRING\u{E9}" : nil,
            price: word > 9 ? Fixture.price : nil,
            pending: pending
        )
        return Account.Command(
            .take(ProviderSnapshot(provider: "polar", subscriptions: [snapshot])),
            key: Account.Key("delivery:polar:\(word)")
        )
    }

    /// 29 dollars.
    private static let price = Currency(code: "USD").map { Money(minorUnits: 2_900, currency: $0) }

    /// A provider's word on a benefit, of which units are credited at one instant each.
    static func benefit(
        _ id: String,
        _ gift: Benefit.Gift,
        word: Int64,
        isGranted: Bool = true
    ) -> Account.Command {
        let start = StoreTrial.start.advanced(by: .seconds(100 * 3_600))
        let at = start.advanced(by: .seconds(word))
        let isUnits = if case .units = gift { true } else { false }
        let snapshot = BenefitSnapshot(
            key: Benefit.Key(provider: "polar", id: id),
            version: ObjectVersion(object: at, event: at),
            gift: gift,
            isGranted: isGranted,
            subscription: isUnits ? "sub_life" : nil,
            creditedAt: isUnits ? (isGranted ? at : start) : nil,
            expiry: isUnits ? start.advanced(by: .seconds(50 * 86_400)) : nil,
            revokedAt: isGranted ? nil : at
        )
        return Account.Command(
            .take(ProviderSnapshot(provider: "polar", benefits: [snapshot])),
            key: Account.Key("delivery:polar:benefit:\(word)")
        )
    }

    static func override(_ documents: Int64, key: Account.Key) -> Account.Command {
        let end = StoreTrial.start.advanced(by: .seconds(2_000 * 3_600))
        return Account.Command(
            .override([
                .init(.allowance(.limited(documents, per: .month, overage: .counted(upTo: 7)), of: Self.documents)),
                .init(.rates([.init(9, per: .hour), .init(99, per: .day)], of: Self.searches), until: end),
                .init(.feature(region, "\"un\u{ED}\u{1F30D}\n\\"), until: end),
            ]),
            key: key
        )
    }

    static func record(_ events: [(Account.EventID, Meter.ID, Int64)], key: Account.Key) -> Account.Command {
        Account.Command(
            .recordAll(events.map { Account.Command.Event(id: $0.0, meter: $0.1, amount: $0.2) }),
            key: key
        )
    }

    static func refund(of key: Account.Key, _ amount: Int64? = nil, _ meter: Meter.ID? = nil) -> Account.Command {
        Account.Command(
            .refund(.init(of: key, meter: meter, amount: amount)),
            key: Account.Key("refund \(amount ?? 0) of \(key)")
        )
    }
}

extension Fixture {
    /// A life that has every kind of change, effect and notice in it, under ``makeLifeCatalog()``.
    static let life: [LifeStep] = beginning + work + attempts + terms + ending

    private static let beginning: [LifeStep] = [
        LifeStep(0, Account.Command(.startTrial, key: "trial")),
        LifeStep(0, upgrade(reference: "job-1")),
        LifeStep(1, consume(3, key: "few", by: "ann")),
        LifeStep(1, reserve(4, key: "work:1")),
        LifeStep(1) { account in account.holds.first.map { Account.Command(.extend($0.id, byMicroseconds: 90_000_000)) }
        },
        LifeStep(1) { account in account.holds.first.map { capture(5, of: $0) } },
        LifeStep(2, reserve(2, key: "work:2")),
        LifeStep(2) { account in account.holds.first.map { Account.Command(.release($0.id)) } },
        // Own units and credits, of which the end takes fewer.
        LifeStep(2, reserve(9, key: "work:3")),
        LifeStep(2) { account in account.holds.first.map { capture(8, of: $0) } },
        LifeStep(2, refund(of: "work:3", 2)),
        LifeStep(2, refund(of: "work:3", 3)),
        LifeStep(3, consume(4, of: searches, key: "search:1")),
        LifeStep(3, Account.Command(.setLevel(.init(meter: seats, units: 2)), key: "seats:1")),
        LifeStep(3, Account.Command(.raise(.init(meter: seats, amount: 1)), key: "seats:2")),
        LifeStep(3, Account.Command(.lower(.init(meter: seats, amount: 3)), key: "seats:3")),
        LifeStep(3, Account.Command(.setLevel(.init(meter: seats, units: 3)), key: "seats:4")),
    ]

    private static let work: [LifeStep] = [
        // The trial's end is near; then a purchase ends it.
        LifeStep(25, Account.Command(.settle)),
        LifeStep(
            26,
            Account.Command(
                .grantPack(.init(Pack.ID("hundred"), order: .init(provider: "polar", kind: .grant, id: "ord_1"))),
                key: "pack"
            )
        ),
        LifeStep(
            26,
            Account.Command(
                .consumeAll([.init(meter: documents, amount: 9), .init(meter: searches, amount: 1)]),
                key: "both"
            )
        ),
        LifeStep(27, record([("e1", documents, 1), ("e2", searches, 2), ("e1", documents, 7)], key: "batch:1")),
        LifeStep(27, record([("e2", searches, 2), ("e3", searches, 200)], key: "batch:2")),
        LifeStep(28, record([("e4", documents, 90)], key: "beyond")),
        LifeStep(28, refund(of: "beyond", 30)),
        LifeStep(28, refund(of: "beyond", 31)),
        LifeStep(29, refund(of: "both", 1, searches)),
        LifeStep(
            29,
            Account.Command(.correct(.init(meter: searches, amount: -2, reason: "A test")), key: "c:1", member: "bo")
        ),
        LifeStep(
            29,
            Account.Command(.correct(.init(meter: searches, amount: 3, reason: "Née")), key: "c:2", member: "bo")
        ),
        LifeStep(30, grant(6, identity: "ord_2", key: "units")),
        LifeStep(30, consume(6, key: "used up")),
        LifeStep(30, refund(of: "used up", 4)),
        LifeStep(31, grant(5, expiry: StoreTrial.start.advanced(by: .seconds(60 * 3_600)), key: "promotion")),
        LifeStep(31) { account in
            account.grants.first { $0.source == .promotion }.map { Account.Command(.void($0.id), key: "void") }
        },
    ]

    private static let terms: [LifeStep] =
        [
            LifeStep(42, override(400, key: "override:1")),
            LifeStep(42, consume(200, key: "much")),
            LifeStep(42, reserve(50, key: "work:4")),
            LifeStep(42, override(100, key: "override:2")),
            LifeStep(52, Account.Command(.settle)),
            LifeStep(52, Account.Command(.override([]), key: "override:3")),
            // Told late that a period has begun, in which work has begun since.
            LifeStep(100, reserve(2, of: searches, key: "work:5")),
            LifeStep(100, subscription(to: pro, days: 30, word: 1)),
            LifeStep(102, purchase(subscription: "sub_2", order: "ord_3", key: "delivery:polar:ord_3")),
            LifeStep(103, subscription(to: pro, days: 33, word: 2)),
            LifeStep(104, subscription(to: enterprise, days: 33, word: 3)),
            LifeStep(104, consume(5, key: "unlimited")),
            LifeStep(105, refund(of: "unlimited", 2)),
            LifeStep(105, subscription(to: pro, days: 33, word: 4)),
            LifeStep(106, subscription(to: pro, days: 33, word: 5, status: .pastDue)),
            // One that is lost again and again, with a payment among the losses that is told last.
            LifeStep(107, subscription("sub_lost", to: pro, days: 30, word: 8, status: .unpaid)),
            LifeStep(107, subscription("sub_lost", to: pro, days: 30, word: 6, status: .incomplete)),
            LifeStep(107, subscription("sub_lost", to: pro, days: 30, word: 10, status: .canceled)),
            LifeStep(107, subscription("sub_lost", to: pro, days: 30, word: 9, status: .paused)),
            LifeStep(108, subscription("sub_lost", to: pro, days: 30, word: 7)),
            // One that is said to be what no code knows, and one whose payment is due beside an order that is paid.
            LifeStep(108, subscription("sub_odd", to: pro, days: 30, word: 13)),
            LifeStep(108, subscription("sub_odd", to: pro, days: 30, word: 14, status: "frozen")),
            LifeStep(108, subscription("sub_due", to: pro, days: 30, word: 15, status: .pastDue)),
            LifeStep(
                108,
                purchase(subscription: "sub_due", order: "ord_due", checkout: "chk_due", key: "delivery:polar:ord_due")
            ),
        ] + charges + [
            // Two at once, and changes that are to be made later: one to a tier that there is, one to one that is gone.
            LifeStep(
                108,
                subscription(
                    "sub_beside",
                    to: pro,
                    days: 30,
                    word: 11,
                    pending: .init(
                        tier: free,
                        cycle: .year,
                        quantity: 3,
                        appliesAt: StoreTrial.start.advanced(by: .seconds(820 * 3_600))
                    )
                )
            ),
            LifeStep(
                108,
                subscription(
                    "sub_gone",
                    to: pro,
                    days: 30,
                    word: 12,
                    status: .canceled,
                    pending: .init(
                        tier: Tier.ID("gone"),
                        appliesAt: StoreTrial.start.advanced(by: .seconds(820 * 3_600))
                    )
                )
            ),
            LifeStep(109, benefit("ben_1", .units(12, of: .pool(credits), rollsOver: true), word: 1)),
            LifeStep(109, benefit("ben_2", .units(9, of: .meter(documents), rollsOver: false), word: 2)),
            LifeStep(109, benefit("ben_2", .units(9, of: .meter(documents), rollsOver: false), word: 3)),
            LifeStep(109, benefit("ben_3", .feature(region), word: 4)),
            LifeStep(
                109,
                benefit("ben_2", .units(9, of: .meter(documents), rollsOver: false), word: 5, isGranted: false)
            ),
        ]

    /// One whose period is changed again and again, with orders of all kinds.
    private static let charges: [LifeStep] = [
        LifeStep(108, subscription("sub_due", to: pro, days: 30, word: 16)),
        LifeStep(108, subscription("sub_due", to: pro, days: 31, word: 17, begun: 1)),
        LifeStep(108, subscription("sub_due", to: pro, days: 30, word: 18, begun: 2)),
        LifeStep(108, subscription("sub_due", to: pro, days: 30, word: 19, status: .pastDue, begun: 2)),
        LifeStep(108, order("ord_owed", of: "sub_due", isPaid: false, for: .renewal)),
        LifeStep(108, order("ord_refused", of: "sub_due", isPaid: false, for: .change)),
        LifeStep(108, order("ord_changed", of: "sub_due", isPaid: true, for: .change)),
    ]

    /// A provider's word on an order of a subscription.
    private static func order(
        _ id: String,
        of subscription: String,
        isPaid: Bool,
        for purpose: Account.Order.Purpose
    ) -> Account.Command {
        let at = StoreTrial.start.advanced(by: .seconds(100 * 3_600))
        let order = price.map { price in
            Account.Order(
                provider: "polar",
                id: id,
                version: ObjectVersion(object: at, event: at),
                status: isPaid ? "paid" : "pending",
                isPaid: isPaid,
                purpose: purpose,
                createdAt: at,
                total: price,
                subscription: subscription
            )
        }
        return Account.Command(
            .take(ProviderSnapshot(provider: "polar", order: order)),
            key: Account.Key("delivery:polar:\(id)")
        )
    }

    private static let ending: [LifeStep] = [
        // Intervals end, and units are left over.
        LifeStep(70 * 24, Account.Command(.settle)),
        LifeStep(70 * 24, consume(1, key: "late")),
        LifeStep(110 * 24, Account.Command(.settle)),
        LifeStep(110 * 24) { account in Account.Command(.examine(folded: contradicted(account))) },
        LifeStep(110 * 24) { account in
            guard let grant = contradicted(account).grants.first(where: { $0.id == Account.Grant.ID("made.up") }) else {
                return nil
            }
            return Account.Command(.repair(.init(.differsFromJournal(.grant(grant)))))
        },
    ]

    /// The account with a grant that nobody gave.
    private static func contradicted(_ account: Account) -> Account {
        let grant = Account.Grant(
            id: Account.Grant.ID("made.up"),
            subject: .pool(credits),
            source: .adjustment,
            effective: account.instant,
            expiry: nil,
            amount: 7
        )
        return Account(
            customer: account.customer,
            revision: account.revision,
            instant: account.instant,
            anchor: account.anchor,
            standing: account.standing,
            periods: account.periods,
            grants: account.grants + [grant],
            holds: account.holds,
            levels: account.levels,
            subscriptions: account.subscriptions,
            benefits: account.benefits
        )
    }
}
