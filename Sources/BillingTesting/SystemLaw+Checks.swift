import BillingInMemory
import BillingKit

extension SystemLaw {
    static let checks: [SystemLaw] = [
        SystemLaw("a check says what a consume would, and changes nothing") { trial in
            let billing = try await trial.system()
            let allowed = try await billing.check(3, of: Fixture.searches, for: "org_acme")
            trial.judge.expectEqual(allowed, .allowed(leaving: .units(0)), "the check of what is there")
            let denied = try await billing.check(4, of: Fixture.searches, for: "org_acme", reference: "job-7")
            trial.judge.expectEqual(try await trial.journalLength(of: "org_acme"), 0, "the changes made by checks")
            let answer = try await billing.consume(
                4,
                of: Fixture.searches,
                for: "org_acme",
                reference: "job-7",
                key: .request("1")
            )
            guard case .denied(let denial) = answer else {
                return trial.judge.expect(false, "more than is there is denied")
            }
            trial.judge.expectEqual(denied, .denied(denial), "the check's denial")
            trial.judge.expectEqual(denial.reference, "job-7", "the reference of the work")
            let code = await trial.code { try await billing.check(0, of: Fixture.searches, for: "org_acme") }
            trial.judge.expectEqual(code, .amountOutOfBounds, "the error for no units")
        },
        SystemLaw("a check sees what another server has just used") { trial in
            let (here, there) = (try await trial.system(), try await trial.system())
            _ = try await here.check(of: Fixture.searches, for: "org_acme")
            _ = try await there.consume(3, of: Fixture.searches, for: "org_acme", key: .once)
            let check = try await here.check(of: Fixture.searches, for: "org_acme")
            guard case .denied(let denial) = check else {
                return trial.judge.expect(false, "what is used elsewhere is not there")
            }
            trial.judge.expectEqual(denial.remaining, 0, "what is left")
        },
        SystemLaw("a check from memory says how old it is, and asks where that is too old") { trial in
            let (here, there) = (try await trial.system(), try await trial.system())
            func check(_ limit: Int64) async throws -> BillingSystem.DatedCheck {
                try await here.check(of: Fixture.searches, for: "org_acme", noOlderThan: .seconds(limit))
            }
            let unknown = try await check(30)
            trial.judge.expectEqual(unknown.age, .zero, "the age of what was never asked before")
            _ = try await here.consume(of: Fixture.searches, for: "org_acme", key: .once)
            trial.clock.advance(by: .seconds(20))
            let known = try await check(30)
            trial.judge.expectEqual(known.age, .seconds(20), "the age of what is remembered")
            trial.judge.expectEqual(known.check, .allowed(leaving: .units(1)), "what is remembered")
            _ = try await there.consume(2, of: Fixture.searches, for: "org_acme", key: .once)
            let asked = try await check(10)
            trial.judge.expectEqual(asked.age, .zero, "the age of what was asked of the store")
            guard case .denied(let denial) = asked.check else {
                return trial.judge.expect(false, "what is used elsewhere is not there")
            }
            trial.judge.expectEqual(denial.remaining, 0, "what is left")
            guard case .denied = try await here.consume(of: Fixture.searches, for: "org_acme", key: .once) else {
                return trial.judge.expect(false, "what is used elsewhere cannot be used again")
            }
            let confirmed = try await check(30)
            trial.judge.expectEqual(confirmed.age, .zero, "the age of what a command has just confirmed")
            trial.judge.expectEqual(confirmed.check, asked.check, "what a command has just confirmed")
            trial.clock.advance(by: .seconds(-60))
            let before = try await check(30)
            trial.judge.expectEqual(before.age, .zero, "the age after the clock was set back")
        },
        SystemLaw("a gauge is checked for being raised") { trial in
            let billing = try await trial.servers()[0]
            _ = try await billing.setLevel(98, of: Fixture.seats, for: "org_acme", key: .once)
            let allowed = try await billing.check(2, of: Fixture.seats, for: "org_acme")
            trial.judge.expectEqual(allowed, .allowed(leaving: .units(0)), "the check of two more")
            let denied = try await billing.check(3, of: Fixture.seats, for: "org_acme")
            let answer = try await billing.raise(3, of: Fixture.seats, for: "org_acme", key: .once)
            guard case .denied(let denial) = answer else {
                return trial.judge.expect(false, "no gauge stands higher than its tier lets it")
            }
            trial.judge.expectEqual(denied, .denied(denial), "the check of three more")
        },
        SystemLaw("a preview is the decision that is made then") { trial in
            let billing = try await trial.servers()[0]
            _ = try await billing.consume(4, of: Fixture.images, for: "org_acme", key: .request("1"))
            let use = Account.Command.Consumption(meter: Fixture.images, amount: 20)
            let preview = try await billing.preview(
                Account.Command(.consume(use), key: "request:2", member: "ann"),
                for: "org_acme"
            )
            trial.judge.expectEqual(try await trial.journalLength(of: "org_acme"), 1, "the changes after a preview")
            let answer = try await billing.consume(
                20,
                of: Fixture.images,
                for: "org_acme",
                by: "ann",
                key: .request("2")
            )
            guard case .consumed(let receipt) = answer else {
                return trial.judge.expect(false, "what is there can be used")
            }
            trial.judge.expectEqual(preview.answer, .applied(receipt), "the answer foreseen")
            let made = try await trial.store.journal(JournalQuery(customer: "org_acme", after: 1))
            trial.judge.expectEqual(made.first, preview.change, "the change foreseen")
            let again = try await billing.preview(
                Account.Command(.consume(use), key: "request:2"),
                for: "org_acme"
            )
            trial.judge.expectEqual(again, Account.Decision(answer: .repeated(receipt)), "the preview of a retry")
        },
    ]
}
