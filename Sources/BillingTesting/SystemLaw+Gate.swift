import BillingInMemory
import BillingKit

extension SystemLaw {
    static let gate: [SystemLaw] = [
        SystemLaw("ten thousand consumes at once of an allowance of 500 apply exactly 500") { trial in
            let billing = try await trial.system()
            let consumed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<10_000 {
                    group.addTask {
                        let answer = try await billing.consume(
                            of: Fixture.documents,
                            for: "org_acme",
                            key: .request("\(number)")
                        )
                        if case .consumed = answer { return true }
                        return false
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            trial.judge.expectEqual(consumed, 500, "the consumes that were let through")
            let line = try await billing.overview(of: "org_acme")[Fixture.documents]
            trial.judge.expectEqual(line?.used, 500, "the units used")
            trial.judge.expectEqual(line?.remaining, .units(0), "the units left")
            var drawn: Int64 = 0
            for change in try await trial.store.journal(JournalQuery(customer: "org_acme")) {
                for case .drawn(let draw) in change.effects { drawn += draw.amount }
            }
            trial.judge.expectEqual(drawn, 500, "the units in the journal")
        },
        SystemLaw("two servers on one account let through exactly what there is") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let consumed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<2_000 {
                    group.addTask {
                        let answer = try await servers[number % 2].consume(
                            of: Fixture.documents,
                            for: "org_acme",
                            key: .request("\(number)")
                        )
                        if case .consumed = answer { return true }
                        return false
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            trial.judge.expectEqual(consumed, 500, "the consumes that were let through")
        },
        SystemLaw("a retry of the call that took the last unit gets its receipt") { trial in
            let (here, there) = (try await trial.system(), try await trial.system())
            let first = try await here.consume(500, of: Fixture.documents, for: "org_acme", key: .request("all"))
            guard case .consumed(let receipt) = first else {
                return trial.judge.expect(false, "the last unit can be taken")
            }
            trial.judge.expectEqual(receipt.remaining, .units(0), "what is left")
            for billing in [here, there] {
                let again = try await billing.consume(
                    500,
                    of: Fixture.documents,
                    for: "org_acme",
                    key: .request("all")
                )
                trial.judge.expectEqual(again, .consumed(receipt), "the retry")
                let next = try await billing.consume(of: Fixture.documents, for: "org_acme", key: .request("next"))
                if case .consumed = next { trial.judge.expect(false, "there is nothing left") }
            }
        },
        SystemLaw("the same key with other content is an error, and changes nothing") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(2, of: Fixture.documents, for: "org_acme", key: .request("1"))
            let amount = await trial.code {
                try await billing.consume(3, of: Fixture.documents, for: "org_acme", key: .request("1"))
            }
            trial.judge.expectEqual(amount, .keyReused, "another amount under the key")
            let meter = await trial.code {
                try await billing.consume(2, of: Fixture.searches, for: "org_acme", key: .request("1"))
            }
            trial.judge.expectEqual(meter, .keyReused, "another meter under the key")
            let other = try await billing.consume(3, of: Fixture.documents, for: "org_other", key: .request("1"))
            if case .denied = other { trial.judge.expect(false, "another customer's key is its own") }
            let line = try await billing.overview(of: "org_acme")[Fixture.documents]
            trial.judge.expectEqual(line?.used, 2, "the units used")
        },
        SystemLaw("a denial says what would help, and is not remembered") { trial in
            let billing = try await trial.system()
            _ = try await billing.consume(499, of: Fixture.documents, for: "org_acme", key: .once)
            let answer = try await billing.consume(2, of: Fixture.documents, for: "org_acme", key: .request("1"))
            guard case .denied(let denial) = answer else {
                return trial.judge.expect(false, "more than is left is denied whole")
            }
            trial.judge.expectEqual(denial.remaining, 1, "what is left")
            trial.judge.expectEqual(denial.unlockedBy, [Fixture.pro, Fixture.enterprise], "what unlocks it")
            let month = Recurrence.month.span(containing: StoreTrial.start, from: StoreTrial.start)
            trial.judge.expectEqual(denial.resetsAt, month.end, "when it resets")
            trial.clock.set(to: month.end)
            let later = try await billing.consume(2, of: Fixture.documents, for: "org_acme", key: .request("1"))
            if case .denied = later { trial.judge.expect(false, "a new period lets the same key through") }
        },
        SystemLaw("of several meters all is used or none, and a retry gets every line again") { trial in
            let billing = try await trial.system()
            let both = [Fixture.documents: 2, Fixture.searches: 3] as [Meter.ID: Int64]
            let answer = try await billing.consume(all: both, for: "org_acme", key: .request("1"))
            guard case .consumed(let receipt) = answer else {
                return trial.judge.expect(false, "what is left can be used")
            }
            trial.judge.expectEqual(receipt.lines.map(\.amount), [2, 3], "the units of each meter")
            for server in [billing, try await trial.system()] {
                let again = try await server.consume(all: both, for: "org_acme", key: .request("1"))
                trial.judge.expectEqual(again, answer, "the answer to a retry")
            }
            let more = try await billing.consume(all: both, for: "org_acme", key: .request("2"))
            if case .consumed = more { trial.judge.expect(false, "one meter that is used up stops all") }
            let overview = try await billing.overview(of: "org_acme")
            trial.judge.expectEqual(overview[Fixture.documents]?.used, 2, "the units used of the first meter")
        },
        SystemLaw("of a batch as much is done as is left, and what was used already is counted") { trial in
            let billing = try await trial.system()
            let answer = try await billing.consume(
                upTo: 700,
                of: Fixture.documents,
                for: "org_acme",
                key: .request("batch")
            )
            guard case .consumed(let receipt) = answer else {
                return trial.judge.expect(false, "what is left can be used")
            }
            trial.judge.expectEqual(receipt.amount, 500, "the units used")
            let again = try await billing.consume(
                upTo: 700,
                of: Fixture.documents,
                for: "org_acme",
                key: .request("batch")
            )
            trial.judge.expectEqual(again, answer, "the answer to a retry")
            let recorded = try await billing.record(4, of: Fixture.documents, for: "org_acme", key: .request("done"))
            trial.judge.expectEqual(recorded.overage, 4, "the units that were not there")
            let line = try await billing.overview(of: "org_acme")[Fixture.documents]
            trial.judge.expectEqual(line?.used, 504, "the units used, those that were not there among them")
            trial.judge.expectEqual(line?.overage, 4, "the units that nothing covers")
        },
        SystemLaw("a second server sees what the first one did at its next command") { trial in
            let (here, there) = (try await trial.system(), try await trial.system())
            for server in [here, there] {
                _ = try await server.consume(of: Fixture.documents, for: "org_acme", key: .once)
            }
            _ = try await here.consume(498, of: Fixture.documents, for: "org_acme", key: .once)
            let answer = try await there.consume(of: Fixture.documents, for: "org_acme", key: .once)
            if case .consumed = answer { trial.judge.expect(false, "what is spent elsewhere is not spent again") }
        },
        SystemLaw("malformed requests are errors with a reason") { trial in
            let billing = try await trial.system()
            let long = String(repeating: "x", count: 256)
            let attempts: [(Account.DecisionError.Code, CustomerID, Meter.ID, Int64)] = [
                (.malformedIdentifier, "", Fixture.documents, 1),
                (.malformedIdentifier, CustomerID(long), Fixture.documents, 1),
                (.malformedIdentifier, "a\u{0}b", Fixture.documents, 1),
                (.unknownMeter, "org_acme", Meter.ID("unheard_of"), 1),
                (.amountOutOfBounds, "org_acme", Fixture.documents, 0),
                (.amountOutOfBounds, "org_acme", Fixture.documents, -1),
            ]
            for (wanted, customer, meter, amount) in attempts {
                let code = await trial.code {
                    try await billing.consume(amount, of: meter, for: customer, key: .request("1"))
                }
                trial.judge.expectEqual(code, wanted, "the error for '\(customer)', \(meter), \(amount)")
            }
        },
        SystemLaw("a key without an id, or with a malformed one, is refused and not free") { trial in
            let billing = try await trial.system()
            let long = String(repeating: "x", count: 256)
            for key in [BillingSystem.Key.request(""), .job(""), .request(long), .job("a\u{0}b")] {
                let consumed = await trial.code {
                    try await billing.consume(of: Fixture.documents, for: "org_acme", key: key)
                }
                trial.judge.expectEqual(consumed, .malformedIdentifier, "the error of consume")
                let metered = await trial.code {
                    try await billing.metered(Fixture.documents, for: "org_acme", key: key) {
                        trial.judge.expect(false, "work without a name does not run")
                    }
                }
                trial.judge.expectEqual(metered, .malformedIdentifier, "the error of metered")
            }
        },
        SystemLaw("counting beyond what can be counted is an error") { trial in
            let billing = try await trial.system()
            try await trial.judge.perform(Fixture.purchase(of: Fixture.enterprise), for: "org_acme")
            _ = try await billing.consume(.max, of: Fixture.documents, for: "org_acme", key: .request("1"))
            let code = await trial.code {
                try await billing.consume(1, of: Fixture.documents, for: "org_acme", key: .request("2"))
            }
            trial.judge.expectEqual(code, .overflow, "the error")
        },
    ]
}
