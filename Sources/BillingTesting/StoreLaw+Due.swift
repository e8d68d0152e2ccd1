import BillingKit

extension StoreLaw {
    private static func instant(_ seconds: Int64) -> Timestamp {
        StoreTrial.start.advanced(by: .seconds(seconds))
    }

    private static func due(_ customer: CustomerID, _ seconds: Int64) -> DueAccount {
        DueAccount(customer: customer, dueAt: instant(seconds))
    }

    static let due: [StoreLaw] = [
        StoreLaw("an account is due from the instant on that was committed with it, and not before") { trial in
            try await trial.commit("org_acme", dueAt: instant(100))
            try await trial.commit("org_other", dueAt: nil)
            let before = DueRequest(now: instant(100).advanced(by: .microseconds(-1)))
            trial.expectEqual(try await trial.store.accountsDue(before), [], "what is due the moment before")
            for now in [instant(100), instant(101), Timestamp(microseconds: .max)] {
                let found = try await trial.store.accountsDue(DueRequest(now: now))
                trial.expectEqual(found, [due("org_acme", 100)], "what is due at \(now)")
            }
        },
        StoreLaw("what is due comes by its instant, and of one instant by customer, byte for byte") { trial in
            let customers = ["b", "e\u{301}", "a", "\u{E9}", "Z", "aa", "%", "\u{1F30D}"].map { CustomerID($0) }
            for customer in customers { try await trial.commit(customer, dueAt: instant(5)) }
            try await trial.commit("late", dueAt: instant(6))
            try await trial.commit("early", dueAt: instant(4))
            let first = DueAccount(customer: "first", dueAt: Timestamp(microseconds: .min))
            try await trial.commit(first.customer, dueAt: first.dueAt)
            let found = try await trial.store.accountsDue(DueRequest(now: instant(6)))
            let wanted =
                [first, due("early", 4)] + customers.sorted().map { DueAccount(customer: $0, dueAt: instant(5)) }
                + [due("late", 6)]
            trial.expectEqual(found, wanted, "what is due")
        },
        StoreLaw("what is due comes in pages, each account once, also where the page before is due no longer") {
            trial in
            for number in 0..<7 {
                try await trial.commit(CustomerID("org_\(number)"), dueAt: instant(Int64(number / 3)))
            }
            var pages: [[CustomerID]] = []
            var last: DueAccount?
            while pages.count < 9 {
                let page = try await trial.store.accountsDue(DueRequest(now: instant(9), after: last, limit: 3))
                guard !page.isEmpty else { break }
                pages.append(page.map(\.customer))
                last = page.last
                // Every second page is done with before the next is read.
                if pages.count.isMultiple(of: 2) { continue }
                for account in page { try await trial.commit(account.customer, dueAt: nil) }
            }
            trial.expectEqual(
                pages,
                [["org_0", "org_1", "org_2"], ["org_3", "org_4", "org_5"], ["org_6"]],
                "the pages"
            )
            let one = try await trial.store.accountsDue(DueRequest(now: instant(9), limit: 0))
            trial.expectEqual(one.map(\.customer), ["org_3"], "the least that can be asked for")
        },
        StoreLaw("a later commit moves when an account is due, and one that is not made does not") { trial in
            let late = try trial.require(
                try await trial.commitItem(Fixture.consume(key: "late"), for: "org_acme"),
                "change"
            )
            try await trial.commit("org_acme", dueAt: instant(5))
            let lost = CommitRequest.Item(account: late.account, changes: late.changes, dueAt: instant(1))
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [lost])), [.conflict], "the outcome")
            var found = try await trial.store.accountsDue(DueRequest(now: instant(99)))
            trial.expectEqual(found, [due("org_acme", 5)], "what is due after a commit that was not made")
            for seconds in [9, 3] as [Int64] {
                try await trial.commit("org_acme", dueAt: instant(seconds))
                found = try await trial.store.accountsDue(DueRequest(now: instant(99)))
                trial.expectEqual(found, [due("org_acme", seconds)], "what is due")
            }
            try await trial.commit("org_acme", dueAt: nil)
            found = try await trial.store.accountsDue(DueRequest(now: Timestamp(microseconds: .max)))
            trial.expectEqual(found, [], "what is due when nothing ever will be")
        },
        StoreLaw("a commit without changes moves when an account is due, and nothing else") { trial in
            let item = try await trial.commit("org_acme", dueAt: instant(5))
            let moved = CommitRequest.Item(account: item.account, changes: [], dueAt: instant(8))
            let outcomes = try await trial.store.commit(CommitRequest(items: [moved]))
            trial.expectEqual(outcomes, [.committed], "the outcome")
            let found = try await trial.store.accountsDue(DueRequest(now: instant(99)))
            trial.expectEqual(found, [due("org_acme", 8)], "what is due")
            trial.expectEqual(try await trial.account(of: "org_acme"), item.account, "the account")
            let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            trial.expectEqual(journal, item.changes, "the journal")
            try await trial.commit("org_acme", dueAt: instant(7))
            trial.expectEqual(
                try await trial.store.commit(CommitRequest(items: [moved])),
                [.conflict],
                "the outcome on an earlier revision"
            )
            let last = try await trial.store.accountsDue(DueRequest(now: instant(99)))
            trial.expectEqual(last, [due("org_acme", 7)], "what is due after that")
        },
        StoreLaw("who loads an account is told when it is due, also who has the account") { trial in
            let new = try await trial.load(LoadRequest.Item(customer: "org_acme"))
            trial.expectEqual(new.dueAt, nil, "when a customer is due of whom nothing is stored")
            let item = try await trial.commit("org_acme", dueAt: instant(5))
            for revision in [nil, item.account.revision] {
                let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", knownRevision: revision))
                trial.expectEqual(loaded.dueAt, instant(5), "when the account is due")
            }
        },
    ]
}

extension StoreTrial {
    /// Commits a change of a customer after which the account is due at an instant.
    @discardableResult
    fileprivate func commit(_ customer: CustomerID, dueAt: Timestamp?) async throws -> CommitRequest.Item {
        let revision = try await account(of: customer).revision
        let item = try require(
            try await commitItem(Fixture.consume(key: Account.Key("due \(revision)")), for: customer),
            "change"
        )
        let due = CommitRequest.Item(account: item.account, changes: item.changes, dueAt: dueAt)
        expectEqual(try await store.commit(CommitRequest(items: [due])), [.committed], "the outcome")
        return due
    }
}
