import BillingInMemory
import BillingKit

extension SystemLaw {
    static let work: [SystemLaw] = [
        SystemLaw("work is counted when it returns and given back when it throws") { trial in
            let billing = try await trial.system()
            let done = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) { "text" }
            guard case .done("text", let receipt) = done else {
                return trial.judge.expect(false, "work that returns is done")
            }
            trial.judge.expectEqual(receipt.remaining, .units(2), "what is left after work")
            do {
                _ = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("2")) { throw WorkFailed() }
                trial.judge.expect(false, "what the work throws is thrown")
            } catch is WorkFailed {}
            let line = try await billing.overview(of: "org_acme")[Fixture.searches]
            trial.judge.expectEqual(line?.remaining, .units(2), "what is left after work that failed")
            trial.judge.expectEqual(line?.held, 0, "what is held after work that failed")
        },
        SystemLaw("work that finished is not run again, work that failed is") { trial in
            let billing = try await trial.system()
            _ = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) { 1 }
            let again = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) {
                trial.judge.expect(false, "finished work does not run")
                return 2
            }
            guard case .alreadyDone(let receipt) = again else {
                return trial.judge.expect(false, "finished work is already done")
            }
            trial.judge.expectEqual(receipt.amount, 1, "the units of the receipt")
            _ = try? await billing.metered(Fixture.searches, for: "org_acme", key: .job("2")) { throw WorkFailed() }
            guard case .done = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("2"), { 3 })
            else { return trial.judge.expect(false, "failed work runs again") }
            trial.judge.expectEqual(
                try await billing.overview(of: "org_acme")[Fixture.searches]?.used,
                2,
                "the units used"
            )
        },
        SystemLaw("work holds its unit while it goes on, and others under its key are told so") { trial in
            let billing = try await trial.system()
            _ = try await billing.metered(Fixture.searches, amount: 3, for: "org_acme", key: .job("1")) {
                let line = try await billing.overview(of: "org_acme")[Fixture.searches]
                trial.judge.expectEqual(line?.held, 3, "what is held")
                trial.judge.expectEqual(line?.remaining, .units(0), "what is left")
                let other = try await billing.consume(of: Fixture.searches, for: "org_acme", key: .once)
                if case .consumed = other { trial.judge.expect(false, "what is held cannot be used") }
                let lapse = StoreTrial.start.advanced(by: .seconds(15 * 60))
                let code = await trial.code {
                    try await billing.metered(Fixture.searches, amount: 3, for: "org_acme", key: .job("1")) { 0 }
                }
                trial.judge.expectEqual(code, .workInProgress(until: lapse), "the same work elsewhere")
            }
        },
        SystemLaw("work whose server is gone is taken over when its hold has lapsed") { trial in
            // A reservation that nobody ends is what a crash leaves behind.
            try await trial.judge.perform(Fixture.reserve(of: Fixture.searches, key: "job:1"), for: "org_acme")
            let billing = try await trial.system()
            let early = await trial.code {
                try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) { 0 }
            }
            let lapse = StoreTrial.start.advanced(by: .seconds(60))
            trial.judge.expectEqual(early, .workInProgress(until: lapse), "before the hold lapses")
            trial.clock.set(to: lapse)
            guard case .done = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1"), { 0 })
            else { return trial.judge.expect(false, "at its lapse a hold is over") }
            let line = try await billing.overview(of: "org_acme")[Fixture.searches]
            trial.judge.expectEqual(line?.used, 1, "the units used")
            trial.judge.expectEqual(line?.held, 0, "the units held")
        },
        SystemLaw("work that outlasts its hold is counted, and marked late") { trial in
            let billing = try await trial.system()
            let done = try await billing.metered(
                Fixture.searches,
                for: "org_acme",
                key: .job("1"),
                holdingFor: .seconds(10)
            ) {
                trial.clock.advance(by: .seconds(60))
                // Someone else takes all there is meanwhile.
                _ = try await billing.consume(3, of: Fixture.searches, for: "org_acme", key: .once)
            }
            guard case .done(_, let receipt) = done else {
                return trial.judge.expect(false, "work that is done is counted")
            }
            trial.judge.expect(receipt.isLate, "the receipt says that the hold had lapsed")
            trial.judge.expectEqual(receipt.overage, 1, "the units that were not there")
            let line = try await billing.overview(of: "org_acme")[Fixture.searches]
            trial.judge.expectEqual(line?.used, 4, "the units used")
            trial.judge.expectEqual(line?.remaining, .units(0), "the units left")
        },
        SystemLaw("two tries at the same work are counted once") { trial in
            let billing = try await trial.system()
            _ = try await billing.metered(
                Fixture.searches,
                for: "org_acme",
                key: .job("1"),
                holdingFor: .seconds(10)
            ) {
                trial.clock.advance(by: .seconds(60))
                _ = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) { 0 }
            }
            let line = try await billing.overview(of: "org_acme")[Fixture.searches]
            trial.judge.expectEqual(line?.used, 1, "the units used")
            trial.judge.expectEqual(line?.held, 0, "the units held")
        },
        SystemLaw("the key of work that goes on is not for anything else") { trial in
            let billing = try await trial.system()
            let done = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) {
                let code = await trial.code {
                    try await billing.consume(of: Fixture.searches, for: "org_acme", key: .job("1"))
                }
                trial.judge.expectEqual(code, .keyReused, "the error")
            }
            guard case .done = done else { return trial.judge.expect(false, "the work is counted") }
        },
        SystemLaw("a task that is cancelled in its work gives its units back") { trial in
            let billing = try await trial.system()
            let task = Task {
                try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try Task.checkCancellation()
                }
            }
            do {
                _ = try await task.value
                trial.judge.expect(false, "the cancellation is thrown")
            } catch is CancellationError {}
            let line = try await billing.overview(of: "org_acme")[Fixture.searches]
            trial.judge.expectEqual(line?.held, 0, "the units held")
            trial.judge.expectEqual(line?.remaining, .units(3), "the units left")
        },
        SystemLaw("work that has begun is counted though the system is told to stop") { trial in
            let billing = try await trial.system()
            let running = Task { await billing.run() }
            let done = try await billing.metered(Fixture.searches, for: "org_acme", key: .job("1")) {
                running.cancel()
                for _ in 0..<100 { await Task.yield() }
                do {
                    _ = try await billing.consume(of: Fixture.searches, for: "org_acme", key: .request("late"))
                } catch let error as BillingError {
                    trial.judge.expectEqual(error.code, .shutDown, "the error of what begins")
                }
            }
            guard case .done = done else { return trial.judge.expect(false, "the work is done") }
            await running.value
            let journal = try await trial.store.journal(JournalQuery(customer: "org_acme"))
            trial.judge.expectEqual(journal.count { $0.kind == .capture }, 1, "the captures")
        },
        SystemLaw("after a drain nothing waits and nothing more is accepted") { trial in
            let billing = try await trial.system()
            let running = Task { await billing.run() }
            let consumed = try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        _ = try await billing.consume(
                            of: Fixture.documents,
                            for: "org_\(number % 7)",
                            key: .request("\(number)")
                        )
                    }
                }
                try await group.next()
                running.cancel()
                await running.value
                var answered = 1
                while let result = await group.nextResult() {
                    if case .success = result { answered += 1 }
                }
                return answered
            }
            var journalled = 0
            for number in 0..<7 {
                journalled += try await trial.store.journal(JournalQuery(customer: "org_\(number)")).count
            }
            trial.judge.expectEqual(journalled, consumed, "every command that was answered is written, and no other")
            do {
                _ = try await billing.consume(of: Fixture.documents, for: "org_acme", key: .once)
                trial.judge.expect(false, "nothing is accepted after the drain")
            } catch let error as BillingError {
                trial.judge.expectEqual(error.code, .shutDown, "the error")
            }
        },
    ]
}
