import BillingModel
import Testing

/// The whole state, folded from the journal by hand: it shares no code with the model.
struct Audit {
    struct Book: Equatable {
        var amount: Int64
        var used: Int64 = 0
        var held: Int64 = 0
        var expired: Int64 = 0
        var voided: Int64 = 0
        var moved: Int64 = 0

        var remaining: Int64 { amount - used - held - expired - voided - moved }
    }

    /// A running period, added up by hand.
    private struct Tally: Equatable {
        var span: TimeSpan
        var used: Int64
        var uncovered: Int64
        var lastUsed: Timestamp?
    }

    private struct WindowName: Hashable {
        let meter: Meter.ID
        let seconds: Int64
    }

    typealias Subject = Account.Balance.Subject

    private(set) var books: [Account.Grant.ID: Book] = [:]
    private(set) var retired: Set<Account.Grant.ID> = []
    /// What has come back of the draws of each revision, and what was drawn in it, by subject.
    private(set) var drawn: [Int64: [Subject: Int64]] = [:]
    private(set) var returned: [Int64: [Subject: Int64]] = [:]
    private(set) var warnings: Set<Account.Warning> = []
    private var holds: [Account.Hold.ID: Account.Hold] = [:]
    private var ends: [Account.Grant.ID: Timestamp] = [:]
    private var sources: [Account.Grant.ID: (source: Account.Grant.Source, subject: Subject)] = [:]
    private var allowances: [Subject: Account.Grant.ID] = [:]
    private var tallies: [Subject: Tally] = [:]
    private var levels: [Meter.ID: Int64] = [:]
    private var windows: [WindowName: (start: Timestamp, used: Int64)] = [:]
    private var trial: Account.Trial?
    private var purchase: Timestamp?
    private var overrides: [Account.Override] = []
    private var standing: Account.Standing?
    private var anchor: Timestamp?
    private var subscriptions: [Subscription.Key: Subscription] = [:]
    private var benefits: [Benefit.Key: Benefit] = [:]
    private var upgrades: [Upgrade.Key: Upgrade] = [:]
    private var lastInstant: Timestamp?
    private var revision: Int64 = 0

