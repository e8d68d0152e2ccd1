import BillingKit

/// The rows that changes touch, gathered over all accounts of a commit, so that each statement is one step.
struct CommitSteps {
    private var periods: [[SQLValue]] = []
    private var grants: [[SQLValue]] = []
    private var holds: [[SQLValue]] = []
    private var subscriptions: [[SQLValue]] = []
    private var upgrades: [[SQLValue]] = []
    private var orders: [[SQLValue]] = []
    private var journal = Account.Change.Rows()
    private var notices: [[SQLValue]] = []
    private var references: [[SQLValue]] = []
    private var retiredGrants: [(CustomerID, Account.Grant.ID)] = []
    private var endedHolds: [(CustomerID, Account.Hold.ID)] = []
    private var settlements: [DeliverySettlement] = []

    init(_ items: [CommitRequest.Item]) {
        for item in items { add(item) }
    }

    /// Adds an account: its journal as it happened, and of its state what is left after all its changes.
    private mutating func add(_ item: CommitRequest.Item) {
        let account = item.account
        var touched = Touched()
        var orders: [ProviderReference: Account.Order] = [:]
        for change in item.changes {
            change.add(to: &journal)
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
        periods += account.periods.filter { touched.meters.contains($0.meter) }.map { $0.row(of: account.customer) }
        let liveGrants = account.grants
        grants += liveGrants.filter { touched.grants.contains($0.id) }.map { $0.row(at: place) }
        let live = Set(liveGrants.map(\.id))
        retiredGrants += touched.grants.subtracting(live).sorted().map { (account.customer, $0) }
        endedHolds += touched.holds.sorted().map { (account.customer, $0) }
        holds += account.holds.filter { touched.holds.contains($0.id) }.flatMap { $0.rows(at: place) }
        subscriptions += account.subscriptions.filter { touched.subscriptions.contains($0.id) }
            .map { $0.row(at: place) }
        upgrades += account.upgrades.filter { touched.upgrades.contains($0.key) }.map { $0.row(at: place) }
        self.orders += orders.values.sorted { $0.id < $1.id }.map { $0.row(at: place) }
        settlements += item.settlements
    }

    /// The steps, in an order that no constraint minds.
    var steps: [SQLStep] {
        var steps: [SQLStep] = []
        func add(_ table: SQLTable, _ statement: SQLStatement, _ rows: [[SQLValue]]) {
            if !rows.isEmpty { steps.append(table.step(statement, rows: rows)) }
        }
        if !retiredGrants.isEmpty {
            steps.append(
                SQLStep(
                    AccountTables.grants.removal(by: ["customer", "grant_id"]),
                    [.texts(retiredGrants.map(\.0.rawValue)), .texts(retiredGrants.map(\.1.rawValue))]
                )
            )
        }
        if !endedHolds.isEmpty {
            steps.append(
                SQLStep(
                    AccountTables.holds.removal(by: ["customer", "hold_id"]),
                    [.texts(endedHolds.map(\.0.rawValue)), .texts(endedHolds.map(\.1.rawValue))]
                )
            )
        }
        add(AccountTables.periods, AccountTables.periods.replacement, periods)
        add(AccountTables.grants, AccountTables.grants.replacement, grants)
        add(AccountTables.holds, AccountTables.holds.insertion, holds)
        add(AccountTables.subscriptions, AccountTables.subscriptions.replacement, subscriptions)
        add(AccountTables.upgrades, AccountTables.upgrades.replacement, upgrades)
        add(AccountTables.orders, AccountTables.orders.replacement, orders)
        add(JournalTables.journal, JournalTables.journal.insertion, journal.journal)
        add(JournalTables.holds, JournalTables.holds.insertion, journal.holds)
        add(JournalTables.grants, JournalTables.grants.insertion, journal.grants)
        add(JournalTables.subscriptions, JournalTables.subscriptions.insertion, journal.subscriptions)
        add(JournalTables.upgrades, JournalTables.upgrades.insertion, journal.upgrades)
        add(JournalTables.orders, JournalTables.orders.insertion, journal.orders)
        add(JournalTables.notices, JournalTables.notices.insertion, notices)
        add(JournalTables.references, JournalTables.references.insertion, references)
        if !settlements.isEmpty { steps.append(LogTables.settlementStep(for: settlements)) }
        return steps
    }

    /// What of an account's state its changes have touched.
    private struct Touched {
        var meters: Set<Meter.ID> = []
        var grants: Set<Account.Grant.ID> = []
        var holds: Set<Account.Hold.ID> = []
        var subscriptions: Set<String> = []
        var upgrades: Set<Upgrade.Key> = []

        mutating func add(_ effect: Account.Effect, in account: Account) {
            switch effect {
            case .opened, .tierEntered, .ordered: break
            case .periodOpened(let period): meters.insert(period.meter)
            case .periodExtended(let meter, _):
                meters.insert(meter)
                if let grant = account.periods.first(where: { $0.meter == meter })?.grant { grants.insert(grant) }
            case .granted(let grant):
                grants.insert(grant.id)
                if case .meter(let meter) = grant.subject { meters.insert(meter) }
            case .resized(let grant, _), .voided(let grant, _, _): grants.insert(grant)
            case .drawn(let draw):
                meters.insert(draw.meter)
                if let grant = draw.grant { grants.insert(grant) }
            case .moved(let meter, let from, let to, _):
                meters.insert(meter)
                grants.formUnion([from, to].compactMap(\.self))
            case .expired(let grant, _), .retired(let grant):
                grants.insert(grant)
                // The period that the grant belonged to forgets it.
                meters.formUnion(account.periods.map(\.meter))
            case .held(let hold):
                holds.insert(hold.id)
                grants.formUnion(hold.parts.compactMap(\.grant))
            case .holdEnded(let hold, _):
                holds.insert(hold)
                grants.formUnion(account.grants.map(\.id))
            case .subscribed(let subscription): subscriptions.insert(subscription.id)
            case .upgraded(let upgrade): upgrades.insert(upgrade.key)
            }
        }
    }
}
