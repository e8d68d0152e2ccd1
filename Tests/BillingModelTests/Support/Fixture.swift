import BillingModel

extension Meter.ID {
    static let documents = Meter.ID("documents")
    static let searches = Meter.ID("searches")
    /// One that the catalog does not have.
    static let calls = Meter.ID("calls")
}

extension Tier.ID {
    static let free = Tier.ID("free")
    static let pro = Tier.ID("pro")
    static let enterprise = Tier.ID("enterprise")
    /// One that the catalog does not have.
    static let team = Tier.ID("team")
}

/// The catalog of these tests and what their provider says.
///
/// Free gives 10 documents a month and 3 searches a day, Pro 50 documents and no search, Enterprise no limits.
enum Fixture {
    static let meters = [Meter(.documents, name: "Documents"), Meter(.searches, name: "Searches")]

    static let tiers = [
        Tier(
            .free,
            rank: 0,
            name: "Free",
            allowances: [.documents: .limited(10, per: .month), .searches: .limited(3, per: .day)]
        ),
        Tier(.pro, rank: 1, name: "Pro", allowances: [.documents: .limited(50, per: .month)]),
        Tier(.enterprise, rank: 2, name: "Enterprise", allowances: [.documents: .unlimited, .searches: .unlimited]),
    ]

    static func catalog(
        version: Catalog.Version = 1,
        grace: Catalog.Grace = .init(),
        lowBalance: [Catalog.Threshold] = [.percent(20)],
        attempts: Catalog.Attempts = .init()
    ) throws -> Catalog {
        try Catalog(
            version: version,
            meters: meters,
            tiers: tiers,
            fallback: .free,
            settings: .init(grace: grace, lowBalance: lowBalance, attempts: attempts)
        )
    }

    /// 1 January 2026, when every account of these tests is opened unless it says otherwise.
    static let opening = Timestamp(seconds: 1_767_225_600)

    static func day(_ number: Int64) -> Timestamp {
        opening.advanced(by: .seconds(number * 86_400))
    }

    /// A span of whole days, counted from the opening.
    static func days(_ start: Int64, _ end: Int64) -> TimeSpan {
        TimeSpan(from: day(start), to: day(end))
    }

    /// A version that is newer the later its instant is.
    static func version(_ instant: Timestamp) -> ObjectVersion {
        ObjectVersion(object: instant, event: instant)
    }

    static func subscription(
        _ tier: Tier.ID,
        _ status: SubscriptionStatus = .active,
        id: String = "sub_1",
        period: TimeSpan,
        at version: Timestamp? = nil,
        cycle: Recurrence? = .month,
        cancels: Bool = false,
        endsAt: Timestamp? = nil,
        endedAt: Timestamp? = nil,
        pastDueAt: Timestamp? = nil,
        trialEnd: Timestamp? = nil,
        pauses: Bool = false,
        resumesAt: Timestamp? = nil,
        quantity: Int64? = nil,
        price: Money? = nil,
        pending: Subscription.PendingChange? = nil,
        provider: ProviderID = "polar"
    ) -> SubscriptionSnapshot {
        SubscriptionSnapshot(
            provider: provider,
            id: id,
            version: Self.version(version ?? period.start),
            tier: tier,
            status: status,
            cycle: cycle,
            period: period,
            cancelsAtPeriodEnd: cancels,
            endsAt: endsAt,
            endedAt: endedAt,
            pastDueAt: pastDueAt,
            trialEnd: trialEnd,
            pausesAtPeriodEnd: pauses,
            resumesAt: resumesAt,
            quantity: quantity,
            price: price,
            pending: pending
        )
    }

    static func order(
        _ id: String = "order_1",
        tier: Tier.ID? = .pro,
        pack: Pack.ID? = nil,
        at created: Timestamp,
        version: Timestamp? = nil,
        isPaid: Bool = true,
        status: String? = nil,
        purpose: Account.Order.Purpose = .purchase,
        total: Int64 = 2_900,
        subscription: String? = nil,
        checkout: String? = nil,
        reference: String? = nil,
        provider: ProviderID = "polar"
    ) throws -> Account.Order {
        guard let dollars = Currency(code: "USD") else { throw Missing() }
        return Account.Order(
            provider: provider,
            id: id,
            version: Self.version(version ?? created),
            status: status ?? (isPaid ? "paid" : "pending"),
            isPaid: isPaid,
            purpose: purpose,
            createdAt: created,
            total: Money(minorUnits: total, currency: dollars),
            tier: pack == nil ? tier : nil,
            pack: pack,
            subscription: subscription,
            checkout: checkout,
            reference: reference
        )
    }

    static func checkout(
        _ id: String = "checkout_1",
        tier: Tier.ID = .pro,
        at created: Timestamp,
        version: Timestamp? = nil,
        isExpired: Bool = false,
        reference: String? = nil
    ) -> CheckoutSnapshot {
        CheckoutSnapshot(
            id: id,
            version: Self.version(version ?? created),
            createdAt: created,
            isExpired: isExpired,
            tier: tier,
            reference: reference
        )
    }

    struct Missing: Error {}
}

extension Timestamp {
    static func + (instant: Timestamp, duration: Duration) -> Timestamp { instant.advanced(by: duration) }
    static func - (instant: Timestamp, duration: Duration) -> Timestamp { instant.advanced(by: .zero - duration) }
}

extension Duration {
    static let tick = Duration.microseconds(1)
    static func minutes(_ number: Int64) -> Duration { .seconds(number * 60) }
    static func hours(_ number: Int64) -> Duration { .seconds(number * 3_600) }
    static func days(_ number: Int64) -> Duration { .seconds(number * 86_400) }
}
