import BillingKit

extension StoreLaw {
    static let journal: [StoreLaw] = [
        StoreLaw("the journal holds what was committed, as it was") { trial in
            var changes: [Account.Change] = []
            for (index, command) in history.enumerated() {
                let item = try await trial.perform(
                    command,
                    for: "org_acme",
                    at: StoreTrial.start.advanced(by: .seconds(index))
                )
                changes += item.changes
            }
            trial.expectEqual(try await trial.store.journal(JournalQuery(customer: "org_acme")), changes, "the journal")
        },
        StoreLaw("the journal folds to the account") { trial in
            for (index, command) in history.enumerated() {
                try await trial.perform(
                    command,
                    for: "org_acme",
                    at: StoreTrial.start.advanced(by: .seconds(index))
                )
            }
            var folded = Account(customer: "org_acme")
            for change in try await trial.store.journal(JournalQuery(customer: "org_acme")) {
                trial.expectEqual(change.revision, folded.revision + 1, "the revision of the next change")
                folded.apply(change)
            }
            trial.expectEqual(folded, try await trial.account(of: "org_acme"), "the folded account")
        },
        StoreLaw("the journal comes in pages, each change once") { trial in
            for number in 1...7 {
                try await trial.perform(Fixture.consume(key: "k\(number)"), for: "org_acme")
                try await trial.perform(Fixture.consume(key: "k\(number)"), for: "org_other")
            }
            var revisions: [[Int64]] = []
            var after: Int64 = 0
            while true {
                let page = try await trial.store.journal(JournalQuery(customer: "org_acme", after: after, limit: 3))
                guard let last = page.last else { break }
                trial.expectEqual(Set(page.map(\.customer)), ["org_acme"], "the customers in a journal")
                revisions.append(page.map(\.revision))
                guard last.revision > after else { break }
                after = last.revision
            }
            trial.expectEqual(revisions, [[1, 2, 3], [4, 5, 6], [7]], "the pages")
        },
    ]
}
