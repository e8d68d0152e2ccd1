import BillingKit

/// What of an account's state its changes have touched.
///
/// What has not been is not written. What has been may be written as it was: the rows are those of the state after all
/// changes, whichever of them touched it.
struct TouchedParts {
    private var subjects: Set<Account.Balance.Subject> = []
    private var openedSubjects: Set<Account.Balance.Subject> = []
    /// Whether a grant is over, which the period that it belonged to then forgets.
    private var hasExpiries = false
    /// The draws that windows count.
    private var draws: [Account.Draw] = []
    private var windows: Set<Account.Window.Place> = []
    private(set) var grants: Set<Account.Grant.ID>
    private(set) var holds: Set<Account.Hold.ID> = []
    private(set) var levels: Set<Meter.ID> = []
    private(set) var warnings: Set<Account.Warning> = []
    private(set) var hasTrial = false
    private(set) var hasOverrides = false
    private(set) var subscriptions: Set<Subscription.Key> = []
    private(set) var benefits: Set<Benefit.Key> = []
    private(set) var upgrades: Set<Upgrade.Key> = []

    init(grants: Set<Account.Grant.ID>) {
        self.grants = grants
    }

    /// Returns whether a period, or the grant that came with it, has been touched.
    func contains(_ period: Account.Period) -> Bool {
        guard !subjects.contains(period.subject) else { return true }
        return period.grant.map(grants.contains) ?? hasExpiries
    }

    /// Returns whether another period of a subject was opened than the one before.
    func isOpened(_ subject: Account.Balance.Subject) -> Bool {
        openedSubjects.contains(subject)
    }

    /// Returns whether a grant may have been touched that is not a given one.
    func hasOtherGrants(than own: Account.Grant.ID?, of subject: Account.Balance.Subject) -> Bool {
        isOpened(subject) || grants.count > (own.map(grants.contains) ?? false ? 1 : 0)
    }

    /// Returns whether a grant beside a period's own has been touched.
    func contains(_ grant: Account.Grant) -> Bool {
        // The grant of the period before is not among its balance any more.
        grants.contains(grant.id)
            || isOpened(grant.subject) && (grant.source == .allowance || grant.source == .renewal)
    }

    /// Returns whether a window has been touched.
    func contains(_ window: Account.Window) -> Bool {
        windows.contains(window.place)
            || draws.contains { $0.meter == window.meter && $0.at >= window.start }
    }

    /// Adds what an effect touches.
    ///
    /// - Parameters:
    ///   - effect: The effect.
    ///   - account: The account after all changes.
    mutating func add(_ effect: Account.Effect, in account: Account) {
        switch effect {
        case .opened, .tierEntered, .purchased, .ordered: break
        case .periodOpened(let period):
            subjects.insert(period.subject)
            openedSubjects.insert(period.subject)
        case .periodExtended(let subject, _):
            subjects.insert(subject)
            // The grants that end with the period end with it still.
            grants.formUnion(account.grants.lazy.filter { $0.subject == subject }.map(\.id))
        case .granted(let grant), .retired(let grant), .restored(let grant):
            grants.insert(grant.id)
            subjects.insert(grant.subject)
        case .resized(let grant, _), .carried(let grant, _), .voided(let grant, _, _): grants.insert(grant)
        case .expired(let grant, _):
            grants.insert(grant)
            hasExpiries = true
        case .drawn(let draw):
            add(draw)
            if draw.pool == nil { draws.append(draw) }
        case .returned(let back): add(back.draw)
        case .moved(let subject, let from, let to, _):
            subjects.insert(subject)
            grants.formUnion([from, to].compactMap(\.self))
        case .held(let hold):
            holds.insert(hold.id)
            grants.formUnion(hold.allParts.compactMap(\.grant))
        // The grants of a stored hold are known from its rows, those of one that began in this commit from there.
        case .holdExtended(let hold, _), .holdEnded(let hold, _): holds.insert(hold)
        case .levelled(let meter, _): levels.insert(meter)
        case .windowOpened(let window): windows.insert(window.place)
        case .warned(let warning), .recovered(let warning): warnings.insert(warning)
        case .trialChanged: hasTrial = true
        case .overridden: hasOverrides = true
        case .subscribed(let subscription), .subscriptionForgotten(let subscription):
            subscriptions.insert(subscription.key)
        case .benefited(let benefit), .benefitForgotten(let benefit): benefits.insert(benefit.key)
        case .upgraded(let upgrade, _): upgrades.insert(upgrade.key)
        case .upgradeForgotten(let key): upgrades.insert(key)
        }
    }

    private mutating func add(_ draw: Account.Draw) {
        subjects.insert(draw.subject)
        if let grant = draw.grant { grants.insert(grant) }
    }
}

extension Account.Window {
    /// What tells a window from the others of its customer.
    fileprivate struct Place: Hashable {
        let meter: Meter.ID
        let seconds: Int64
    }

    fileprivate var place: Place { Place(meter: meter, seconds: seconds) }
}
