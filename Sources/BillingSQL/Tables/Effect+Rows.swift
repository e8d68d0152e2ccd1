import BillingKit

extension Account.Effect {
    /// The words that an effect can be, the usual ones first.
    static let words =
        [
            "drawn", "held", "hold_ended", "returned", "granted", "retired", "period_opened", "carried", "expired",
            "warned",
            "recovered", "window_opened", "levelled", "opened", "tier_entered", "period_extended", "restored",
            "resized",
            "moved", "voided", "hold_extended", "trial_changed", "purchased", "overridden", "subscribed", "ordered",
            "benefited",
        ] + Upgrade.Step.allCases.map(\.rawValue) + [
            "upgrade_forgotten", "subscription_forgotten", "benefit_forgotten",
        ]

    /// The columns that effects share.
    ///
    /// What each effect keeps in which is said in ``init(_:)``, and read back in ``effect(details:)``.
    struct Columns {
        var effect: String?
        var meter: Meter.ID?
        var pool: CreditPool.ID?
        var grant: Account.Grant.ID?
        var other: Account.Grant.ID?
        var hold: Account.Hold.ID?
        var amount: Int64?
        var otherAmount: Int64?
        var start: Timestamp?
        var end: Timestamp?
        var used: Timestamp?
        var word: String?
        var revision: Int64?

        init() {}

        init(_ reader: inout SQLRowReader) throws(StoreError) {
            effect = try reader.optionalText()
            meter = try reader.optionalText().map { Meter.ID($0) }
            pool = try reader.optionalText().map { CreditPool.ID($0) }
            grant = try reader.optionalText().map { Account.Grant.ID($0) }
            other = try reader.optionalText().map { Account.Grant.ID($0) }
            hold = try reader.optionalText().map { Account.Hold.ID($0) }
            amount = try reader.optionalInteger()
            otherAmount = try reader.optionalInteger()
            start = try reader.optionalTimestamp()
            end = try reader.optionalTimestamp()
            used = try reader.optionalTimestamp()
            word = try reader.optionalText()
            revision = try reader.optionalInteger()
        }
    }

    /// What the tables beside the journal hold for one of its rows.
    struct Details {
        var hold: Account.Hold?
        var grant: Account.Grant?
        var trial: Account.Trial?
        var overrides: [Account.Override] = []
        var subscription: Subscription?
        var benefit: Benefit?
        var upgrade: Upgrade?
        var order: Account.Order?
    }

    /// Reads the columns of an effect; `nil` for a row that has none.
    static func optional(_ reader: inout SQLRowReader, details: Details) throws(StoreError) -> Account.Effect? {
        let columns = try Columns(&reader)
        guard let word = columns.effect else { return nil }
        guard let effect = try columns.effect(details: details) else {
            throw StoreError(.corrupt, "A journal row has the effect '\(word)' without what belongs to it.")
        }
        return effect
    }
}

// MARK: Writing

