import BillingKit

extension StoreLaw {
    static let upgrades: [StoreLaw] = [
        StoreLaw("everything that is known of an attempt to buy is kept, hostile texts among it") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            var bytes: [[UInt8]] = []
            var isAnyAbandoned = false
            for (index, step) in Fixture.attempts.enumerated() {
                let number = Int64(index + 1)
                let account = try await trial.account(of: "org_acme")
                let command = try trial.require(step.command(account), "command \(number)")
                let now = StoreTrial.start.advanced(by: .seconds(step.hour * 3_600 + number))
                let wanted = try await trial.perform(command, for: "org_acme", at: now).account
                let found = try await trial.account(of: "org_acme")
                trial.expectEqual(found.upgrades, wanted.upgrades, "the attempts after \(command)")
                let (told, known) = (found.upgrades.map(\.abandonedAt), wanted.upgrades.map(\.abandonedAt))
                trial.expectEqual(told, known, "which of them hosts were told of after \(command)")
                isAnyAbandoned = isAnyAbandoned || known.contains { $0 != nil }
                // Swift takes two texts for the same whose bytes differ.
                bytes = found.upgrades.flatMap { $0.attribution?.texts ?? [] }.map { Array(($0 ?? "").utf8) }
                let others = wanted.upgrades.flatMap { $0.attribution?.texts ?? [] }.map { Array(($0 ?? "").utf8) }
                trial.expectEqual(bytes, others, "the bytes after \(command)")
            }
            trial.expect(isAnyAbandoned, "hosts are told of an attempt")
            trial.expect(bytes.contains(Array("'); DROP TABLE billing_accounts; --".utf8)), "a hostile text is kept")
        },
        StoreLaw("the trial that an attempt began is kept, and until when it runs") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let now = StoreTrial.start.advanced(by: .seconds(101 * 3_600))
            for command in [
                Fixture.upgrade(reference: "job-1"),
                try trial.require(Fixture.beginning(of: "sub_trial", reference: "job-1", at: now), "order"),
                Fixture.subscription("sub_trial", to: Fixture.pro, days: 14, word: 1, status: .trialing),
            ] {
                let wanted = try await trial.perform(command, for: "org_acme", at: now).account
                trial.expectEqual(try await trial.account(of: "org_acme").upgrades, wanted.upgrades, "the attempts")
            }
            let account = try await trial.account(of: "org_acme")
            let checkout = account.upgrade(.reference("job-1"))?.checkouts.first
            trial.expectEqual(checkout?.beginning?.subscription.id, "sub_trial", "what the attempt began")
            trial.expect(checkout?.runsUntil.map { now < $0 } ?? false, "until when that runs is known")
            let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            trial.expectEqual(Account(folding: journal, of: "org_acme"), account, "the folded account")
        },
        StoreLaw("an attempt to buy is found by its reference and by each of its checkouts") { trial in
            try await trial.perform(Fixture.upgrade(reference: "job-1"), for: "org_acme")
            for number in 1...3 {
                let opening = Upgrade.Opening("chk_\(number)", url: "http://example.com/\(number)")
                try await trial.perform(Fixture.advance(.checkoutOpened(opening), of: "job-1"), for: "org_acme")
            }
            let account = try await trial.account(of: "org_acme")
            for number in 1...3 {
                let found = account.upgrade(checkout: "chk_\(number)")
                trial.expectEqual(found?.reference, "job-1", "the attempt of checkout \(number)")
                trial.expectEqual(found, account.upgrade(.reference("job-1")), "the attempt")
            }
            trial.expectEqual(account.upgrade(checkout: "chk_4"), nil, "the attempt of another checkout")
        },
        StoreLaw("an attempt that is forgotten is gone, and the journal still tells of it") { trial in
            let now = StoreTrial.start
            for command in [
                Fixture.word(checkout: "chk_1", order: "ord_1", at: now),
                Fixture.word(checkout: "chk_1", of: .tier(Fixture.pro), reference: "job-1", at: now),
            ] { try await trial.perform(command, for: "org_acme", at: now) }
            let account = try await trial.account(of: "org_acme")
            trial.expectEqual(account.upgrades.map(\.key), [.reference("job-1")], "the attempts")
            let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            let forgotten = journal.flatMap(\.effects).compactMap { effect in
                if case .upgradeForgotten(let key) = effect { key } else { nil }
            }
            trial.expectEqual(forgotten, [.checkout("chk_1")], "what the journal says was forgotten")
            trial.expectEqual(Account(folding: journal, of: "org_acme"), account, "the folded account")
        },
    ]
}
