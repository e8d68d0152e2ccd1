import BillingKit

/// What changes add to the journal and to the tables beside it.
struct JournalWrites {
    private var journal = SQLRowList(JournalTables.journal.kinds)
    private var others: [(table: SQLTable, rows: [[SQLValue]])] = []

    /// Adds the rows of a change.
    mutating func add(_ change: Account.Change) {
        // A change that only claims a name has no effect, and is a row of the journal all the same. Of a receipt
        // with several lines each row has one.
        let (effects, receipt) = (change.effects, change.receipt)
        let lineCount = receipt.map { 1 + $0.others.count } ?? 1
        for ordinal in 0..<max(lineCount, effects.count) {
            let effect = ordinal < effects.count ? effects[ordinal] : nil
            addHead(of: change, ordinal)
            addLine(ordinal, of: receipt)
            addColumns(of: effect)
            guard let effect else { continue }
            addDetails(of: effect, at: ordinal, of: change)
        }
        for (ordinal, event) in change.events.enumerated() {
            add(
                [place(ordinal, of: change) + [SQLValue(event), SQLValue(change.recordedAt)]],
                to: JournalTables.events
            )
        }
    }

    /// The steps; the journal's own first.
    var steps: [SQLStep] {
        guard !journal.isEmpty else { return [] }
        return [SQLStep(JournalTables.journal.insertion, journal.columns)]
            + others.map { $0.table.step($0.table.insertion, rows: $0.rows) }
    }

    /// Adds the columns that say what made the change; its key and its reason stand in its first row alone.
    private mutating func addHead(of change: Account.Change, _ ordinal: Int) {
        journal.add(change.customer)
        journal.add(change.revision)
        journal.add(ordinal)
        journal.add(change.kind.rawValue)
        journal.add(ordinal == 0 ? change.key : nil)
        journal.add(change.fingerprint)
        journal.add(change.member)
        journal.add(change.recordedAt)
        journal.add(change.effectiveAt)
        journal.add(ordinal == 0 ? change.reason : nil)
    }

    /// Adds the columns of one line of a receipt; what is said of the whole stands with the first.
    private mutating func addLine(_ ordinal: Int, of receipt: Account.Receipt?) {
        guard let receipt, ordinal <= receipt.others.count else { return journal.skip(7) }
        let isFirst = ordinal == 0
        let line = isFirst ? receipt.line : receipt.others[ordinal - 1]
        journal.add(line.subject)
        journal.add(line.amount)
        journal.add(line.overage)
        journal.add(isFirst && receipt.isLate)
        journal.add(isFirst ? receipt.skipped : 0)
        if case .units(let units) = line.remaining { journal.add(units) } else { journal.skip(1) }
    }

    private mutating func addColumns(of effect: Account.Effect?) {
        guard let effect else { return journal.skip(13) }
        let columns = Account.Effect.Columns(effect)
        journal.add(columns.effect)
        journal.add(columns.meter)
        journal.add(columns.pool)
        journal.add(columns.grant)
        journal.add(columns.other)
        journal.add(columns.hold)
        journal.add(columns.amount)
        journal.add(columns.otherAmount)
        journal.add(columns.start)
        journal.add(columns.end)
        journal.add(columns.used)
        journal.add(columns.word)
        journal.add(columns.revision)
    }

    /// Adds what an effect is about, where that has a table of its own.
    private mutating func addDetails(of effect: Account.Effect, at ordinal: Int, of change: Account.Change) {
        func at() -> [SQLValue] { place(ordinal, of: change) }
        switch effect {
        case .held(let hold): add(hold.rows(at: at()), to: JournalTables.holds)
        case .granted(let grant), .retired(let grant), .restored(let grant):
            add([grant.row(at: at())], to: JournalTables.grants)
        case .trialChanged(let trial): add([trial.row(at: at())], to: JournalTables.trials)
        case .overridden(let overrides): add(overrides.rows(at: at()), to: JournalTables.overrides)
        case .subscribed(let subscription), .subscriptionForgotten(let subscription):
            add([subscription.row(at: at())], to: JournalTables.subscriptions)
            add(subscription.lossRows(at: at()), to: JournalTables.subscriptionLosses)
        case .benefited(let benefit), .benefitForgotten(let benefit):
            add([benefit.row(at: at())], to: JournalTables.benefits)
        case .upgraded(let upgrade, _):
            add([upgrade.row(at: at())], to: JournalTables.upgrades)
            add(upgrade.actRows(at: at()), to: JournalTables.upgradeActs)
            add(upgrade.checkoutRows(at: at()), to: JournalTables.upgradeCheckouts)
        case .upgradeForgotten(let key): add([Upgrade(key: key).row(at: at())], to: JournalTables.upgrades)
        case .ordered(let order): add([order.row(at: at())], to: JournalTables.orders)
        default: break
        }
    }

    private func place(_ ordinal: Int, of change: Account.Change) -> [SQLValue] {
        [.text(change.customer.rawValue), .integer(change.revision), SQLValue(ordinal)]
    }

    private mutating func add(_ rows: [[SQLValue]], to table: SQLTable) {
        guard !rows.isEmpty else { return }
        if let index = others.firstIndex(where: { $0.table.name == table.name }) {
            others[index].rows += rows
        } else {
            others.append((table, rows))
        }
    }
}
