import BillingKit

extension SystemLaw {
    static let cancellations: [SystemLaw] = [
        SystemLaw("a command whose caller is cancelled is done whole or not at all") { trial in
            let servers = [try await trial.system(), try await trial.system()]
            let tasks = (0..<200).map { number in
                Task {
                    try await servers[number % 2].consume(
                        all: [Fixture.documents: 2, Fixture.searches: 1],
                        for: CustomerID("org_\(number / 2)"),
                        key: .request("\(number)")
                    )
                }
            }
            for (number, task) in tasks.enumerated() {
                // Some before they have begun, some while they wait, some when they are done.
                if number % 5 == 4 { await Task.yield() }
                task.cancel()
            }
            for (number, task) in tasks.enumerated() {
                let customer = CustomerID("org_\(number / 2)")
                let journal = { try await trial.store.journal(JournalQuery(customer: customer)) }
                let key = Account.Key("request:\(number)")
                let result = await task.result
                let written = try await journal().first { $0.key == key }
                switch result {
                case .success(.consumed(let receipt)):
                    trial.judge.expectEqual(written?.receipt, receipt, "the receipt of \(key), as the journal has it")
                case .failure(let error):
                    trial.judge.expect(error is CancellationError, "\(key) fails with \(error), not CancellationError")
                    trial.judge.expectEqual(written, nil, "what was written for \(key), which was cancelled")
                case .success(let answer):
                    trial.judge.expect(false, "\(key): found \(answer), wanted a receipt")
                }
            }
            for number in 0..<200 {
                let customer = CustomerID("org_\(number / 2)")
                _ = try await servers[0].consume(
                    all: [Fixture.documents: 2, Fixture.searches: 1],
                    for: customer,
                    key: .request("\(number)")
                )
                try await trial.expectSound(customer, "after cancelled calls")
            }
            for number in 0..<100 {
                let page = try await servers[1].overview(of: CustomerID("org_\(number)"))
                trial.judge.expectEqual(page[Fixture.documents]?.used, 4, "the documents used by org_\(number)")
                trial.judge.expectEqual(page[Fixture.searches]?.used, 2, "the searches used by org_\(number)")
            }
        },
        SystemLaw("work whose caller is cancelled is counted when it returns and given back when it throws") { trial in
            let billing = try await trial.system()
            for (id, heeds, used) in [("1", true, 0), ("2", false, 3), ("1", false, 6)] as [(String, Bool, Int64)] {
                let isDone = try await trial.work(id, heeds: heeds, on: billing)
                trial.judge.expectEqual(isDone, !heeds, "whether work \(id) is done")
                let line = try await billing.overview(of: "org_acme")[Fixture.documents]
                trial.judge.expectEqual(line?.used, used, "the units used after work \(id)")
                trial.judge.expectEqual(line?.held, 0, "the units held after work \(id)")
                try await trial.expectSound("org_acme", "after work \(id)")
            }
        },
    ]
}

extension SystemTrial {
    /// Does work that is cancelled meanwhile, and returns whether it was done.
    fileprivate func work(_ id: String, heeds: Bool, on billing: BillingSystem) async throws -> Bool {
        let task = Task {
            let result = try await billing.metered(Fixture.documents, amount: 3, for: "org_acme", key: .job(id)) {
                withUnsafeCurrentTask { $0?.cancel() }
                if heeds { try Task.checkCancellation() }
            }
            if case .done = result { return true }
            return false
        }
        do {
            return try await task.value
        } catch is CancellationError {
            return false
        }
    }
}