    mutating func take(_ change: Account.Change) {
        if let lastInstant { #expect(change.recordedAt >= lastInstant, "time never runs backwards") }
        #expect(change.effectiveAt <= change.recordedAt, "nothing counts before it is known")
        lastInstant = change.recordedAt
        revision = change.revision
        let before = paid
        for effect in change.effects { take(effect) }
        // One that has all the payments that are remembered of one gives some up for earlier ones.
        let isFull = upgrades.values.contains { upgrade in
            upgrade.checkouts.count { $0.payment != nil } == Upgrade.maximumCheckouts
        }
        #expect(isFull || before.isSubset(of: paid), "what is paid stays paid, whichever attempt it turns out to be of")
        #expect(anchor != nil, "an account is opened by its first change")
        for (id, book) in books {
            let counts = [book.amount, book.used, book.held, book.expired, book.voided, book.moved]
            if counts.contains(where: { $0 < 0 }) || book.remaining < 0 {
                Issue.record("grant \(id) is \(book) after revision \(change.revision): \(change.effects)")
            }
        }
        for (subject, tally) in tallies where tally.uncovered < 0 || tally.uncovered > tally.used {
            Issue.record("\(subject) counts \(tally) after revision \(change.revision): \(change.effects)")
        }
        for case .returned(let back) in change.effects {
            guard let use = back.revision else { continue }
            let subject = Self.subject(of: back.draw)
            if returned[use]?[subject] ?? 0 > drawn[use]?[subject] ?? 0 {
                Issue.record("more of \(subject) came back than revision \(use) had used: \(change.effects)")
            }
        }
    }

    private mutating func take(_ effect: Account.Effect) {
        switch effect {
        case .granted, .resized, .moved, .carried, .expired, .voided, .retired, .restored: takeGrants(effect)
        case .drawn(let draw):
            drawn[revision, default: [:]][Self.subject(of: draw), default: 0] += draw.amount
            if let id = draw.grant { books[id]?.used += draw.amount }
            count(draw, 1)
        case .returned(let back):
            if let use = back.revision {
                returned[use, default: [:]][Self.subject(of: back.draw), default: 0] += back.draw.amount
            }
            if let id = back.draw.grant { books[id]?.used -= back.draw.amount }
            count(back.draw, -1)
        case .held(let hold):
            #expect(holds[hold.id] == nil)
            #expect(hold.amount > 0)
            holds[hold.id] = hold
            setAside(hold, 1)
        case .holdExtended(let id, let end):
            guard let hold = holds[id] else { return }
            #expect(end > hold.lapsesAt, "work is only given more time")
            holds[id] = Self.hold(hold, lapsingAt: end)
        case .holdEnded(let id, _):
            if let hold = holds[id] { setAside(hold, -1) }
            holds[id] = nil
        case .levelled(let meter, let units):
            levels[meter] = units
            #expect(levels[meter, default: 0] >= 0)
            if levels[meter] == 0 { levels[meter] = nil }
        case .windowOpened(let window):
            windows[WindowName(meter: window.meter, seconds: window.seconds)] = (window.start, window.used)
        case .warned(let warning):
            #expect(warnings.insert(warning).inserted, "each threshold is told of once")
        case .recovered(let warning): #expect(warnings.remove(warning) != nil)
        case .trialChanged(let new):
            if let trial { #expect(trial.startedAt == new.startedAt, "there is one trial for ever") }
            trial = new
        case .purchased(let instant):
            if let purchase { #expect(instant < purchase) }
            purchase = instant
        case .overridden(let terms): overrides = terms
        case .opened, .tierEntered, .periodOpened, .periodExtended, .subscribed, .benefited,
            .subscriptionForgotten, .benefitForgotten, .upgraded, .upgradeForgotten, .ordered:
            takeStanding(effect)
        }
    }

    private mutating func takeGrants(_ effect: Account.Effect) {
        switch effect {
        case .granted(let grant):
            #expect(books[grant.id] == nil, "a grant is given once")
            books[grant.id] = Self.book(of: grant)
            ends[grant.id] = grant.expiry
            sources[grant.id] = (grant.source, grant.subject)
            if grant.source == .allowance { allowances[grant.subject] = grant.id }
        case .restored(let grant):
            #expect(retired.remove(grant.id) != nil, "only what had left comes back")
            #expect(books[grant.id] == Self.book(of: grant), "it comes back as it left")
        case .resized(let id, let delta): books[id]?.amount += delta
        case .moved(let subject, let from, let to, let amount):
            tallies[subject]?.uncovered += (to == nil ? amount : 0) - (from == nil ? amount : 0)
            if let from { books[from]?.used -= amount }
            if let to { books[to]?.used += amount }
        case .carried(let id, let amount): books[id]?.moved += amount
        case .expired(let id, let amount):
            books[id]?.expired += amount
            forget(id)
        case .voided(let id, let amount, let instant):
            books[id]?.voided += amount
            ends[id] = ends[id].map { min($0, instant) } ?? instant
        case .retired(let grant):
            #expect(books[grant.id] == Self.book(of: grant), "a grant leaves as the journal has it")
            #expect(grant.held == 0, "a grant with a hold on it stays")
            #expect(grant.remaining == 0, "a grant leaves with all its units accounted for")
            retired.insert(grant.id)
            forget(grant.id)
        default: break
        }
    }

    private mutating func takeStanding(_ effect: Account.Effect) {
        switch effect {
        case .opened(let instant):
            #expect(anchor.map { instant < $0 } ?? true, "an account is opened once, and then only found to be older")
            anchor = instant
        case .tierEntered(let new): standing = new
        case .periodOpened(let period):
            tallies[period.subject] = Self.tally(of: period)
            allowances[period.subject] = nil
        case .periodExtended(let subject, let end):
            guard let old = tallies[subject]?.span else { return }
            tallies[subject]?.span = TimeSpan(from: old.start, to: end)
            if let grant = allowances[subject] { ends[grant] = end }
            for (id, origin) in sources
            where [.rollover, .renewal].contains(origin.source) && origin.subject == subject {
                if !retired.contains(id), ends[id] == old.end { ends[id] = end }
            }
        case .subscribed(let subscription): subscriptions[subscription.key] = subscription
        case .benefited(let benefit): benefits[benefit.key] = benefit
        case .subscriptionForgotten(let subscription):
            #expect(subscriptions.removeValue(forKey: subscription.key) == subscription, "what is forgotten was known")
        case .benefitForgotten(let benefit):
            #expect(benefits.removeValue(forKey: benefit.key) == benefit, "what is forgotten was known")
        case .upgraded(let upgrade, let step): take(upgrade, after: step)
        case .upgradeForgotten(let key):
            #expect(upgrades.removeValue(forKey: key) != nil, "what is forgotten was known")
        default: break
        }
    }

    private mutating func take(_ upgrade: Upgrade, after step: Upgrade.Step) {
        let before = upgrades.updateValue(upgrade, forKey: upgrade.key)
        #expect((before == nil) == (step == .started), "an attempt begins once")
        #expect(before != upgrade || before?.abandonedAt != upgrade.abandonedAt, "what is written down is different")
        if step == .completed { #expect(upgrade.stage == .completed && before?.stage != .completed) }
        #expect((upgrade.stage == .completed) == upgrade.checkouts.contains { $0.payment != nil })
    }

    /// The attempts and checkouts that were paid, by name: an order without a checkout is the attempt's.
    private var paid: Set<String> {
        Set(
            upgrades.values.flatMap { upgrade in
                upgrade.checkouts.filter { $0.payment != nil }.map(\.id)
            }
        )
    }

    private mutating func setAside(_ hold: Account.Hold, _ sign: Int64) {
        for part in hold.parts + (hold.credits?.parts ?? []) {
            if let id = part.grant { books[id]?.held += sign * part.amount }
        }
    }

    private mutating func count(_ draw: Account.Draw, _ sign: Int64) {
        if draw.pool == nil, sign > 0 {
            for (name, window) in windows where name.meter == draw.meter {
                if draw.at >= window.start { windows[name]?.used += draw.amount }
            }
        }
        guard var tally = tallies[Self.subject(of: draw)] else { return }
        if sign > 0, tally.lastUsed.map({ $0 < draw.at }) ?? true { tally.lastUsed = draw.at }
        if draw.at >= tally.span.start {
            tally.used += sign * draw.amount
            if draw.cover == .nothing { tally.uncovered += sign * draw.amount }
        }
        tallies[Self.subject(of: draw)] = tally
    }

    private mutating func forget(_ grant: Account.Grant.ID) {
        for (subject, id) in allowances where id == grant { allowances[subject] = nil }
    }

    /// Holds an account against the books.
    func check(_ account: Account, _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation) {
        var live: [Account.Grant.ID: Book] = [:]
        for grant in account.grants {
            live[grant.id] = Self.book(of: grant)
            let gone = grant.expired + grant.voided + grant.moved
            #expect(grant.amount == grant.used + grant.held + gone + grant.remaining, sourceLocation: location)
            #expect(grant.expiry == ends[grant.id], comment, sourceLocation: location)
        }
        #expect(live == books.filter { !retired.contains($0.key) }, comment, sourceLocation: location)
        #expect(Set(account.holds) == Set(holds.values), comment, sourceLocation: location)
        var running: [Subject: Tally] = [:]
        for period in account.periods {
            running[period.subject] = Self.tally(of: period)
            #expect(period.grant == allowances[period.subject], comment, sourceLocation: location)
            if period.used < 0 || period.uncovered < 0 || period.uncovered > period.used {
                Issue.record("counted below nothing, or too much: \(period)", sourceLocation: location)
            }
        }
        #expect(running == tallies, comment, sourceLocation: location)
        let standing = Dictionary(uniqueKeysWithValues: account.levels.map { ($0.meter, $0.units) })
        #expect(standing == levels, comment, sourceLocation: location)
        #expect(account.windows.count == windows.count, comment, sourceLocation: location)
        for window in account.windows {
            let own = windows[WindowName(meter: window.meter, seconds: window.seconds)]
            #expect(own?.start == window.start && own?.used == window.used, comment, sourceLocation: location)
        }
        checkStanding(of: account, comment, at: location)
    }

    private func checkStanding(of account: Account, _ comment: Comment?, at location: SourceLocation) {
        #expect(Set(account.warnings) == warnings, comment, sourceLocation: location)
        #expect(account.trial == trial && account.firstPurchaseAt == purchase, comment, sourceLocation: location)
        #expect(account.overrides == overrides, comment, sourceLocation: location)
        #expect(account.standing == standing, comment, sourceLocation: location)
        if let anchor { #expect(account.anchor == anchor, comment, sourceLocation: location) }
        #expect(Set(account.subscriptions) == Set(subscriptions.values), comment, sourceLocation: location)
        #expect(Set(account.benefits) == Set(benefits.values), comment, sourceLocation: location)
        #expect(Set(account.upgrades) == Set(upgrades.values), comment, sourceLocation: location)
    }

    // MARK: Translations

    private static func subject(of draw: Account.Draw) -> Subject {
        draw.pool.map { .pool($0) } ?? .meter(draw.meter)
    }

    private static func book(of grant: Account.Grant) -> Book {
        Book(
            amount: grant.amount,
            used: grant.used,
            held: grant.held,
            expired: grant.expired,
            voided: grant.voided,
            moved: grant.moved
        )
    }

    private static func tally(of period: Account.Period) -> Tally {
        Tally(span: period.span, used: period.used, uncovered: period.uncovered, lastUsed: period.lastUsed)
    }

    private static func hold(_ hold: Account.Hold, lapsingAt end: Timestamp) -> Account.Hold {
        Account.Hold(
            id: hold.id,
            meter: hold.meter,
            parts: hold.parts,
            credits: hold.credits,
            key: hold.key,
            attempt: hold.attempt,
            member: hold.member,
            reservedAt: hold.reservedAt,
            lapsesAt: end
        )
    }
}
