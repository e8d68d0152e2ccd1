import BillingInMemory
import BillingKit

extension SystemLaw {
    static let refunds: [SystemLaw] = [
        SystemLaw("refunds of one use at once never give back more than it took") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            _ = try await servers[0].consume(10, of: Fixture.documents, for: "org_acme", key: .job("1"))
            let refunded = try await trial.count(20) { number in
                let answer = try await servers[number % 2].refund(
                    .job("1"),
                    amount: 3,
                    for: "org_acme",
                    key: .request("\(number)")
                )
                if case .refunded = answer { return true }
                return false
            }
            trial.judge.expectEqual(refunded, 3, "the refunds of 3 that 10 have room for")
            let beyond = try await servers[0].refund(.job("1"), amount: 2, for: "org_acme", key: .request("beyond"))
            trial.judge.expectEqual(beyond, .exceedsUse(left: 1), "a refund of more than is left")
            let rest = try await servers[1].refund(.job("1"), for: "org_acme", key: .request("rest"))
            guard case .refunded(let receipt) = rest else {
                return trial.judge.expect(false, "what is left can be refunded")
            }
            trial.judge.expectEqual(receipt.amount, 1, "the units of the last refund")
            trial.judge.expectEqual(receipt.remaining, .units(500), "what is left of the allowance")
            let again = try await servers[0].refund(.job("1"), for: "org_acme", key: .request("rest"))
            trial.judge.expectEqual(again, rest, "the answer to a retry")
            let none = try await servers[0].refund(.job("1"), for: "org_acme", key: .request("none"))
            trial.judge.expectEqual(none, .exceedsUse(left: 0), "a refund of what has all come back")
            let line = try await servers[0].overview(of: "org_acme")[Fixture.documents]
            trial.judge.expectEqual(line?.used, 0, "the units used")
        },
        SystemLaw("a use and its refund that come at once leave what they should") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            for number in 0..<20 {
                let key = BillingSystem.Key.job("\(number)")
                async let use = servers[0].consume(2, of: Fixture.documents, for: "org_acme", key: key)
                async let code = trial.code {
                    try await servers[number % 2].refund(key, for: "org_acme", key: .request("refund-\(number)"))
                }
                _ = try await use
                // Too early: there was nothing to refund yet. Then a retry is not.
                if await code == .unknownUse {
                    _ = try await servers[1].refund(key, for: "org_acme", key: .request("refund-\(number)"))
                }
            }
            let line = try await servers[0].overview(of: "org_acme")[Fixture.documents]
            trial.judge.expectEqual(line?.used, 0, "the units used")
            trial.judge.expectEqual(line?.remaining, .units(500), "the units left")
        },
        SystemLaw("what work and what several meters took can be refunded, by name") { trial in
            let billing = try await trial.servers()[0]
            _ = try await billing.metered(Fixture.images, amount: 12, for: "org_acme", key: .job("1")) { 0 }
            var credits = try await billing.overview(of: "org_acme")[Fixture.credits]
            trial.judge.expectEqual(credits?.remaining, 96, "the credits left after work")
            _ = try await billing.refund(.job("1"), amount: 1, for: "org_acme", key: .request("1"))
            credits = try await billing.overview(of: "org_acme")[Fixture.credits]
            trial.judge.expectEqual(credits?.remaining, 98, "what was drawn last comes back first")
            let both: [Meter.ID: Int64] = [Fixture.images: 1, Fixture.pages: 1]
            _ = try await billing.consume(all: both, for: "org_acme", key: .job("2"))
            let unnamed = await trial.code {
                try await billing.refund(.job("2"), for: "org_acme", key: .request("2"))
            }
            trial.judge.expectEqual(unnamed, .unknownUse, "the error for a refund of several meters without a name")
            let named = try await billing.refund(.job("2"), meter: Fixture.pages, for: "org_acme", key: .request("2"))
            guard case .refunded = named else {
                return trial.judge.expect(false, "one of several meters can be refunded")
            }
            let pages = try await billing.overview(of: "org_acme")[Fixture.pages]
            trial.judge.expectEqual(pages?.used, 0, "the pages used")
            let unknown = await trial.code {
                try await billing.refund(.job("unheard of"), for: "org_acme", key: .request("3"))
            }
            trial.judge.expectEqual(unknown, .unknownUse, "the error for a key under which nothing was used")
        },
        SystemLaw("a count is put right by a person, who says why") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(10, of: Fixture.documents, for: "org_acme", key: .job("1"))
            let correct = {
                try await billing.correct(
                    Fixture.documents,
                    by: -4,
                    reason: "counted twice by an import",
                    author: "ann",
                    for: "org_acme",
                    key: .request("1")
                )
            }
            let receipt = try await correct()
            trial.judge.expectEqual(receipt.remaining, .units(494), "what is left")
            trial.judge.expectEqual(try await correct(), receipt, "the answer to a retry")
            let change = try await trial.store.journal(JournalQuery(customer: "org_acme", after: 1)).first
            trial.judge.expectEqual(change?.reason, "counted twice by an import", "the reason in the journal")
            trial.judge.expectEqual(change?.member, "ann", "the author in the journal")
            let more = await trial.code {
                try await billing.correct(
                    Fixture.documents,
                    by: -7,
                    reason: "more than was used",
                    author: "ann",
                    for: "org_acme",
                    key: .request("2")
                )
            }
            trial.judge.expectEqual(more, .amountOutOfBounds, "the error for taking back more than was used")
            let silent = await trial.code {
                try await billing.correct(
                    Fixture.documents,
                    by: 1,
                    reason: "",
                    author: "ann",
                    for: "org_acme",
                    key: .request("3")
                )
            }
            trial.judge.expectEqual(silent, .malformedIdentifier, "the error for no reason")
        },
    ]

    private static let unlimited = Account.Override(.allowance(.unlimited, of: Fixture.documents))

    private static func expectCount(
        _ used: Int64,
        with billing: BillingSystem,
        in trial: SystemTrial
    ) async throws {
        let line = try await billing.overview(of: "org_acme")[Fixture.documents]
        trial.judge.expectEqual(line?.used, used, "the units used")
        trial.judge.expectEqual(line?.overage, 0, "the units that nothing covers")
        trial.judge.expectEqual(try await billing.examine("org_acme"), [], "the findings")
    }

    static let countsPutRight: [SystemLaw] = [
        SystemLaw("what was used under other terms comes back whole") { trial in
            let billing = try await trial.system()
            try await billing.override([unlimited], for: "org_acme", key: .request("1"))
            _ = try await billing.consume(12, of: Fixture.documents, for: "org_acme", key: .job("1"))
            try await billing.override([], for: "org_acme", key: .request("2"))
            _ = try await billing.refund(.job("1"), for: "org_acme", key: .request("3"))
            try await expectCount(0, with: billing, in: trial)
        },
        SystemLaw("what a correction took out of the count is not given back once more") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(10, of: Fixture.documents, for: "org_acme", key: .job("1"))
            _ = try await billing.correct(
                Fixture.documents,
                by: -8,
                reason: "never delivered",
                author: "ann",
                for: "org_acme",
                key: .request("1")
            )
            let refunded = try await billing.refund(.job("1"), for: "org_acme", key: .request("2"))
            guard case .refunded(let receipt) = refunded else {
                return trial.judge.expect(false, "what is still counted can be refunded")
            }
            trial.judge.expectEqual(receipt.amount, 2, "the units that came back")
            try await expectCount(0, with: billing, in: trial)
            let none = try await billing.refund(.job("1"), for: "org_acme", key: .request("3"))
            trial.judge.expectEqual(none, .exceedsUse(left: 0), "a refund when nothing is counted any more")
        },
        SystemLaw("a correction takes nothing from a period that its uses are not of") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(10, of: Fixture.documents, for: "org_acme", key: .job("1"))
            trial.clock.advance(by: .seconds(2 * 86_400))
            _ = try await billing.correct(
                Fixture.documents,
                by: -5,
                reason: "never delivered",
                author: "ann",
                for: "org_acme",
                key: .request("1")
            )
            let daily = Account.Override(.allowance(.limited(20, per: .day), of: Fixture.documents))
            try await billing.override([daily], for: "org_acme", key: .request("2"))
            try await expectCount(0, with: billing, in: trial)
        },
        SystemLaw("a refund to a grant whose time is up in that moment follows the catalog's settings") { trial in
            let billing = try await trial.system()
            let end = StoreTrial.start.advanced(by: .seconds(3_600))
            _ = try await billing.grant(
                7,
                of: Fixture.searches,
                to: "org_acme",
                from: .promotion,
                expiry: end,
                key: .request("1")
            )
            _ = try await billing.consume(5, of: Fixture.searches, for: "org_acme", key: .job("1"))
            trial.clock.set(to: end)
            let refunded = try await billing.refund(.job("1"), for: "org_acme", key: .request("2"))
            guard case .refunded(let receipt) = refunded else {
                return trial.judge.expect(false, "what was used can be refunded")
            }
            trial.judge.expectEqual(receipt.remaining, .units(3), "what is left: what came back is over")
            trial.judge.expectEqual(try await billing.examine("org_acme"), [], "the findings")
        },
    ]
}
