import BillingKit

extension Upgrade {
    func row(at place: [SQLValue]) -> [SQLValue] {
        place + key.values + [.text(stage.rawValue)] + SQLValue.values(of: target)
            + [SQLValue(orderReference?.provider), SQLValue(order), SQLValue(completedAt)]
            + SQLValue.values(of: wish?.target)
            + SQLValue.values(of: wish?.cycle) + [SQLValue(wish?.promoCode), SQLValue(wish?.at)]
            + [
                SQLValue(lockedAt), SQLValue(clickedAt), SQLValue(cancelledAt), SQLValue(successSeenAt),
                SQLValue(start?.member), SQLValue(start?.at),
            ] + SQLValue.values(of: denial) + [SQLValue(denial?.at)] + SQLValue.values(of: visit?.attribution)
            + [SQLValue(visit?.at), SQLValue(abandonedAt)]
    }

    /// The rows of the acts, after the columns that say where they belong.
    func actRows(at place: [SQLValue]) -> [[SQLValue]] {
        acts.map { place + $0.values }
    }

    /// The rows of the checkouts, after the columns that say where they belong.
    func checkoutRows(at place: [SQLValue]) -> [[SQLValue]] {
        checkouts.map { place + $0.values }
    }

    /// Reads the row of an attempt, and returns it without its checkouts.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let key = try Key(&reader)
        let stage = try reader.word(of: Stage.self)
        // What follows from the acts and the checkouts.
        for _ in 0..<(AccountTables.upgradeColumns.count - 4) { try reader.skip() }
        self.init(key: key, stage: stage, abandonedAt: try reader.optionalTimestamp())
    }

    /// Returns the attempt with acts and checkouts that lie in rows of their own added.
    func adding(acts: [Act] = [], checkouts: [Checkout] = []) -> Upgrade {
        Upgrade(
            key: key,
            stage: stage,
            acts: self.acts + acts,
            checkouts: self.checkouts + checkouts,
            abandonedAt: abandonedAt
        )
    }

    /// One row of what was done of an account's attempts.
    struct ActRow {
        let attempt: Key
        let act: Act

        init(_ reader: inout SQLRowReader) throws(StoreError) {
            attempt = try Key(&reader)
            act = try Act(&reader)
        }
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
    /// Puts attempts, their acts and their checkouts together.
    init(_ upgrades: [Upgrade], acts: [Upgrade.ActRow], checkouts: [Upgrade.CheckoutRow]) {
        let acts = Dictionary(grouping: acts, by: \.attempt)
        let checkouts = Dictionary(grouping: checkouts, by: \.attempt)
        self = upgrades.map { upgrade in
            upgrade.adding(
                acts: (acts[upgrade.key] ?? []).map(\.act),
                checkouts: (checkouts[upgrade.key] ?? []).map(\.checkout)
            )
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
            + [SQLValue(payment?.provider), SQLValue(payment?.order), SQLValue(payment?.at)]
            + SQLValue.values(of: payment?.target)
            + [SQLValue(payment?.isChange ?? false), SQLValue(payment?.reference)]
            + SQLValue.values(of: urlSource) + SQLValue.values(of: expirySource)
            + [
                SQLValue(beginning?.order), SQLValue(beginning?.at), SQLValue(beginning?.subscription.provider),
                SQLValue(beginning?.subscription.id), SQLValue(runsUntil),
            ]
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
            payment: try Payment.optional(&reader),
            urlSource: try Source.optional(&reader),
            expirySource: try Source.optional(&reader),
            beginning: try Beginning.optional(&reader),
            runsUntil: try reader.optionalTimestamp()
        )
    }
}

extension Upgrade.Checkout.Payment {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let provider = try reader.optionalText()
        let (order, at) = (try reader.optionalText(), try reader.optionalTimestamp())
        let target = try reader.optionalTarget()
        let (isChange, reference) = (try reader.flag(), try reader.optionalText())
        guard let provider, let order, let at else { return nil }
        return Self(
            provider: ProviderID(provider),
            order: order,
            at: at,
            target: target,
            isChange: isChange,
            reference: reference
        )
    }
}

