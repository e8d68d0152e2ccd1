import BillingKit

extension Fixture {
    /// Texts that a stranger could have put into an address.
    static let hostileAttribution = Upgrade.Attribution(
        source: "'); DROP TABLE billing_accounts; --",
        medium: "\"\\'%_;\u{0}\u{7F}\u{202E}txt.exe",
        campaign: String(repeating: "\u{1F4A3}", count: 1_000),
        term: "e\u{301} \u{E9} \u{212B}",
        content: "<script>alert(1)</script>",
        referrer: "https://example.com/?q=" + String(repeating: "%27", count: 1_000),
        landingPage: "javascript:alert(1)"
    )

    /// A refusal, as the gate of the life's catalog would give it.
    static func denial() throws -> Account.Denial? {
        let decision = try Account(customer: "org_denied").decide(
            Account.Command(.consume(.init(meter: documents, amount: 1_000)), key: "denied"),
            at: StoreTrial.start,
            in: try makeLifeCatalog()
        )
        guard case .denied(let denial) = decision.answer else { return nil }
        return denial
    }

    /// What happens to an attempt, told so many hours after it did.
    static func advance(
        _ step: Account.Command.UpgradeAdvance.Step,
        of reference: String,
        at instant: Timestamp? = nil
    ) -> Account.Command {
        Account.Command(.advanceUpgrade(.init(step, of: .reference(reference), at: instant)), member: "someone")
    }

    /// A provider's word on a checkout, or on an order, of an attempt.
    static func word(
        checkout id: String,
        order: String? = nil,
        of target: Upgrade.Target? = nil,
        reference: String? = nil,
        at now: Timestamp,
        isExpired: Bool = false
    ) -> Account.Command {
        let version = ObjectVersion(object: now, event: now)
        let paid = order.flatMap { order in
            Currency(code: "eur").map { euro in
                Account.Order(
                    provider: "polar",
                    id: order,
                    version: version,
                    status: "paid",
                    isPaid: true,
                    purpose: .purchase,
                    createdAt: now,
                    total: Money(minorUnits: 900, currency: euro),
                    tier: target?.kind == "tier" ? target.map { Tier.ID($0.name) } : nil,
                    pack: target?.kind == "pack" ? target.map { Pack.ID($0.name) } : nil,
                    checkout: id,
                    reference: reference
                )
            }
        }
        let checkout = target.flatMap { target in
            order == nil
                ? CheckoutSnapshot(
                    id: id,
                    version: version,
                    createdAt: now,
                    expiresAt: now.advanced(by: .seconds(86_400)),
                    isExpired: isExpired,
                    url: "https://example.com/checkout/\(id)",
                    target: target,
                    reference: reference
                ) : nil
        }
        return Account.Command(.take(ProviderSnapshot(provider: "polar", order: paid, checkout: checkout)))
    }

    /// Attempts to buy with everything that can be known of one, and with nothing.
    static let attempts: [LifeStep] = [
        LifeStep(32) { _ in
            let offer = Account.Command.UpgradeRequest(
                .tier(pro),
                reference: "job-2",
                denial: try? denial(),
                attribution: hostileAttribution
            )
            return Account.Command(.advanceUpgrade(.init(locking: offer)), member: "ann")
        },
        LifeStep(
            32,
            Account.Command(
                .startUpgrade(
                    .init(
                        .pack(hundred),
                        cycle: .year,
                        promoCode: "SAVE 10 %",
                        attribution: .init(source: "letter", landingPage: "/")
                    )
                ),
                member: "bo"
            )
        ),
        LifeStep(33) { account in
            let opening = Upgrade.Opening(
                "chk_7",
                url: "https://example.com/checkout/chk_7",
                expiresAt: account.instant.advanced(by: .seconds(6 * 3_600))
            )
            return Account.Command(.advanceUpgrade(.init(.checkoutOpened(opening), of: .pack(hundred))))
        },
        LifeStep(33, Account.Command(.advanceUpgrade(.init(.successSeen, of: .pack(hundred))))),
        LifeStep(34) { account in advance(.cancelled, of: "job-2", at: account.instant) },
        // An order of which only the checkout is known, until the provider says whose it is.
        LifeStep(35) { account in word(checkout: "chk_8", order: "ord_8", at: account.instant) },
        LifeStep(36) { account in
            word(checkout: "chk_8", of: .tier(enterprise), reference: "job-8", at: account.instant)
        },
        LifeStep(36) { account in word(checkout: "chk_9", of: .pack(hundred), at: account.instant) },
        LifeStep(37) { account in word(checkout: "chk_9", of: .pack(hundred), reference: "job-9", at: account.instant)
        },
        // By now nobody can pay at the first one.
        LifeStep(38, Account.Command(.settle)),
        LifeStep(39) { account in word(checkout: "chk_7", order: "ord_7", of: .pack(hundred), at: account.instant) },
        // The same pack once more, and a change of the running subscription, which names the reference it once came from.
        LifeStep(40, Account.Command(.startUpgrade(.init(.pack(hundred))))),
        LifeStep(40, upgrade(to: enterprise, reference: "job-10")),
        LifeStep(41) { account in change(to: enterprise, order: "ord_10", reference: "job-8", at: account.instant) },
    ]

    /// A provider's word on an order of nothing, with which a subscription began.
    static func beginning(of subscription: String, reference: String, at now: Timestamp) -> Account.Command? {
        Currency(code: "eur").map { euro in
            let order = Account.Order(
                provider: "polar",
                id: "ord_of_nothing",
                version: ObjectVersion(object: now, event: now),
                status: "paid",
                isPaid: true,
                purpose: .purchase,
                createdAt: now,
                total: Money(minorUnits: 0, currency: euro),
                tier: pro,
                subscription: subscription,
                reference: reference
            )
            return Account.Command(.take(ProviderSnapshot(provider: "polar", order: order)))
        }
    }

    /// A provider's word on an order for a change of the running subscription.
    private static func change(
        to tier: Tier.ID,
        order: String,
        reference: String,
        at now: Timestamp
    ) -> Account.Command? {
        Currency(code: "eur").map { euro in
            let order = Account.Order(
                provider: "polar",
                id: order,
                version: ObjectVersion(object: now, event: now),
                status: "paid",
                isPaid: true,
                purpose: .change,
                createdAt: now,
                total: Money(minorUnits: 900, currency: euro),
                tier: tier,
                reference: reference
            )
            return Account.Command(.take(ProviderSnapshot(provider: "polar", order: order)))
        }
    }
}
