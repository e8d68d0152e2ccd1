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
                trial.expect(folded.apply(change), "revision \(change.revision) follows \(folded.revision)")
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
                trial.expect(page.allSatisfy { $0.customer == "org_acme" }, "a journal is of one customer")
                revisions.append(page.map(\.revision))
                guard last.revision > after else { break }
                after = last.revision
            }
            trial.expectEqual(revisions, [[1, 2, 3], [4, 5, 6], [7]], "the pages")
        },
    ]
}