extension Upgrade.Checkout.Source {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let (object, event) = (try reader.optionalTimestamp(), try reader.optionalTimestamp())
        return object.map { Self(object: $0, event: event) }
    }
}

extension Upgrade.Checkout.Beginning {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let (order, at) = (try reader.optionalText(), try reader.optionalTimestamp())
        let (provider, id) = (try reader.optionalText(), try reader.optionalText())
        guard let order, let at, let provider, let id else { return nil }
        return Self(order: order, at: at, subscription: Subscription.Key(provider: ProviderID(provider), id: id))
    }
}

extension Upgrade.Act {
    fileprivate var values: [SQLValue] {
        [.text(kind.rawValue), SQLValue(at), SQLValue(member)] + SQLValue.values(of: wish?.target)
            + SQLValue.values(of: wish?.cycle) + [SQLValue(wish?.promoCode)] + SQLValue.values(of: denial)
            + SQLValue.values(of: attribution) + [SQLValue(expiresAt), SQLValue(abandonedAt)]
    }

    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let (kind, at) = (try reader.word(of: Kind.self), try reader.timestamp())
        let member = try reader.optionalText().map { MemberID($0) }
        let (target, cycle) = (try reader.optionalTarget(), try reader.recurrence())
        let promoCode = try reader.optionalText()
        self.init(
            kind,
            at: at,
            wish: target.map { Upgrade.Wish($0, cycle: cycle, promoCode: promoCode, at: at) },
            member: member,
            denial: try Upgrade.Denial.optional(&reader, at: at),
            attribution: try Upgrade.Attribution.optional(&reader),
            expiresAt: try reader.optionalTimestamp(),
            abandonedAt: try reader.optionalTimestamp()
        )
    }
}

extension Upgrade.Denial {
    fileprivate static func optional(
        _ reader: inout SQLRowReader,
        at instant: Timestamp
    ) throws(StoreError) -> Self? {
        let limit = try reader.optionalText()
        let (meter, tier) = (try reader.optionalText(), try reader.optionalText())
        let (requested, remaining) = (try reader.optionalInteger(), try reader.optionalInteger())
        guard let limit, let meter, let tier, let requested, let remaining else { return nil }
        guard let limit = Limit(rawValue: limit) else {
            throw StoreError(.corrupt, "An attempt to buy was prompted by '\(limit)', which is no limit.")
        }
        return Self(
            limit,
            meter: Meter.ID(meter),
            tier: Tier.ID(tier),
            requested: requested,
            remaining: remaining,
            at: instant
        )
    }
}

extension Upgrade.Attribution {
    fileprivate static func optional(_ reader: inout SQLRowReader) throws(StoreError) -> Self? {
        let attribution = Self(
            source: try reader.optionalText(),
            medium: try reader.optionalText(),
            campaign: try reader.optionalText(),
            term: try reader.optionalText(),
            content: try reader.optionalText(),
            referrer: try reader.optionalText(),
            landingPage: try reader.optionalText()
        )
        return attribution.isEmpty ? nil : attribution
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

    fileprivate static func values(of source: Upgrade.Checkout.Source?) -> [SQLValue] {
        [SQLValue(source?.object), SQLValue(source?.event)]
    }

    fileprivate static func values(of denial: Upgrade.Denial?) -> [SQLValue] {
        [
            SQLValue(denial?.limit.rawValue), SQLValue(denial?.meter), SQLValue(denial?.tier),
            SQLValue(denial?.requested), SQLValue(denial?.remaining),
        ]
    }

    fileprivate static func values(of attribution: Upgrade.Attribution?) -> [SQLValue] {
        (attribution?.texts ?? [String?](repeating: nil, count: 7)).map { SQLValue($0) }
    }
}
