import BillingKit

/// The rows that changes touch, gathered over all accounts of a commit, so that each statement is one step.
struct CommitSteps {
    private var uses = PlainUses()
    private var accounts = TableWrites(AccountTables.accounts, .insert)
    private var advances = SQLRowList(AccountTables.advanceKinds)
    private var schedules = SQLRowList(AccountTables.rescheduleKinds)
    private var balances = TableWrites(AccountTables.balances, .replace)
    private var grants = TableWrites(AccountTables.grants, .replace, removingBy: ["customer", "grant_id"])
    private var holds = TableWrites(AccountTables.holds, .insert, removingBy: ["customer", "hold_id"])
    private var levels = TableWrites(AccountTables.levels, .replace, removingBy: ["customer", "meter"])
    private var windows = TableWrites(AccountTables.windows, .replace)
    private var warnings = TableWrites(AccountTables.warnings, .replace, removingBy: AccountTables.warnings.key)
    private var trials = TableWrites(AccountTables.trials, .replace)
    private var overrides = TableWrites(AccountTables.overrides, .insert, removingBy: ["customer"])
    private var subscriptions = TableWrites(
        AccountTables.subscriptions,
        .replace,
        removingBy: AccountTables.subscriptions.key
    )
    private var subscriptionLosses = TableWrites(
        AccountTables.subscriptionLosses,
        .insert,
        removingBy: ["customer", "provider", "subscription_id"]
    )
    private var benefits = TableWrites(AccountTables.benefits, .replace, removingBy: AccountTables.benefits.key)
    private var upgrades = TableWrites(AccountTables.upgrades, .replace, removingBy: AccountTables.upgrades.key)
    private var upgradeActs = TableWrites(
        AccountTables.upgradeActs,
        .replace,
        removingBy: AccountTables.upgrades.key
    )
    private var upgradeCheckouts = TableWrites(
        AccountTables.upgradeCheckouts,
        .insert,
        removingBy: AccountTables.upgrades.key
    )
    private var orders = TableWrites(AccountTables.orders, .replace)
    private var journal = JournalWrites()
    private var notices = TableWrites(JournalTables.notices, .insert)
    private var references = TableWrites(JournalTables.references, .insert)
    private var settlements: [DeliverySettlement] = []

    /// Gathers the rows.
    ///
    /// - Parameters:
    ///   - items: The changes.
    ///   - heldGrants: The grants that the stored holds which the changes end set units of aside, by customer.
    init(_ items: [CommitRequest.Item], heldGrants: [CustomerID: Set<Account.Grant.ID>]) {
        for item in items { add(item, heldGrants: heldGrants[item.state.account.customer] ?? []) }
    }

    /// Adds an account: its journal as it happened, and of its state what is left after all its changes.
    private mutating func add(_ item: CommitRequest.Item, heldGrants: Set<Account.Grant.ID>) {
        let account = item.state.account
        settlements += item.settlements
        if item.baseRevision > 0, item.setsDueAt {
            schedules.add(account.customer)
            schedules.add(item.dueAt)
        }
        if uses.add(item) { return }
        var touched = TouchedParts(grants: heldGrants)
        var orders: [ProviderReference: Account.Order] = [:]
        for change in item.changes {
            journal.add(change)
            notices += change.notices.map(\.row)
            references += change.references.enumerated().map { index, reference in
                [
                    SQLValue(reference.provider), .text(reference.kind.rawValue), .text(reference.id),
                    .text(account.customer.rawValue), .integer(change.revision), SQLValue(index),
                ]
            }
            for effect in change.effects {
                touched.add(effect, in: account)
                if case .ordered(let order) = effect { orders[order.providerReference] = order }
            }
        }
        let place = [SQLValue.text(account.customer.rawValue)]
        if item.baseRevision == 0 {
            item.addRow(to: &accounts.rows)
            accounts.rows.add(item.dueAt)
        } else {
            item.addRow(to: &advances)
            advances.add(item.baseRevision)
        }
        self.orders += orders.values.sorted { $0.id < $1.id }.map { $0.row(at: place) }
        addUnits(of: account, touched, at: place)
        addTerms(of: account, touched, at: place)
    }

    private mutating func addUnits(of account: Account, _ touched: TouchedParts, at place: [SQLValue]) {
        addGrants(of: account, touched, at: place)
        holds.remove(touched.holds.sorted().map { place + [SQLValue($0)] })
        holds += account.holds.filter { touched.holds.contains($0.id) }.flatMap { $0.rows(at: place) }
        let liveLevels = account.levels.filter { touched.levels.contains($0.meter) }
        levels += liveLevels.map { $0.row(at: place) }
        levels.remove(touched.levels.subtracting(liveLevels.map(\.meter)).sorted().map { place + [SQLValue($0)] })
        windows += account.windows.filter(touched.contains).map { $0.row(at: place) }
        let liveWarnings = touched.warnings.intersection(account.warnings)
        warnings += liveWarnings.sorted().map { $0.row(at: place) }
        warnings.remove(touched.warnings.subtracting(liveWarnings).sorted().map { $0.row(at: place) })
    }

