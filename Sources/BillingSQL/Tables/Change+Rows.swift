import BillingKit

extension Account.Change {
    /// The rows of a change in the journal and in the tables beside it.
    struct Rows {
        var journal: [[SQLValue]] = []
        var holds: [[SQLValue]] = []
        var grants: [[SQLValue]] = []
        var subscriptions: [[SQLValue]] = []
        var upgrades: [[SQLValue]] = []
        var orders: [[SQLValue]] = []
    }

    /// Adds the rows of the change.
    func add(to rows: inout Rows) {
        // A change that only claims a name has no effect, and is a row of the journal all the same. Of a receipt
        // with several lines each row has one.
        let lineCount = receipt.map { 1 + $0.others.count } ?? 1
        for ordinal in 0..<max(lineCount, effects.count) {
            let effect = ordinal < effects.count ? effects[ordinal] : nil
            rows.journal.append(head(ordinal) + (effect.map(\.columns) ?? Account.Effect.emptyColumns))
            let place: [SQLValue] = [.text(customer.rawValue), .integer(revision), SQLValue(ordinal)]
            switch effect {
            case .held(let hold): rows.holds += hold.rows(at: place)
            case .granted(let grant): rows.grants.append(grant.row(at: place))
            case .subscribed(let subscription): rows.subscriptions.append(subscription.row(at: place))
            case .upgraded(let upgrade): rows.upgrades.append(upgrade.row(at: place))
            case .ordered(let order): rows.orders.append(order.row(at: place))
            default: break
            }
        }
    }

    /// The columns that say what made the change; its key stands in its first row alone, and of its receipt each
    /// row has one line.
    private func head(_ ordinal: Int) -> [SQLValue] {
        let isFirst = ordinal == 0
        let lines = receipt?.lines ?? []
        let line = ordinal < lines.count ? lines[ordinal] : nil
        let remaining: Int64? = if case .units(let units)? = line?.remaining { units } else { nil }
        return [
            .text(customer.rawValue), .integer(revision), SQLValue(ordinal), .text(kind.rawValue),
            SQLValue(isFirst ? key : nil), .integer(fingerprint), SQLValue(member), SQLValue(recordedAt),
            SQLValue(effectiveAt), SQLValue(line?.meter), SQLValue(line?.amount),
            SQLValue(line.map { _ in isFirst ? receipt?.overage ?? 0 : 0 }),
            line.map { _ in SQLValue(isFirst && receipt?.isLate ?? false) } ?? .null, SQLValue(remaining),
        ]
    }
}

extension Account.Receipt {
    /// Reads the columns of a receipt, from its meter on; where the number left is empty, the meter has no limit.
    static func optional(
        _ reader: inout SQLRowReader,
        revision: Int64,
        at: Timestamp
    ) throws(StoreError) -> Account.Receipt? {
        let (meter, amount) = (try reader.optionalText(), try reader.optionalInteger())
        let (overage, isLate) = (try reader.optionalInteger(), try reader.optionalInteger())
        let remaining = try reader.optionalInteger()
        guard let meter, let amount, let overage, let isLate else { return nil }
        return Account.Receipt(
            revision: revision,
            meter: Meter.ID(meter),
            amount: amount,
            overage: overage,
            isLate: isLate != 0,
            remaining: remaining.map { .units($0) } ?? .unlimited,
            at: at
        )
    }
}

extension Account.Effect {
    /// The columns that effects share.
    ///
    /// What each effect keeps in which is said once, in ``columns``, and read back in
    /// ``optional(_:details:)``.
    private struct Columns {
        var effect: String?
        var meter: Meter.ID?
        var grant: Account.Grant.ID?
        var other: Account.Grant.ID?
        var hold: Account.Hold.ID?
        var amount: Int64?
        var otherAmount: Int64?
        var start: Timestamp?
        var end: Timestamp?
        var used: Timestamp?
        var word: String?

        var values: [SQLValue] {
            [
                SQLValue(effect), SQLValue(meter), SQLValue(grant), SQLValue(other), SQLValue(hold), SQLValue(amount),
                SQLValue(otherAmount), SQLValue(start), SQLValue(end), SQLValue(used), SQLValue(word),
            ]
        }
    }

    static var emptyColumns: [SQLValue] { Columns().values }