extension Account.Effect.Columns {
    init(_ effect: Account.Effect) {
        switch effect {
        case .opened(let anchor): self.init("opened", start: anchor)
        case .tierEntered(let standing):
            self.init("tier_entered", end: standing.until, word: standing.tier.rawValue)
            otherAmount = standing.catalog.number
        case .periodOpened(let period):
            self.init("period_opened", period.subject, grant: period.grant, amount: period.used)
            otherAmount = period.uncovered
            (start, end, used) = (period.span.start, period.span.end, period.lastUsed)
        case .periodExtended(let subject, let end): self.init("period_extended", subject, end: end)
        case .granted(let grant): self.init("granted", grant)
        case .resized(let grant, let delta): self.init("resized", grant: grant, amount: delta)
        case .drawn(let draw): self.init("drawn", draw)
        case .returned(let back):
            self.init("returned", back.draw)
            revision = back.revision
        case .moved(let subject, let from, let to, let amount):
            self.init("moved", subject, grant: from, amount: amount)
            other = to
        case .carried(let grant, let amount): self.init("carried", grant: grant, amount: amount)
        case .expired(let grant, let amount): self.init("expired", grant: grant, amount: amount)
        case .voided(let grant, let amount, let instant):
            self.init("voided", grant: grant, amount: amount, end: instant)
        case .retired(let grant): self.init("retired", grant)
        case .restored(let grant): self.init("restored", grant)
        case .held(let hold): self.init("held", .meter(hold.meter), hold: hold.id, amount: hold.amount)
        case .holdExtended(let hold, let end): self.init("hold_extended", hold: hold, end: end)
        case .holdEnded(let hold, let end): self.init("hold_ended", hold: hold, word: end.rawValue)
        case .levelled(let meter, let units): self.init("levelled", .meter(meter), amount: units)
        case .windowOpened(let window):
            self.init("window_opened", .meter(window.meter), amount: window.used, start: window.start)
            otherAmount = window.seconds
        case .warned(let warning): self.init("warned", warning)
        case .recovered(let warning): self.init("recovered", warning)
        case .trialChanged(let trial): self.init("trial_changed", grant: trial.grant, start: trial.startedAt)
        case .purchased(let instant): self.init("purchased", start: instant)
        case .overridden(let overrides): self.init("overridden", amount: Int64(overrides.count))
        case .subscribed(let subscription): self.init("subscribed", word: subscription.id)
        case .benefited(let benefit): self.init("benefited", word: benefit.key.id)
        case .subscriptionForgotten(let subscription): self.init("subscription_forgotten", word: subscription.id)
        case .benefitForgotten(let benefit): self.init("benefit_forgotten", word: benefit.key.id)
        case .upgraded(let upgrade, let step): self.init(step.rawValue, word: upgrade.stage.rawValue)
        case .upgradeForgotten(let key): self.init("upgrade_forgotten", word: key.kind)
        case .ordered(let order): self.init("ordered", word: order.id)
        }
    }

    private init(
        _ effect: String,
        _ subject: Account.Balance.Subject? = nil,
        grant: Account.Grant.ID? = nil,
        hold: Account.Hold.ID? = nil,
        amount: Int64? = nil,
        start: Timestamp? = nil,
        end: Timestamp? = nil,
        word: String? = nil
    ) {
        self.effect = effect
        switch subject {
        case .meter(let meter): self.meter = meter
        case .pool(let pool): self.pool = pool
        case nil: break
        }
        self.grant = grant
        self.hold = hold
        self.amount = amount
        self.start = start
        self.end = end
        self.word = word
    }

    private init(_ effect: String, _ grant: Account.Grant) {
        self.init(effect, grant.subject, grant: grant.id, amount: grant.amount, word: grant.source.rawValue)
    }

    private init(_ effect: String, _ draw: Account.Draw) {
        self.init(effect, .meter(draw.meter), grant: draw.grant, amount: draw.amount, word: draw.cover.word)
        pool = draw.pool
        used = draw.at
    }

    private init(_ effect: String, _ warning: Account.Warning) {
        self.init(effect, warning.subject, amount: warning.degree.number, word: warning.degree.word)
    }
}

extension Account.Draw.Cover {
    /// A grant's source, `credits`, or `nil` for nothing.
    fileprivate var word: String? {
        switch self {
        case .grant(_, let source): source.rawValue
        case .credits: "credits"
        case .nothing: nil
        }
    }
}

// MARK: Reading

