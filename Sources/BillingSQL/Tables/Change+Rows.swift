import BillingKit

extension Account.Change {
    /// The rows of a change in the journal and in the tables beside it.
    struct Rows {
        var journal: [[SQLValue]] = []
        var holds: [[SQLValue]] = []
        var grants: [[SQLValue]] = []
        var trials: [[SQLValue]] = []
        var overrides: [[SQLValue]] = []
        var subscriptions: [[SQLValue]] = []
        var subscriptionLosses: [[SQLValue]] = []
        var upgrades: [[SQLValue]] = []
        var orders: [[SQLValue]] = []
        var events: [[SQLValue]] = []
    }

    /// Adds the rows of the change.
    func add(to rows: inout Rows) {
        // A change that only claims a name has no effect, and is a row of the journal all the same. Of a receipt
        // with several lines each row has one.
        let lineCount = receipt.map { 1 + $0.others.count } ?? 1
        for ordinal in 0..<max(lineCount, effects.count) {
            let effect = ordinal < effects.count ? effects[ordinal] : nil
            rows.journal.append(head(ordinal) + (effect?.values ?? Account.Effect.emptyValues))
            let place = place(ordinal)
            switch effect {
            case .held(let hold): rows.holds += hold.rows(at: place)
            case .granted(let grant), .retired(let grant), .restored(let grant):
                rows.grants.append(grant.row(at: place))
            case .trialChanged(let trial): rows.trials.append(trial.row(at: place))
            case .overridden(let overrides): rows.overrides += overrides.rows(at: place)
            case .subscribed(let subscription):
                rows.subscriptions.append(subscription.row(at: place))
                rows.subscriptionLosses += subscription.lossRows(at: place)
            case .upgraded(let upgrade): rows.upgrades.append(upgrade.row(at: place))
            case .ordered(let order): rows.orders.append(order.row(at: place))
            default: break
            }
        }
        for (ordinal, event) in events.enumerated() {
            rows.events.append(place(ordinal) + [SQLValue(event), SQLValue(recordedAt)])
        }
    }

    private func place(_ ordinal: Int) -> [SQLValue] {
        [.text(customer.rawValue), .integer(revision), SQLValue(ordinal)]
    }

    /// The columns that say what made the change; its key and its reason stand in its first row alone, and of its
    /// receipt each row has one line.
    private func head(_ ordinal: Int) -> [SQLValue] {
        let isFirst = ordinal == 0
        return place(ordinal) + [
            .text(kind.rawValue), SQLValue(isFirst ? key : nil), .integer(fingerprint), SQLValue(member),
            SQLValue(recordedAt), SQLValue(effectiveAt), SQLValue(isFirst ? reason : nil),
        ] + Account.Receipt.values(of: receipt, line: ordinal)
    }
}
