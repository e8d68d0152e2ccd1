import BillingKit

extension Upgrade {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + key.values + [.text(stage.rawValue)] + SQLValue.values(of: target)
            + [SQLValue(order), SQLValue(completedAt)] + SQLValue.values(of: wish?.target)
            + SQLValue.values(of: wish?.cycle) + [SQLValue(wish?.promoCode), SQLValue(wish?.at)]
            + [
                SQLValue(lockedAt), SQLValue(clickedAt), SQLValue(cancelledAt), SQLValue(successSeenAt),
                SQLValue(start?.member), SQLValue(start?.at),
            ] + SQLValue.values(of: denial) + SQLValue.values(of: visit)
    }

    /// The rows of the checkouts, after the columns that say where they belong.
    func checkoutRows(at place: [SQLValue]) -> [[SQLValue]] {
        checkouts.map { place + $0.values }
    }

    /// Reads the row of an attempt, and returns it without its checkouts.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let key = try Key(&reader)
        let stage = try reader.word(of: Stage.self)
        // What follows from the checkouts.
        _ = try reader.optionalTarget()
        _ = (try reader.optionalText(), try reader.optionalInteger())
        self.init(
            key: key,
            stage: stage,
            wish: try Wish.optional(&reader),
            lockedAt: try reader.optionalTimestamp(),
            clickedAt: try reader.optionalTimestamp(),
            cancelledAt: try reader.optionalTimestamp(),
            successSeenAt: try reader.optionalTimestamp(),
            start: try Start.optional(&reader),
            denial: try Denial.optional(&reader),
            visit: try Visit.optional(&reader)
        )
    }

    /// Returns the attempt with checkouts that lie in rows of their own added.
    func adding(_ more: [Checkout]) -> Upgrade {
        Upgrade(
            key: key,
            stage: stage,
            wish: wish,
            lockedAt: lockedAt,
            clickedAt: clickedAt,
            cancelledAt: cancelledAt,
            successSeenAt: successSeenAt,
            start: start,
            denial: denial,
            visit: visit,
            checkouts: checkouts + more
        )
    }

    /// One row of the checkouts of an account's attempts.
    struct CheckoutRow {
        let attempt: Key
        let checkout: Checkout

        init(_ reader: inout SQLRowReader) throws(StoreError) {
            attempt = try Key(&reader)
            checkout = try Checkout(&reader)
        }
    }
}

extension [Upgrade] {
    /// Puts attempts and their checkouts together.
    init(_ upgrades: [Upgrade], checkouts: [Upgrade.CheckoutRow]) {
        let byAttempt = Dictionary(grouping: checkouts, by: \.attempt)
        self = upgrades.map { upgrade in
            byAttempt[upgrade.key].map { upgrade.adding($0.map(\.checkout)) } ?? upgrade
        }
    }
}

extension Upgrade.Key {
    /// The columns that tell an attempt from the customer's others.
    var values: [SQLValue] { [.text(kind), .text(name)] }

    fileprivate init(_ reader: inout SQLRowReader) throws(StoreError) {
        let (kind, name) = (try reader.text(), try reader.text())
        guard let key = Self(kind: kind, name: name) else {
            throw StoreError(
                .corrupt,
                "An attempt to buy is known by its '\(kind)', which is nothing that one is known by."
            )
        }
        self = key
    }
}

extension Upgrade.Checkout {
    fileprivate var values: [SQLValue] {
        [.text(id), SQLValue(url), SQLValue(openedAt), SQLValue(expiresAt), SQLValue(isExpired)]
            + SQLValue.values(of: version) + SQLValue.values(of: target)
            + [SQLValue(payment?.order), SQLValue(payment?.at)] + SQLValue.values(of: payment?.target)
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        self.init(
            id: try reader.text(),
            url: try reader.optionalText(),
            openedAt: try reader.optionalTimestamp(),
            expiresAt: try reader.optionalTimestamp(),
            isExpired: try reader.flag(),
            version: try reader.optionalVersion(),
            target: try reader.optionalTarget(),
            payment: try Payment.optional(&reader)
        )
    }
}

extension Upgrade.Checkout.Payment {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let (order, at) = (try reader.optionalText(), try reader.optionalTimestamp())
        let target = try reader.optionalTarget()
        guard let order, let at else { return nil }
        return Self(order: order, at: at, target: target)
    }
}

extension Upgrade.Wish {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let (target, cycle) = (try reader.optionalTarget(), try reader.recurrence())
        let (promoCode, at) = (try reader.optionalText(), try reader.optionalTimestamp())
        guard let target, let at else { return nil }
        return Self(target, cycle: cycle, promoCode: promoCode, at: at)
    }
}

extension Upgrade.Start {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let (member, at) = (try reader.optionalText(), try reader.optionalTimestamp())
        guard let member, let at else { return nil }
        return Self(by: MemberID(member), at: at)
    }
}

extension Upgrade.Denial {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let limit = try reader.optionalText()
        let (meter, tier) = (try reader.optionalText(), try reader.optionalText())
        let (requested, remaining) = (try reader.optionalInteger(), try reader.optionalInteger())
        let at = try reader.optionalTimestamp()
        guard let limit, let meter, let tier, let requested, let remaining, let at else { return nil }
        guard let limit = Limit(rawValue: limit) else {
            throw StoreError(.corrupt, "An attempt to buy was prompted by '\(limit)', which is no limit.")
        }
        return Self(
            limit,
            meter: Meter.ID(meter),
            tier: Tier.ID(tier),
            requested: requested,
            remaining: remaining,
            at: at
        )
    }
}

extension Upgrade.Visit {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let attribution = Upgrade.Attribution(
            source: try reader.optionalText(),
            medium: try reader.optionalText(),
            campaign: try reader.optionalText(),
            term: try reader.optionalText(),
            content: try reader.optionalText(),
            referrer: try reader.optionalText(),
            landingPage: try reader.optionalText()
        )
        return try reader.optionalTimestamp().map { Self(attribution, at: $0) }
    }
}

extension SQLRowReader {
    fileprivate mutating func optionalTarget() throws(StoreError) -> Upgrade.Target? {
        let (kind, name) = (try optionalText(), try optionalText())
        guard let kind, let name else { return nil }
        guard let target = Upgrade.Target(kind: kind, name: name) else {
            throw StoreError(.corrupt, "An attempt is to buy a '\(kind)', which nobody can buy.")
        }
        return target
    }
}

extension SQLValue {
    fileprivate static func values(of target: Upgrade.Target?) -> [SQLValue] {
        [SQLValue(target?.kind), SQLValue(target?.name)]
    }

    fileprivate static func values(of denial: Upgrade.Denial?) -> [SQLValue] {
        [
            SQLValue(denial?.limit.rawValue), SQLValue(denial?.meter), SQLValue(denial?.tier),
            SQLValue(denial?.requested), SQLValue(denial?.remaining), SQLValue(denial?.at),
        ]
    }

    fileprivate static func values(of visit: Upgrade.Visit?) -> [SQLValue] {
        let texts = visit?.attribution.texts ?? [String?](repeating: nil, count: 7)
        return texts.map { SQLValue($0) } + [SQLValue(visit?.at)]
    }
}
