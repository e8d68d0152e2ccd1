import BillingInMemory
import BillingKit

extension SystemLaw {
    /// Commits a change that no decision makes: a period in which more lies beyond the limit than was used.
    private static func spoil(_ customer: CustomerID, in trial: SystemTrial) async throws {
        var account = try await trial.judge.account(of: customer)
        var grant = try trial.judge.require(
            account.grants.first { $0.subject == .meter(Fixture.documents) },
            "grant of a meter that was used"
        )
        grant.held += 1
        let change = Account.Change(
            customer: customer,
            revision: account.revision + 1,
            kind: .settle,
            key: nil,
            fingerprint: 0,
            member: nil,
            recordedAt: account.instant,
            effectiveAt: account.instant,
            receipt: nil,
            effects: [.restored(grant)],
            notices: [],
            references: []
        )
        account.apply(change)
        let item = CommitRequest.Item(account: account, changes: [change], dueAt: nil)
        trial.judge.expectEqual(
            try await trial.store.commit(CommitRequest(items: [item])),
            [.committed],
            "what is to be found is there"
        )
    }

    static let examinations: [SystemLaw] = [
        SystemLaw("an account that nothing happened to but commands has no contradiction in it") { trial in
            let servers = try await trial.servers()
            _ = try await servers[0].startTrial(for: "org_acme")
            let found = try await withThrowingTaskGroup(of: [Account.Finding].self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let billing = servers[number % 2]
                        switch number % 5 {
                        case 0: return try await billing.examine("org_acme")
                        case 1: _ = try await billing.consume(of: Fixture.images, for: "org_acme", key: .once)
                        case 2: _ = try await billing.raise(of: Fixture.seats, for: "org_acme", key: .once)
                        case 3: _ = try await billing.reserve(of: Fixture.pages, for: "org_acme", key: .once)
                        default:
                            _ = try await billing.grant(
                                1,
                                of: Fixture.credits,
                                to: "org_acme",
                                from: .promotion,
                                key: .once
                            )
                        }
                        return []
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            trial.judge.expectEqual(found, [], "the findings while others change the account")
            trial.judge.expectEqual(try await servers[0].examine("org_new"), [], "the findings of who did nothing")
            trial.judge.expectEqual(try await trial.journalLength(of: "org_new"), 0, "the changes of an examination")
        },
        SystemLaw("a contradiction is found, told, and mended by its repair") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(2, of: Fixture.documents, for: "org_acme", key: .once)
            try await spoil("org_acme", in: trial)
            let findings = try await billing.examine("org_acme")
            trial.judge.expectEqual(
                findings,
                try await trial.judge.account(of: "org_acme").grants
                    .filter { $0.subject == .meter(Fixture.documents) }
                    .map { Account.Finding(.unbackedGrant($0.id, held: 1, byHolds: 0)) },
                "the findings"
            )
            let finding = try trial.judge.require(findings.first, "finding")
            let notices = try await trial.store.journal(JournalQuery(customer: "org_acme")).flatMap(\.notices)
            trial.judge.expect(
                notices.contains { $0.kind == .inconsistent(finding.severity, finding.description) },
                "the finding is told"
            )
            let repaired = try await billing.repair(finding, of: "org_acme", by: "ann")
            trial.judge.expectEqual(repaired, .repaired, "the answer to its repair")
            trial.judge.expectEqual(try await billing.examine("org_acme"), [], "the findings after its repair")
            let length = try await trial.journalLength(of: "org_acme")
            trial.judge.expectEqual(
                try await trial.system().repair(finding, of: "org_acme"),
                .repaired,
                "the answer to the repair of what is no longer there"
            )
            trial.judge.expectEqual(try await trial.journalLength(of: "org_acme"), length, "the changes it makes")
        },
        SystemLaw("what was found once is mended only while it is true") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(2, of: Fixture.documents, for: "org_acme", key: .once)
            let account = try await trial.judge.account(of: "org_acme")
            let period = try trial.judge.require(account.periods.first, "period of a meter that was used")
            _ = try await billing.consume(3, of: Fixture.documents, for: "org_acme", key: .once)
            let stale = Account.Finding(.differsFromJournal(.period(period)))
            _ = try await billing.repair(stale, of: "org_acme")
            let line = try await billing.overview(of: "org_acme")[Fixture.documents]
            trial.judge.expectEqual(line?.used, 5, "the units used")
            let hopeless = Account.Finding(.unknownSubscribedTier(subscription: "sub_1", Fixture.pro, 1))
            trial.judge.expectEqual(
                try await billing.repair(hopeless, of: "org_acme"),
                .needsCatalog,
                "the answer where no command helps"
            )
        },
    ]
}