    var columns: [SQLValue] {
        let columns =
            switch self {
            case .opened(let anchor): Columns(effect: "opened", start: anchor)
            case .tierEntered(let standing):
                Columns(
                    effect: "tier_entered",
                    otherAmount: standing.catalog.number,
                    end: standing.until,
                    word: standing.tier.rawValue
                )
            case .periodOpened(let period):
                Columns(
                    effect: "period_opened",
                    meter: period.meter,
                    amount: period.used,
                    otherAmount: period.uncovered,
                    start: period.span.start,
                    end: period.span.end,
                    used: period.lastUsed
                )
            case .periodExtended(let meter, let end): Columns(effect: "period_extended", meter: meter, end: end)
            case .granted(let grant):
                Columns(effect: "granted", grant: grant.id, amount: grant.amount, word: grant.source.rawValue)
            case .resized(let grant, let delta): Columns(effect: "resized", grant: grant, amount: delta)
            case .drawn(let draw):
                Columns(
                    effect: "drawn",
                    meter: draw.meter,
                    grant: draw.grant,
                    amount: draw.amount,
                    used: draw.at,
                    word: draw.source?.rawValue
                )
            case .moved(let meter, let from, let to, let amount):
                Columns(effect: "moved", meter: meter, grant: from, other: to, amount: amount)
            case .expired(let grant, let amount): Columns(effect: "expired", grant: grant, amount: amount)
            case .voided(let grant, let amount, let instant):
                Columns(effect: "voided", grant: grant, amount: amount, end: instant)
            case .retired(let grant): Columns(effect: "retired", grant: grant)
            case .held(let hold): Columns(effect: "held", meter: hold.meter, hold: hold.id, amount: hold.amount)
            case .holdEnded(let hold, let end): Columns(effect: "hold_ended", hold: hold, word: end.rawValue)
            case .subscribed(let subscription): Columns(effect: "subscribed", word: subscription.id)
            case .upgraded(let upgrade): Columns(effect: "upgraded", word: upgrade.stage.rawValue)
            case .ordered(let order): Columns(effect: "ordered", word: order.id)
            }
        return columns.values
    }

    /// What the tables beside the journal hold for one of its rows.
    struct Details {
        var hold: Account.Hold?
        var grant: Account.Grant?
        var subscription: Subscription?
        var upgrade: Upgrade?
        var order: Account.Order?
    }

    /// Reads the columns of an effect; `nil` for a row that has none.
    static func optional(_ reader: inout SQLRowReader, details: Details) throws(StoreError) -> Account.Effect? {
        let effect = try reader.optionalText()
        let meter = try reader.optionalText().map { Meter.ID($0) }
        let grant = try reader.optionalText().map { Account.Grant.ID($0) }
        let other = try reader.optionalText().map { Account.Grant.ID($0) }
        let hold = try reader.optionalText().map { Account.Hold.ID($0) }
        let (amount, otherAmount) = (try reader.optionalInteger(), try reader.optionalInteger())
        let (start, end) = (try reader.optionalTimestamp(), try reader.optionalTimestamp())
        let used = try reader.optionalTimestamp()
        let word = try reader.optionalText()
        let span = start.flatMap { start in end.flatMap { TimeSpan(start: start, end: $0) } }
        guard let effect else { return nil }
        let read: Account.Effect? =
            switch effect {
            case "opened": start.map { .opened(anchor: $0) }
            case "tier_entered": Self.tierEntered(word, otherAmount, end)
            case "period_opened": Self.periodOpened(meter, span, amount, otherAmount, used)
            case "period_extended": meter.flatMap { meter in end.map { .periodExtended(meter, until: $0) } }
            case "granted": details.grant.map { .granted($0) }
            case "resized": grant.flatMap { grant in amount.map { .resized(grant, by: $0) } }
            case "drawn": Self.drawn(meter, grant, word, amount, used)
            case "moved": meter.flatMap { meter in amount.map { .moved(meter, from: grant, to: other, amount: $0) } }
            case "expired": grant.flatMap { grant in amount.map { .expired(grant, amount: $0) } }
            case "voided": Self.voided(grant, amount, end)
            case "retired": grant.map { .retired($0) }
            case "held": details.hold.map { .held($0) }
            case "hold_ended":
                hold.flatMap { hold in word.flatMap { Account.HoldEnd(rawValue: $0) }.map { .holdEnded(hold, $0) } }
            case "subscribed": details.subscription.map { .subscribed($0) }
            case "upgraded": details.upgrade.map { .upgraded($0) }
            case "ordered": details.order.map { .ordered($0) }
            default: nil
            }
        guard let read else {
            throw StoreError(.corrupt, "A journal row has the effect '\(effect)' without what belongs to it.")
        }
        return read
    }

    private static func periodOpened(
        _ meter: Meter.ID?,
        _ span: TimeSpan?,
        _ used: Int64?,
        _ uncovered: Int64?,
        _ lastUsed: Timestamp?
    ) -> Account.Effect? {
        guard let meter, let span, let used, let uncovered else { return nil }
        return .periodOpened(
            Account.Period(meter: meter, span: span, used: used, uncovered: uncovered, lastUsed: lastUsed)
        )
    }

    private static func tierEntered(_ tier: String?, _ catalog: Int64?, _ until: Timestamp?) -> Account.Effect? {
        guard let tier, let catalog else { return nil }
        return .tierEntered(
            Account.Standing(tier: Tier.ID(tier), catalog: Catalog.Version(catalog), until: until)
        )
    }

    private static func drawn(
        _ meter: Meter.ID?,
        _ grant: Account.Grant.ID?,
        _ source: String?,
        _ amount: Int64?,
        _ instant: Timestamp?
    ) -> Account.Effect? {
        let origin = source.flatMap { Account.Grant.Source(rawValue: $0) }
        guard let meter, let amount, let instant, (source == nil) == (origin == nil) else { return nil }
        return .drawn(Account.Draw(meter: meter, grant: grant, source: origin, amount: amount, at: instant))
    }

    private static func voided(_ grant: Account.Grant.ID?, _ amount: Int64?, _ instant: Timestamp?) -> Account.Effect? {
        guard let grant, let amount, let instant else { return nil }
        return .voided(grant, amount: amount, at: instant)
    }
}