extension Account.Effect.Columns {
    /// The effect that the columns tell of; `nil` where something is missing.
    func effect(details: Account.Effect.Details) throws(StoreError) -> Account.Effect? {
        switch effect {
        case "opened": start.map { .opened(anchor: $0) }
        case "tier_entered": tierEntered
        case "period_opened": period.map { .periodOpened($0) }
        case "period_extended": subject.flatMap { subject in end.map { .periodExtended(subject, until: $0) } }
        case "granted": details.grant.map { .granted($0) }
        case "retired": details.grant.map { .retired($0) }
        case "restored": details.grant.map { .restored($0) }
        case "drawn": draw.map { .drawn($0) }
        case "returned": draw.map { .returned(Account.Return($0, of: revision)) }
        case "resized", "moved", "carried", "expired", "voided": counted
        case "held": details.hold.map { .held($0) }
        case "hold_extended": hold.flatMap { hold in end.map { .holdExtended(hold, until: $0) } }
        case "hold_ended":
            hold.flatMap { hold in word.flatMap { Account.HoldEnd(rawValue: $0) }.map { .holdEnded(hold, $0) } }
        case "levelled": meter.flatMap { meter in amount.map { .levelled(meter, at: $0) } }
        case "window_opened": window.map { .windowOpened($0) }
        case "warned": try warning().map { .warned($0) }
        case "recovered": try warning().map { .recovered($0) }
        case "trial_changed": details.trial.map { .trialChanged($0) }
        case "purchased": start.map { .purchased($0) }
        case "overridden": amount == Int64(details.overrides.count) ? .overridden(details.overrides) : nil
        case "subscribed": details.subscription.map { .subscribed($0) }
        case "benefited": details.benefit.map { .benefited($0) }
        case "subscription_forgotten": details.subscription.map { .subscriptionForgotten($0) }
        case "benefit_forgotten": details.benefit.map { .benefitForgotten($0) }
        case "upgrade_forgotten": details.upgrade.map { .upgradeForgotten($0.key) }
        case "ordered": details.order.map { .ordered($0) }
        default:
            effect.flatMap { Upgrade.Step(rawValue: $0) }.flatMap { step in details.upgrade.map { .upgraded($0, step) }
            }
        }
    }

    /// What an effect on one balance is on.
    private var subject: Account.Balance.Subject? {
        switch (meter, pool) {
        case (let meter?, nil): .meter(meter)
        case (nil, let pool?): .pool(pool)
        default: nil
        }
    }

    private var tierEntered: Account.Effect? {
        guard let word, let otherAmount else { return nil }
        return .tierEntered(
            Account.Standing(tier: Tier.ID(word), catalog: Catalog.Version(otherAmount), until: end)
        )
    }

    private var period: Account.Period? {
        guard let subject, let amount, let otherAmount, let start, let end, let span = TimeSpan(start: start, end: end)
        else { return nil }
        return Account.Period(
            subject: subject,
            span: span,
            used: amount,
            uncovered: otherAmount,
            grant: grant,
            lastUsed: used
        )
    }

    var draw: Account.Draw? {
        guard let meter, let amount, let used, let cover else { return nil }
        return Account.Draw(meter: meter, pool: pool, cover: cover, amount: amount, at: used)
    }

    private var cover: Account.Draw.Cover? {
        switch (grant, word) {
        case (nil, nil): .nothing
        case (nil, "credits"): .credits
        case (let grant?, let word?): Account.Grant.Source(rawValue: word).map { .grant(grant, $0) }
        default: nil
        }
    }

    /// An effect on the numbers of a grant.
    private var counted: Account.Effect? {
        guard let amount else { return nil }
        if effect == "moved" { return subject.map { .moved($0, from: grant, to: other, amount: amount) } }
        guard let grant else { return nil }
        switch effect {
        case "resized": return .resized(grant, by: amount)
        case "carried": return .carried(grant, amount: amount)
        case "expired": return .expired(grant, amount: amount)
        default: return end.map { .voided(grant, amount: amount, at: $0) }
        }
    }

    private var window: Account.Window? {
        guard let meter, let amount, let otherAmount, let start else { return nil }
        return Account.Window(meter: meter, seconds: otherAmount, start: start, used: amount)
    }

    private func warning() throws(StoreError) -> Account.Warning? {
        guard let subject, let word, let amount else { return nil }
        return Account.Warning(subject, try Account.Warning.Degree(word: word, number: amount))
    }
}
