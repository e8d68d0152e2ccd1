import BillingKit

extension Book {
    /// Holds the account that the store has against the books.
    func compare(_ account: Account) throws(Violation) {
        func differ(_ what: String) -> Violation {
            Violation(.balanceIsSumOfEntries, "\(customer) r\(revision): \(what) other than the journal says.")
        }
        guard account.customer == customer, account.revision == revision else { throw differ("The revision is") }
        let live = lots.filter { !retired.contains($0.key) }
        let held = account.grants.map { Lot($0) }
        guard held.count == live.count else { throw differ("The number of grants is") }
        for lot in held where live[lot.id] != lot { throw differ("Grant \(lot.id) is") }
        guard account.holds.count == works.count else { throw differ("The number of holds is") }
        for hold in account.holds {
            guard let work = works[hold.id], work.lapsesAt == hold.lapsesAt, work.hold.parts == hold.parts,
                work.hold.credits == hold.credits, work.hold.key == hold.key
            else { throw differ("Hold \(hold.id) is") }
        }
        guard account.levels.count == levels.count else { throw differ("The number of levels is") }
        for level in account.levels where levels[level.meter] != level.units { throw differ("\(level.meter) stands") }
        guard account.standing == standing else { throw differ("The tier is") }
        guard account.periods.count == tallies.count else { throw differ("The number of periods is") }
        for period in account.periods {
            let tally = Tally(span: period.span, used: period.used, uncovered: period.uncovered)
            guard tallies[period.subject] == tally else { throw differ("The period of \(period.subject) is") }
        }
    }

    /// Holds the whole journal that the store has against the rows as they were first seen.
    func compare(_ journal: [Account.Change]) throws(Violation) {
        guard journal.count == rows.count else {
            throw Violation(.journalNeverChanges, "\(customer) has \(journal.count) rows where it had \(rows.count).")
        }
        for (row, known) in zip(journal, rows) where row != known {
            throw Violation(.journalNeverChanges, "\(customer) r\(known.revision) is not what it was.")
        }
    }
}
