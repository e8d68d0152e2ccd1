import BillingKit
import WebhookSignatures

/// The catalog, commands and webhooks that laws are tried with.
enum Fixture {
    static let documents = Meter.ID("documents")
    static let searches = Meter.ID("searches")
    static let free = Tier.ID("free")
    static let pro = Tier.ID("pro")
    static let enterprise = Tier.ID("enterprise")

    static let catalog: Catalog = {
        do {
            return try makeCatalog(version: 1, freeDocuments: 500)
        } catch {
            // Nothing from outside goes into it, so this cannot happen to a host.
            fatalError("The fixture's own catalog is not consistent: \(error)")
        }
    }()

    static func makeCatalog(version: Catalog.Version, freeDocuments: Int64) throws(CatalogError) -> Catalog {
        try Catalog(
            version: version,
            meters: [Meter(documents, name: "Documents"), Meter(searches, name: "Searches")],
            tiers: [
                Tier(
                    free,
                    rank: 0,
                    name: "Free",
                    allowances: [
                        documents: .limited(freeDocuments, per: .month), searches: .limited(3, per: .day),
                    ]
                ),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    allowances: [documents: .limited(5_000, per: .month), searches: .unlimited]
                ),
                Tier(
                    enterprise,
                    rank: 2,
                    name: "Enterprise",
                    allowances: [documents: .unlimited, searches: .unlimited]
                ),
            ],
            fallback: free
        )
    }

    /// A catalog that has something in every part, for what keeps catalogs and does not decide.
    static func makeWholeCatalog(version: Catalog.Version) throws(CatalogError) -> Catalog {
        let seats = Meter.ID("seats")
        let credits = CreditPool.ID("credits")
        let region = Feature.ID("region")
        let month = Recurrence(every: 1, .month, offsetSeconds: -18_000)
        let amount = Money(minorUnits: 2_900, currency: .kwd)
        return try Catalog(
            version: version,
            meters: [
                Meter(documents, name: "Documents", unit: "document", decimals: 2, draw: .init(on: credits, cost: 5)),
                Meter(seats, name: "Seats \u{1F4BA}", kind: .gauge),
            ],
            pools: [CreditPool(credits, name: "Credits")],
            features: [Feature(region, name: "Region", kind: .text)],
            tiers: [
                Tier(free, rank: 0, name: "Free", allowances: [documents: .none, seats: .unlimited]),
                Tier(
                    pro,
                    rank: 1,
                    name: "Pro",
                    description: "For \"teams\"\nthat grow.",
                    allowances: [
                        documents: .limited(
                            Catalog.Limits.units,
                            per: month,
                            overage: .counted(upTo: 7),
                            rollover: .upTo(3)
                        ),
                        seats: .level(5, overage: .countedWithoutCap),
                    ],
                    features: [region: "eu"],
                    rates: [documents: [.init(60, per: .minute)]],
                    credits: [credits: .init(1_000, per: .month, rollover: .upTo(500))],
                    prices: [.init(amount, per: .year, products: ["polar": "prod_1", "polar_sandbox": "test_1"])]
                ),
            ],
            fallback: free,
            packs: [
                Pack(
                    Pack.ID("hundred"),
                    name: "A hundred",
                    contents: .credits(100, of: credits),
                    life: .init(every: 90, .day),
                    prices: [.init(amount, products: ["polar": "prod_2"])]
                )
            ],
            trial: .init(days: 30, gives: .tier(pro), reminderDays: [7, 1]),
            settings: .init(
                grace: .init(renewal: .zero, pastDue: .seconds(1)),
                lowBalance: [.units(5), .percent(10)],
                refunds: .extend(byDays: 7),
                holdLength: .seconds(60)
            )
        )
    }

    static func consume(
        _ amount: Int64 = 1,
        of meter: Meter.ID = documents,
        key: Account.Key,
        by member: MemberID? = nil
    ) -> Account.Command {
        Account.Command(.consume(.init(meter: meter, amount: amount)), key: key, member: member)
    }

    static func reserve(_ amount: Int64 = 1, of meter: Meter.ID = documents, key: Account.Key) -> Account.Command {
        let reservation = Account.Command.Reservation(
            meter: meter,
            amount: amount,
            attempt: "try of \(key)",
            lapsesAfter: .seconds(60)
        )
        return Account.Command(.reserve(reservation), key: key)
    }

    static func grant(
        _ amount: Int64,
        of meter: Meter.ID = documents,
        expiry: Timestamp? = nil,
        identity: String? = nil,
        key: Account.Key? = nil
    ) -> Account.Command {
        let granting = Account.Command.Granting(
            amount,
            of: .meter(meter),
            from: identity == nil ? .promotion : .order,
            expiry: expiry,
            identity: identity.map { ProviderReference(provider: "polar", kind: .grant, id: $0) }
        )
        return Account.Command(.grant(granting), key: key)
    }

    static func upgrade(to tier: Tier.ID = pro, reference: String?) -> Account.Command {
        Account.Command(
            .startUpgrade(.init(tier: tier, cycle: .month.offset(bySeconds: -18_000), reference: reference)),
            member: "someone"
        )
    }

    /// A purchase of Pro, as a provider tells of it in one go.
    static func purchase(
        of tier: Tier.ID = pro,
        subscription: String = "sub_1",
        order: String = "ord_1",
        checkout: String = "chk_1",
        status: SubscriptionStatus = .active,
        at now: Timestamp = StoreTrial.start,
        key: Account.Key? = nil
    ) -> Account.Command {
        let version = ObjectVersion(object: now, event: now)
        let usd = Currency(code: "usd")
        let month = Recurrence.month.span(containing: now, from: now)
        let snapshot = ProviderSnapshot(
            provider: "polar",
            providerCustomer: "cus_of_\(subscription)",
            subscriptions: [
                SubscriptionSnapshot(
                    provider: "polar",
                    id: subscription,
                    version: version,
                    tier: tier,
                    status: status,
                    cycle: .month,
                    period: month,
                    cancelsAtPeriodEnd: true,
                    endsAt: month.end,
                    pastDueAt: now
                )
            ],
            order: usd.map { usd in
                Account.Order(
                    provider: "polar",
                    id: order,
                    version: version,
                    status: "paid",
                    isPaid: true,
                    purpose: .purchase,
                    createdAt: now,
                    total: Money(minorUnits: 2_500, currency: usd),
                    refundedMinorUnits: 100,
                    tier: tier,
                    subscription: subscription,
                    checkout: checkout,
                    reference: "job-123"
                )
            },
            checkout: CheckoutSnapshot(
                id: checkout,
                version: version,
                createdAt: now,
                isExpired: false,
                tier: tier,
                reference: "job-123"
            )
        )
        return Account.Command(.take(snapshot), key: key)
    }

    /// A webhook that a verifier has found genuine.
    static func webhook(id: String, body: [UInt8], at now: Timestamp) throws -> VerifiedWebhook {
        let secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let headers = try WebhookSigner(.standardWebhooks, secrets: [secret])
            .sign(body, id: id, timestamp: now.seconds)
        let verifier = try WebhookVerifier(.standardWebhooks, secrets: [secret])
        switch verifier.verify(body, at: now.seconds, headers: { name in headers[name].map { [$0] } ?? [] }) {
        case .verified(let webhook): return webhook
        case .rejected(let reason): throw reason
        }
    }
}
