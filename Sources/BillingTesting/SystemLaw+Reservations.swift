import BillingInMemory
import BillingKit

extension SystemLaw {
    private static func reserve(
        _ amount: Int64,
        of meter: Meter.ID = Fixture.images,
        key: BillingSystem.Key = .job("1"),
        with billing: BillingSystem,
        in trial: SystemTrial
    ) async throws -> BillingSystem.Reservation {
        let answer = try await billing.reserve(amount, of: meter, for: "org_acme", by: "ann", key: key)
        guard case .reserved(let reservation) = answer else {
            trial.judge.expect(false, "units that are there: found \(answer), wanted a reservation")
            throw StoreTrial.Breach()
        }
        return reservation
    }

    static let reservations: [SystemLaw] = [
        SystemLaw("what is set aside lapses when the catalog says, unless the host says otherwise") { trial in
            let billing = try await trial.servers()[0]
            _ = try await reserve(4, with: billing, in: trial)
            _ = try await billing.reserve(
                of: Fixture.images,
                for: "org_acme",
                key: .job("2"),
                holdingFor: .seconds(300)
            )
            let held = [(119_999_999, 5), (120_000_000, 1), (299_999_999, 1), (300_000_000, 0)] as [(Int64, Int64)]
            for (microseconds, units) in held {
                trial.clock.set(to: StoreTrial.start.advanced(by: .microseconds(microseconds)))
                let line = try await billing.overview(of: "org_acme")[Fixture.images]
                trial.judge.expectEqual(line?.held, units, "the units held after \(microseconds) µs")
            }
            _ = try await billing.metered(Fixture.images, for: "org_acme", key: .job("3")) {
                let code = await trial.code {
                    try await billing.metered(Fixture.images, for: "org_acme", key: .job("3")) { 0 }
                }
                let end = trial.clock.now().advanced(by: .seconds(120))
                trial.judge.expectEqual(code, .workInProgress(until: end), "metered work elsewhere")
            }
        },
        SystemLaw("a reservation is captured or released, once, on any server") { trial in
            let servers = try await trial.servers()
            let first = try await reserve(4, with: servers[0], in: trial)
            let receipt = try await servers[1].capture(first, amount: 3)
            trial.judge.expectEqual(receipt.remaining, .units(7 + 50), "what is left: less gives the rest back")
            trial.judge.expectEqual(try await servers[0].capture(first, amount: 3), receipt, "the second capture")
            let released = try await servers[0].release(first)
            trial.judge.expectEqual(released, .alreadyReleased, "the release of what is captured")
            let again = try await servers[0].reserve(4, of: Fixture.images, for: "org_acme", key: .job("1"))
            trial.judge.expectEqual(again, .alreadyDone(receipt), "the same work again")
            let second = try await reserve(2, key: .job("2"), with: servers[0], in: trial)
            guard case .released = try await servers[1].release(second) else {
                return trial.judge.expect(false, "what is set aside can be given back")
            }
            let third = try await reserve(2, key: .job("2"), with: servers[0], in: trial)
            trial.judge.expect(third.hold != second.hold, "work that failed begins anew")
            let more = try await servers[0].capture(third, amount: 58)
            trial.judge.expectEqual(more.overage, 1, "the units that were not there: never refused, and recorded")
            let line = try await servers[0].overview(of: "org_acme")[Fixture.images]
            trial.judge.expectEqual(line?.used, 61, "the units used")
            trial.judge.expectEqual(line?.held, 0, "the units held")
        },
        SystemLaw("captures and releases of one reservation at once end it once") { trial in
            let servers = try await trial.servers()
            for number in 0..<10 {
                let work = try await reserve(5, key: .job("\(number)"), with: servers[0], in: trial)
                let captured = Int64(
                    try await trial.count(8) { index in
                        if index % 2 == 0 { return try await servers[index % 4 / 2].release(work) != .alreadyReleased }
                        _ = try await servers[index % 2].capture(work)
                        return false
                    }
                )
                let overview = try await servers[0].overview(of: "org_acme")
                trial.judge.expect(captured <= 1, "at most one release took effect")
                trial.judge.expectEqual(overview[Fixture.images]?.held, 0, "the units held")
                trial.judge.expectEqual(overview[Fixture.images]?.used, 5, "the units used")
                _ = try await servers[0].refund(.job("\(number)"), for: "org_acme", key: .request("refund-\(number)"))
            }
        },
        SystemLaw("work that is given more time keeps its units so much longer") { trial in
            let billing = try await trial.servers()[0]
            let work = try await reserve(4, with: billing, in: trial)
            trial.clock.advance(by: .seconds(100))
            let end = trial.clock.now().advanced(by: .seconds(600))
            trial.judge.expectEqual(
                try await billing.extend(work, by: .seconds(600)),
                .extended(until: end),
                "when it lapses"
            )
            trial.judge.expectEqual(
                try await billing.extend(work, by: .seconds(1)),
                .extended(until: end),
                "when it lapses after less time is given"
            )
            trial.clock.set(to: end.advanced(by: .microseconds(-1)))
            let line = try await billing.overview(of: "org_acme")[Fixture.images]
            trial.judge.expectEqual(line?.held, 4, "the units held")
            trial.clock.set(to: end)
            trial.judge.expectEqual(
                try await billing.extend(work, by: .seconds(600)),
                .alreadyReleased,
                "more time for what has lapsed"
            )
            let receipt = try await billing.capture(work)
            trial.judge.expect(receipt.isLate, "the receipt says that the hold had lapsed")
            let code = await trial.code { try await billing.extend(work, by: .zero) }
            trial.judge.expectEqual(code, .amountOutOfBounds, "the error for no time")
        },
        SystemLaw("a try is told from another by its name, and gets its reservation again") { trial in
            let servers = try await trial.servers()
            let reserve: @Sendable (Int, String) async throws -> BillingSystem.Reserving = { server, attempt in
                try await servers[server].reserve(
                    of: Fixture.images,
                    for: "org_acme",
                    key: .job("1"),
                    attempt: attempt
                )
            }
            guard case .reserved(let first) = try await reserve(0, "a"),
                case .reserved(let again) = try await reserve(1, "a")
            else { return trial.judge.expect(false, "what is there can be set aside, and asked for again") }
            trial.judge.expectEqual(again.hold, first.hold, "the hold of a retry")
            let end = StoreTrial.start.advanced(by: .seconds(120))
            let code = await trial.code { try await reserve(1, "b") }
            trial.judge.expectEqual(code, .workInProgress(until: end), "the error for another try")
            let line = try await servers[0].overview(of: "org_acme")[Fixture.images]
            trial.judge.expectEqual(line?.held, 1, "the units held")
        },
        SystemLaw("work that says what it took is counted as it says") { trial in
            let billing = try await trial.servers()[0]
            let less = try await billing.metered(Fixture.images, reserving: 8, for: "org_acme", key: .job("1")) {
                ("text", 3)
            }
            guard case .done("text", let receipt) = less else {
                return trial.judge.expect(false, "work that returns is done")
            }
            trial.judge.expectEqual(receipt.amount, 3, "the units counted")
            let more = try await billing.metered(Fixture.images, reserving: 1, for: "org_acme", key: .job("2")) {
                ("text", 9)
            }
            guard case .done(_, let second) = more else {
                return trial.judge.expect(false, "work that returns is done")
            }
            trial.judge.expectEqual(second.remaining, .units(48), "what is left: 2 of the 9 were paid with 4 credits")
            let denied = try await billing.metered(
                Fixture.images,
                reserving: 50,
                for: "org_acme",
                reference: "job-7",
                key: .job("3"),
                counting: { ("text", 1) }
            )
            guard case .denied(let denial) = denied else {
                return trial.judge.expect(false, "more than is there is not set aside")
            }
            trial.judge.expectEqual(denial.reference, "job-7", "the reference of the work")
            let code = await trial.code {
                try await billing.metered(Fixture.images, reserving: 1, for: "org_acme", key: .job("4")) { (0, -1) }
            }
            trial.judge.expectEqual(code, .amountOutOfBounds, "the error for less than nothing")
            let line = try await billing.overview(of: "org_acme")[Fixture.images]
            trial.judge.expectEqual(line?.held, 0, "the units held")
            trial.judge.expectEqual(line?.used, 12, "the units used")
        },
        SystemLaw("work that goes on is given more time though the system is told to stop") { trial in
            let billing = try await trial.servers()[0]
            let work = try await reserve(1, with: billing, in: trial)
            let running = Task { await billing.run() }
            _ = try await billing.metered(Fixture.images, for: "org_acme", key: .job("2")) {
                running.cancel()
                for _ in 0..<100 { await Task.yield() }
                let end = trial.clock.now().advanced(by: .seconds(600))
                trial.judge.expectEqual(
                    try await billing.extend(work, by: .seconds(600)),
                    .extended(until: end),
                    "when it lapses"
                )
                _ = try await billing.capture(work)
            }
            await running.value
        },
    ]
}
