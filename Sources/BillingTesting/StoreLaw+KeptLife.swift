import BillingKit

extension StoreLaw {
    /// The laws for a store that has kept the life of `org_life`, with everything in it, since an earlier version.
    ///
    /// Each needs a store of its own that the life is in already; the journal says what it was, so that lives written by
    /// other versions hold too.
    package static let keptLife: [StoreLaw] = [
        StoreLaw("a kept life is loaded whole, as its journal says") { trial in
            let journal = try await trial.keptJournal()
            var folded = Account(customer: StoreTrial.keptCustomer)
            for change in journal {
                trial.expect(folded.apply(change), "revision \(change.revision) follows \(folded.revision)")
            }
            trial.expectEqual(try await trial.account(of: StoreTrial.keptCustomer), folded, "the account")
        },
        StoreLaw("of a kept life every key has its receipt, and every name its owner") { trial in
            let journal = try await trial.keptJournal()
            let keys = journal.compactMap(\.key)
            trial.expect(keys.count > 10, "the life has \(keys.count) keys")
            let loaded = try await trial.load(LoadRequest.Item(customer: StoreTrial.keptCustomer, keys: keys))
            for change in journal {
                guard let key = change.key else { continue }
                trial.expectEqual(loaded.precedents[key]?.receipt, change.receipt, "the receipt of '\(key)'")
            }
            let references = journal.flatMap(\.references)
            trial.expect(!references.isEmpty, "the life has names of the provider's")
            for reference in references {
                trial.expectEqual(
                    try await trial.store.owner(of: reference),
                    StoreTrial.keptCustomer,
                    "the owner of \(reference)"
                )
            }
        },
        StoreLaw("the notices of a kept life wait to be told") { trial in
            let notices = try await trial.keptJournal().flatMap(\.notices)
            trial.expect(!notices.isEmpty, "the life has notices")
            let end = Timestamp(microseconds: .max)
            let request = LeaseRequest(now: end, until: end, limit: 1_000)
            let leases = try await trial.store.leaseNotices(request)
            trial.expectEqual(
                Set(leases.map(\.notice).filter { $0.customer == StoreTrial.keptCustomer }),
                Set(notices),
                "the notices"
            )
        },
        StoreLaw("a kept life goes on") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let before = try await trial.account(of: StoreTrial.keptCustomer)
            let later = before.instant.advanced(by: .seconds(3_600))
            try await trial.perform(Fixture.grant(9, key: "kept:grant"), for: before.customer, at: later)
            try await trial.perform(Fixture.consume(7, key: "kept:use"), for: before.customer, at: later)
            try await trial.perform(Fixture.refund(of: "kept:use", 2), for: before.customer, at: later)
            let journal = try await trial.keptJournal()
            trial.expectEqual(journal.count, Int(before.revision) + 3, "the changes")
            let folded = Account(folding: journal, of: before.customer)
            trial.expectEqual(try await trial.account(of: before.customer), folded, "the account")
        },
    ]
}

extension StoreTrial {
    fileprivate static let keptCustomer: CustomerID = "org_life"

    /// The journal of the life, which there must be.
    fileprivate func keptJournal() async throws -> [Account.Change] {
        let journal = try await store.journal(JournalQuery(customer: Self.keptCustomer))
        expect(journal.count > 50, "the life has \(journal.count) changes")
        return journal
    }
}
