import BillingInMemory
import BillingKit

extension SystemLaw {
    static let events: [SystemLaw] = [
        SystemLaw("a batch that is told many times at once counts each event once") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let skipped = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        // Batches that overlap, under keys of their own: 100 events, and 50 beside them.
                        let events = (0..<100).map { index in
                            Account.Command.Event(
                                id: "e\(index + number % 2 * 50)",
                                meter: Fixture.documents,
                                amount: 2
                            )
                        }
                        let receipt = try await servers[number % 2].record(
                            events,
                            for: "org_acme",
                            key: .request("\(number)")
                        )
                        return receipt.skipped
                    }
                }
                return try await group.reduce(0, +)
            }
            trial.judge.expectEqual(skipped, 40 * 100 - 150, "the events that were left out")
            let line = try await servers[0].overview(of: "org_acme")[Fixture.documents]
            trial.judge.expectEqual(line?.used, 300, "the units used")
        },
        SystemLaw("a retry of a batch gets its receipt, and an event is an event in every batch") { trial in
            let billing = try await trial.system()
            let events = [
                Account.Command.Event(id: "1", meter: Fixture.searches, amount: 5),
                Account.Command.Event(id: "2", meter: Fixture.documents),
                Account.Command.Event(id: "1", meter: Fixture.searches, amount: 5),
            ]
            let first = try await billing.record(events, for: "org_acme", key: .request("a"))
            trial.judge.expectEqual(first.lines.map(\.amount), [5, 1], "the units of each meter")
            trial.judge.expectEqual(first.lines.map(\.overage), [2, 0], "the units that were not there")
            trial.judge.expectEqual(first.skipped, 1, "the events told twice")
            let again = try await trial.system().record(events, for: "org_acme", key: .request("a"))
            trial.judge.expectEqual(again, first, "the answer to a retry")
            let other = try await billing.record(events, for: "org_acme", key: .request("b"))
            trial.judge.expectEqual(other.skipped, 3, "the events left out of another batch")
            let foreign = try await billing.record(events, for: "org_other", key: .request("a"))
            trial.judge.expectEqual(foreign.skipped, 1, "another customer's events are its own")
            let code = await trial.code { try await billing.record([], for: "org_acme", key: .request("c")) }
            trial.judge.expectEqual(code, .malformedRequest, "the error for a batch of nothing")
        },
        SystemLaw("an event is remembered as long as is said, and no longer") { trial in
            let billing = try await trial.system()
            let event = [Account.Command.Event(id: "1", meter: Fixture.documents)]
            _ = try await billing.record(event, for: "org_acme", key: .request("a"))
            let end = StoreTrial.start.advanced(by: Account.eventMemory)
            for (number, instant) in [end.advanced(by: .microseconds(-1)), end].enumerated() {
                trial.clock.set(to: instant)
                let receipt = try await billing.record(event, for: "org_acme", key: .request("later-\(number)"))
                trial.judge.expectEqual(receipt.skipped, Int64(1 - number), "the events left out at \(instant)")
            }
        },
    ]

    static let gauges: [SystemLaw] = [
        SystemLaw("a thousand raises at once of a gauge of 100 let through exactly 100") { trial in
            let servers = try await trial.servers()
            let raised = try await trial.count(1_000) { number in
                let answer = try await servers[number % 2].raise(
                    of: Fixture.seats,
                    for: "org_acme",
                    key: .request("\(number)")
                )
                if case .levelled = answer { return true }
                return false
            }
            trial.judge.expectEqual(raised, 100, "the raises that were let through")
            let line = try await servers[0].overview(of: "org_acme")[Fixture.seats]
            trial.judge.expectEqual(line?.used, 100, "where the gauge stands")
            trial.judge.expectEqual(line?.remaining, .units(0), "what is left")
            trial.judge.expect(line?.period == nil, "a gauge has no period")
        },
        SystemLaw("a gauge is set, raised and lowered, each once for its key") { trial in
            let billing = try await trial.servers()[0]
            let set = try await billing.setLevel(40, of: Fixture.seats, for: "org_acme", key: .request("1"))
            guard case .levelled(let receipt) = set else {
                return trial.judge.expect(false, "a gauge can be set")
            }
            trial.judge.expectEqual(receipt.amount, 40, "the level on the receipt")
            for _ in 0..<2 {
                _ = try await billing.raise(5, of: Fixture.seats, for: "org_acme", key: .request("2"))
                let lowered = try await billing.lower(15, of: Fixture.seats, for: "org_acme", key: .request("3"))
                trial.judge.expectEqual(lowered.amount, 30, "the level after lowering")
            }
            let again = try await billing.setLevel(40, of: Fixture.seats, for: "org_acme", key: .request("1"))
            trial.judge.expectEqual(again, set, "the answer to a retry")
            let line = try await billing.overview(of: "org_acme")[Fixture.seats]
            trial.judge.expectEqual(line?.used, 30, "where the gauge stands after the retry")
            let code = await trial.code { try await billing.lower(31, of: Fixture.seats, for: "org_acme", key: .once) }
            trial.judge.expectEqual(code, .amountOutOfBounds, "the error for lowering below nothing")
            let kind = await trial.code { try await billing.raise(of: Fixture.images, for: "org_acme", key: .once) }
            trial.judge.expectEqual(kind, .wrongMeterKind, "the error for raising what is used up")
            let use = await trial.code { try await billing.consume(of: Fixture.seats, for: "org_acme", key: .once) }
            trial.judge.expectEqual(use, .wrongMeterKind, "the error for using a gauge up")
        },
    ]

    static let limits: [SystemLaw] = [
        SystemLaw("a rate lets through so many in its window, and more in the next") { trial in
            let servers = try await trial.servers()
            let call: @Sendable (Int) async throws -> BillingSystem.Consumption = { number in
                try await servers[number % 2].consume(of: Fixture.calls, for: "org_acme", key: .request("\(number)"))
            }
            let first = try await trial.count(50) { number in
                if case .consumed = try await call(number) { return true }
                return false
            }
            trial.judge.expectEqual(first, 4, "the calls let through in the first minute")
            guard case .denied(let denial) = try await call(100) else {
                return trial.judge.expect(false, "a rate that is used up refuses")
            }
            let minute = StoreTrial.start.advanced(by: .seconds(60))
            trial.judge.expectEqual(denial.limit, .rate(.init(4, per: .minute)), "what was met")
            trial.judge.expectEqual(denial.resetsAt, minute, "when more is let through")
            trial.clock.set(to: minute)
            guard case .consumed = try await call(101) else {
                return trial.judge.expect(false, "the next minute lets more through")
            }
        },
        SystemLaw("beyond a soft limit units are counted apart, up to its cap") { trial in
            let billing = try await trial.servers()[0]
            var overages: [Int64] = []
            for number in 0..<8 {
                trial.clock.set(to: StoreTrial.start.advanced(by: .seconds(number * 60)))
                let answer = try await billing.consume(of: Fixture.calls, for: "org_acme", key: .request("\(number)"))
                guard case .consumed(let receipt) = answer else {
                    return trial.judge.expect(false, "call \(number) is within the cap")
                }
                overages.append(receipt.overage)
            }
            trial.judge.expectEqual(overages, [0, 0, 0, 0, 0, 1, 1, 1], "the units beyond the limit")
            trial.clock.advance(by: .seconds(60))
            let beyond = try await billing.consume(of: Fixture.calls, for: "org_acme", key: .request("beyond"))
            guard case .denied(let denial) = beyond else {
                return trial.judge.expect(false, "beyond the cap nothing is let through")
            }
            let day = StoreTrial.start.advanced(by: .seconds(86_400))
            trial.judge.expectEqual(denial.resetsAt, day, "when more is let through")
            trial.judge.expectEqual(denial.unlockedBy, [Fixture.pro], "what unlocks it")
            let line = try await billing.overview(of: "org_acme")[Fixture.calls]
            trial.judge.expectEqual(line?.overage, 3, "the units that nothing covers")
        },
    ]
}
