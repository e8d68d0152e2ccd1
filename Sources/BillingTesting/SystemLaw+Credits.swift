import BillingInMemory
import BillingKit

extension SystemLaw {
    static let credits: [SystemLaw] = [
        SystemLaw("an order's units are given once, by however many servers and keys") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let given = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let answer = try await servers[number % 2].grant(
                            7,
                            of: Fixture.searches,
                            to: "org_acme",
                            from: .order,
                            for: ("polar", "ord_1"),
                            key: .request("\(number)")
                        )
                        return answer != .alreadyGranted
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            trial.judge.expectEqual(given, 1, "the times that the units were given")
            let line = try await servers[0].overview(of: "org_acme")[Fixture.searches]
            trial.judge.expectEqual(line?.remaining, .units(10), "the units left: 3 of the tier and 7 of the order")
            let code = await trial.code {
                try await servers[1].grant(
                    7,
                    of: Fixture.searches,
                    to: "org_other",
                    from: .order,
                    for: ("polar", "ord_1"),
                    key: .request("other")
                )
            }
            trial.judge.expectEqual(code, .belongsToAnother, "another customer's claim to the same order")
        },
        SystemLaw("a grant is given with its name, again for its key, and taken back by it") { trial in
            let billing = try await trial.system()
            let give = {
                try await billing.grant(
                    7,
                    of: Fixture.searches,
                    to: "org_acme",
                    from: .promotion,
                    expiry: StoreTrial.start.advanced(by: .seconds(3_600)),
                    key: .request("1")
                )
            }
            let first = try await give()
            trial.judge.expectEqual(try await give(), first, "the answer to a retry")
            guard case .granted(_, let grant) = first else {
                return trial.judge.expect(false, "units can be given")
            }
            _ = try await billing.consume(2, of: Fixture.searches, for: "org_acme", key: .request("2"))
            let voided = try await billing.void(grant, of: "org_acme", key: .request("3"))
            guard case .voided(let receipt) = voided else {
                return trial.judge.expect(false, "a grant can be taken back")
            }
            trial.judge.expectEqual(receipt.amount, 5, "what was left: what ends soonest is used first")
            trial.judge.expectEqual(receipt.remaining, .units(3), "what is left of the tier")
            trial.judge.expectEqual(
                try await billing.void(grant, of: "org_acme", key: .request("3")),
                voided,
                "the answer to a retry"
            )
            trial.judge.expectEqual(
                try await billing.void(grant, of: "org_acme", key: .request("4")),
                .alreadyOver,
                "the answer when nothing is left"
            )
        },
        SystemLaw("what is given ends when it ends, whatever anyone does") { trial in
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
            for (instant, units) in [(end.advanced(by: .microseconds(-1)), 10), (end, 3)] as [(Timestamp, Int64)] {
                trial.clock.set(to: instant)
                let line = try await billing.overview(of: "org_acme")[Fixture.searches]
                trial.judge.expectEqual(line?.remaining, .units(units), "what is left at \(instant)")
            }
        },
    ]
}