    /// Adds the periods, each with its own grant, and the other grants.
    private mutating func addGrants(of account: Account, _ touched: TouchedParts, at place: [SQLValue]) {
        var gone = touched.grants
        for balance in account.balances {
            let own = balance.period?.grant
            if let period = balance.period, touched.contains(period) {
                let grant = own.flatMap { balance.grant($0) }
                let row = BalanceRow(period, grant: grant)
                if touched.isOpened(balance.subject) {
                    row.add(to: &balances.rows, of: account.customer)
                } else {
                    row.add(to: &balances.updates, of: account.customer)
                }
            }
            // Most uses touch the period's own grant and nothing else: then the others are not gone through.
            if let own { _ = touched.isOpened(balance.subject) ? gone.insert(own).memberAfterInsert : gone.remove(own) }
            guard touched.hasOtherGrants(than: own, of: balance.subject) else { continue }
            for grant in balance.grants where grant.id != own && touched.contains(grant) {
                grant.add(to: &grants.rows, of: account.customer)
                gone.remove(grant.id)
            }
        }
        grants.remove(gone.sorted().map { place + [SQLValue($0)] })
    }

    private mutating func addTerms(of account: Account, _ touched: TouchedParts, at place: [SQLValue]) {
        if touched.hasTrial, let trial = account.trial { trials += [trial.row(at: place)] }
        if touched.hasOverrides {
            overrides.remove([place])
            overrides += account.overrides.rows(at: place)
        }
        addSubscriptions(of: account, touched, at: place)
        let liveBenefits = account.benefits.filter { touched.benefits.contains($0.key) }
        benefits += liveBenefits.map { $0.row(at: place) }
        let goneBenefits = touched.benefits.subtracting(liveBenefits.map(\.key))
        benefits.remove(goneBenefits.sorted().map { place + [SQLValue($0.provider), .text($0.id)] })
        addUpgrades(of: account, touched, at: place)
    }

    private mutating func addSubscriptions(of account: Account, _ touched: TouchedParts, at place: [SQLValue]) {
        var gone = touched.subscriptions
        func lossPlace(of key: Subscription.Key) -> [SQLValue] { place + [SQLValue(key.provider), .text(key.id)] }
        for subscription in account.subscriptions where touched.subscriptions.contains(subscription.key) {
            gone.remove(subscription.key)
            subscriptions += [subscription.row(at: place)]
            subscriptionLosses.remove([lossPlace(of: subscription.key)])
            subscriptionLosses += subscription.lossRows(at: lossPlace(of: subscription.key))
        }
        // In one order always, so that no two servers wait for each other.
        let places = gone.sorted().map(lossPlace)
        subscriptions.remove(places)
        subscriptionLosses.remove(places)
    }

    private mutating func addUpgrades(of account: Account, _ touched: TouchedParts, at place: [SQLValue]) {
        var gone = touched.upgrades
        for upgrade in account.upgrades where touched.upgrades.contains(upgrade.key) {
            gone.remove(upgrade.key)
            let partPlace = place + upgrade.key.values
            upgrades += [upgrade.row(at: place)]
            upgradeActs.remove([partPlace])
            upgradeActs += upgrade.actRows(at: partPlace)
            upgradeCheckouts.remove([partPlace])
            upgradeCheckouts += upgrade.checkoutRows(at: partPlace)
        }
        // In one order always, so that no two servers wait for each other.
        let places = gone.sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }.map { place + $0.values }
        upgrades.remove(places)
        upgradeActs.remove(places)
        upgradeCheckouts.remove(places)
    }

    /// The steps, in an order that no constraint minds.
    var steps: [SQLStep] { advanceSteps + balanceSteps + otherSteps }

    /// The steps that advance accounts that are there, which where all rows are run at once fail unless they advance all.
    ///
    /// Whoever advances an account has it to himself until the transaction ends.
    var advanceSteps: [SQLStep] {
        let others = advances.isEmpty ? nil : SQLStep(AccountTables.advance, advances.columns)
        return [uses.advanceStep, others].compactMap(\.self)
    }

    /// The steps that count in balances that are there, and follow those; their results say how many were.
    var balanceSteps: [SQLStep] { [uses.balanceStep, balances.updateStep].compactMap(\.self) }

    /// The balances that have to be there.
    var balanceCount: Int { uses.count + balances.updates.count }

    /// The steps that find those which are not there.
    var lostBalanceSteps: [SQLStep] {
        let updates = balances.updates.isEmpty ? nil : Array(balances.updates.columns.prefix(3))
        return [uses.places, updates].compactMap(\.self).map { SQLStep(Self.lostBalance, $0) }
    }

    private static let lostBalance = SQLStatement(
        forEach: """
            SELECT CAST(?1 AS TEXT) WHERE NOT EXISTS (SELECT 1 FROM billing_balances WHERE customer = ?1 \
            AND subject_kind = ?2 AND subject = ?3)
            """
    )

    /// The steps that follow those.
    var otherSteps: [SQLStep] {
        let state = [
            balances, grants, holds, levels, windows, warnings, trials, overrides, subscriptions,
            subscriptionLosses, benefits, upgrades, upgradeActs, upgradeCheckouts, orders,
        ]
        let reschedule = schedules.isEmpty ? [] : [SQLStep(AccountTables.reschedule, schedules.columns)]
        let steps =
            accounts.steps + state.flatMap(\.steps) + reschedule
            + [uses.journalStep].compactMap(\.self) + journal.steps + notices.steps + references.steps
        return settlements.isEmpty ? steps : steps + [LogTables.settlementStep(for: settlements)]
    }

    /// The accounts that have to be at the revision that their changes follow; the results of ``advanceSteps`` say how many
    /// are.
    var advanceCount: Int { uses.count + advances.count }
}
