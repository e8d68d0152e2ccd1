import BillingKit

extension SystemLaw {
    /// What a call may fail with before it happens, and be well the next time.
    private static let codes: [StoreError.Code] = [
        .serialization, .deadlock, .lockTimeout, .busy, .full, .connectionLost, .outcomeUnknown,
    ]

    static let faults: [SystemLaw] =
        (codes.map { TroubledStore.Fault.before($0) } + [.after(.outcomeUnknown), .after(.connectionLost)]).map(sweep)
        + [unknownOutcomes, badMembers, stayingFaults, failingLoads, failingStart]

    /// The law for one fault, of every n-th call for each n up to the length of a flow.
    private static func sweep(_ fault: TroubledStore.Fault) -> SystemLaw {
        let (name, when) =
            switch fault {
            case .before(let code): (code.rawValue, "before it happens")
            case .after(let code): (code.rawValue, "after it happened")
            }
        return SystemLaw("where every n-th call fails \(when) with \(name), a flow that goes on has each effect once") {
            trial in
            let store = TroubledStore(trial.store)
            let billing = try await trial.system(on: store)
            store.plan { _ in nil }
            let calm = try await trial.flow(of: "org_calm", on: billing, despite: nil)
            let length = store.heal().calls
            trial.judge.expect(length > 10, "a flow is at least 10 calls long, and this one \(length)")
            for n in 1...length {
                let customer = CustomerID("org_\(n)")
                // A store that never gets well again lets nothing through, so the faults end.
                let faults = Count()
                store.plan { call in
                    call.number.isMultiple(of: n) && faults.add() <= 8 ? fault : nil
                }
                let found = try await trial.flow(of: customer, on: billing, despite: fault.code)
                let failed = store.heal().faults
                trial.judge.expect(failed > 0, "no call failed where every call number \(n) was to")
                trial.judge.expectEqual(
                    found.receipts,
                    calm.receipts,
                    "the receipts where every call number \(n) fails"
                )
                let when = "where every call number \(n) fails"
                trial.judge.expectEqual(found.used, calm.used, "the units used \(when)")
                let journal = try await trial.store.journal(JournalQuery(customer: customer))
                let wanted = try await trial.store.journal(JournalQuery(customer: "org_calm"))
                // The key of a call that was given none is another one with each call.
                func keys(_ changes: [Account.Change]) -> [String?] {
                    changes.map { $0.key.map { $0.rawValue.hasPrefix("once:") ? "once:" : $0.rawValue } }
                }
                trial.judge.expectEqual(keys(journal), keys(wanted), "the keys of the journal \(when)")
                trial.judge.expectEqual(journal.map(\.effects), wanted.map(\.effects), "the effects \(when)")
                try await trial.expectSound(customer, when)
            }
        }
    }

    private static let unknownOutcomes = SystemLaw(
        "of commands at once whose outcome is unknown each is answered once, with the receipt of its one effect"
    ) { trial in
        let store = TroubledStore(trial.store)
        let servers = [try await trial.system(on: store), try await trial.system(on: store)]
        let commits = Count()
        store.plan { call in
            guard call.kind == .commit else { return nil }
            // The first of all, because there may be few; and seldom enough for every command to get through.
            return switch commits.add() % 4 {
            case 1: .after(.outcomeUnknown)
            case 3: .before(.outcomeUnknown)
            default: nil
            }
        }
        let answers = try await withThrowingTaskGroup(of: (CustomerID, Account.Key, Account.Receipt?).self) { group in
            for number in 0..<120 {
                group.addTask {
                    let customer = CustomerID("org_\(number % 6)")
                    let receipt = try await trial.insist(despite: .outcomeUnknown) {
                        let key = BillingSystem.Key.request("\(number)")
                        let server = servers[number / 6 % 2]
                        let answer = try await server.consume(2, of: Fixture.documents, for: customer, key: key)
                        guard case .consumed(let receipt) = answer else { return Account.Receipt?.none }
                        return receipt
                    }
                    return (customer, Account.Key("request:\(number)"), receipt)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        store.heal()
        trial.judge.expectEqual(answers.count, 120, "the answers")
        for number in 0..<6 {
            let customer = CustomerID("org_\(number)")
            let journal = try await trial.store.journal(JournalQuery(customer: customer))
            trial.judge.expectEqual(journal.count, 20, "the changes of \(customer)")
            let written = Dictionary(journal.map { ($0.key, $0.receipt) }) { first, _ in first }
            for (_, key, receipt) in answers where key.rawValue.isRequest(of: number) {
                trial.judge.expectEqual(receipt, written[key] ?? nil, "the receipt of \(key), as the journal has it")
                trial.judge.expect(receipt != nil, "the answer to \(key) has a receipt, and this one has none")
            }
            let line = try await servers[0].overview(of: customer)[Fixture.documents]
            trial.judge.expectEqual(line?.used, 40, "the units used by \(customer)")
            try await trial.expectSound(customer, "after unknown outcomes")
        }
    }

    private static let badMembers = SystemLaw("a bad member of a group does not fail the others") { trial in
        let store = TroubledStore(trial.store)
        let billing = try await trial.system(on: store)
        for (kind, code) in [
            (TroubledStore.Call.Kind.commit, StoreError.Code.unique), (.commit, .corrupt), (.load, .corrupt),
        ] {
            let prefix = "\(kind)_\(code)_"
            store.plan { call in
                call.kind == kind && call.customers.contains { $0.rawValue.hasSuffix("_bad") } ? .before(code) : nil
            }
            let answers = await withTaskGroup(of: (Int, String).self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let customer = CustomerID(prefix + (number % 8 == 3 ? "bad" : "\(number)"))
                        return (number, await trial.word { try await billing.documents(1, for: customer, "\(number)") })
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            let faults = store.heal().faults
            trial.judge.expect(faults > 0, "no \(kind) failed")
            for number in 0..<40 {
                let wanted = number % 8 == 3 ? code.rawValue : "consumed"
                trial.judge.expectEqual(answers[number], wanted, "the answer to command \(number)")
                guard number % 8 != 3 else { continue }
                let length = try await trial.journalLength(of: CustomerID(prefix + "\(number)"))
                trial.judge.expectEqual(length, 1, "the changes of a good member")
            }
            let length = try await trial.journalLength(of: CustomerID(prefix + "bad"))
            trial.judge.expectEqual(length, 0, "the changes of the bad member")
            let well = await trial.word { try await billing.documents(1, for: CustomerID(prefix + "bad"), "3") }
            trial.judge.expectEqual(well, "consumed", "the answer to the bad member when it is well again")
        }
    }

    private static let stayingFaults = SystemLaw(
        "a store that is busy, locked, full or closed is told of as that, with nothing written, and not for long"
    ) { trial in
        let store = TroubledStore(trial.store)
        let billing = try await trial.system(on: store)
        for code in [StoreError.Code.busy, .lockTimeout, .full, .closed] {
            let customers = (0..<10).map { CustomerID("\(code)_\($0)") }
            store.plan { $0.kind == .commit ? .before(code) : nil }
            let words = await withTaskGroup(of: String.self) { group in
                for customer in customers {
                    group.addTask { await trial.word { try await billing.documents(1, for: customer, "1") } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            store.heal()
            trial.judge.expectEqual(words, customers.map { _ in code.rawValue }, "the answers while it lasts")
            for customer in customers {
                trial.judge.expectEqual(try await trial.journalLength(of: customer), 0, "the changes of \(customer)")
                let again = await trial.word { try await billing.documents(1, for: customer, "1") }
                trial.judge.expectEqual(again, "consumed", "the answer when it is over")
                let line = try await billing.overview(of: customer)[Fixture.documents]
                trial.judge.expectEqual(line?.used, 1, "the units used by \(customer)")
            }
        }
    }

    private static let failingLoads = SystemLaw("a store that cannot be read is told of, and nothing is decided") {
        trial in
        let store = TroubledStore(trial.store)
        let billing = try await trial.system(on: store)
        _ = try await billing.consume(500, of: Fixture.documents, for: "org_full", key: .request("all"))
        for code in StoreError.Code.allCases {
            store.plan { $0.kind == .load ? .before(code) : nil }
            for customer in ["org_full", "org_new"] as [CustomerID] {
                let word = await trial.word { try await billing.documents(1, for: customer, "1") }
                trial.judge.expectEqual(word, code.rawValue, "the answer for \(customer)")
                let page = await trial.word {
                    _ = try await billing.overview(of: customer)
                    return .denied
                }
                trial.judge.expectEqual(page, code.rawValue, "what the page of \(customer) says")
            }
            store.heal()
            trial.judge.expectEqual(try await trial.journalLength(of: "org_new"), 0, "the changes of a new customer")
        }
        let denied = await trial.word { try await billing.documents(1, for: "org_full", "1") }
        trial.judge.expectEqual(denied, "denied", "the answer where nothing is left")
    }

    private static let failingStart = SystemLaw(
        "a system whose store fails while it starts says so, and can start later"
    ) {
        trial in
        let store = TroubledStore(trial.store)
        for fault in [TroubledStore.Fault.before(.cannotOpen), .before(.busy), .after(.outcomeUnknown)] {
            store.plan { $0.kind == .keep ? fault : nil }
            let word = await trial.word {
                _ = try await trial.system(on: store)
                return .denied
            }
            trial.judge.expectEqual(word, fault.code.rawValue, "what the start says")
            store.heal()
        }
        let billing = try await trial.system(on: store)
        let word = await trial.word { try await billing.documents(1, for: "org_acme", "1") }
        trial.judge.expectEqual(word, "consumed", "the first answer")
        trial.judge.expectEqual(try await trial.store.catalogVersions(), [1], "the catalogs that are kept")
    }
}

extension String {
    /// Returns whether it is the key of a request of the customer whose number is given.
    fileprivate func isRequest(of number: Int) -> Bool {
        split(separator: ":").last.flatMap { Int($0) }.map { $0 % 6 == number } ?? false
    }
}

extension BillingSystem {
    /// Uses documents up, in a word.
    fileprivate func documents(
        _ amount: Int64,
        for customer: CustomerID,
        _ request: String
    ) async throws -> SystemTrial.Word {
        switch try await consume(amount, of: Fixture.documents, for: customer, key: .request(request)) {
        case .consumed: .consumed
        case .denied: .denied
        }
    }
}

extension SystemTrial {
    fileprivate enum Word: String, Sendable { case consumed, denied }

    /// What a call says in a word: its answer, or the code of the store's error.
    fileprivate func word(_ body: () async throws -> Word) async -> String {
        do {
            return try await body().rawValue
        } catch let error as StoreError {
            return error.code.rawValue
        } catch {
            return "\(error)"
        }
    }

    /// Makes a call again while the store's fault is what it throws.
    func insist<Answer>(
        despite code: StoreError.Code?,
        _ body: () async throws -> Answer
    ) async throws -> Answer {
        for _ in 0..<20 {
            do {
                return try await body()
            } catch let error as StoreError where error.code == code {
                continue
            }
        }
        judge.expect(false, "a call that was made 20 times got through, and this one always met \(code as Any)")
        throw StoreTrial.Breach()
    }

    /// What came of a flow.
    fileprivate struct FlowResult {
        var receipts: [Account.Receipt] = []
        var used: Int64?
    }

    /// Does a bit of everything for a customer, each step again until it is answered.
    fileprivate func flow(
        of customer: CustomerID,
        on billing: BillingSystem,
        despite code: StoreError.Code?
    ) async throws -> FlowResult {
        var result = FlowResult()
        result.receipts += try await insist(despite: code) {
            let use = try await billing.consume(9, of: Fixture.documents, for: customer, key: .request("use"))
            if case .consumed(let receipt) = use { return [receipt] }
            return []
        }
        result.receipts += try await insist(despite: code) {
            let gift = try await billing.grant(
                5,
                of: Fixture.documents,
                to: customer,
                from: .promotion,
                key: .request("gift")
            )
            if case .granted(let receipt, _) = gift { return [receipt] }
            return []
        }
        _ = try await insist(despite: code) {
            try await billing.startUpgrade(to: Fixture.pro, for: customer, reference: "job-1")
        }
        let reserved = try await insist(despite: code) {
            try await billing.reserve(4, of: Fixture.documents, for: customer, key: .job("1"), attempt: "one")
        }
        guard case .reserved(let work) = reserved else {
            judge.expect(false, "units that are there: found \(reserved), wanted a reservation")
            throw StoreTrial.Breach()
        }
        result.receipts.append(try await insist(despite: code) { try await billing.capture(work, amount: 3) })
        result.receipts += try await insist(despite: code) {
            let back = try await billing.refund(.request("use"), amount: 2, for: customer, key: .request("back"))
            if case .refunded(let receipt) = back { return [receipt] }
            return []
        }
        let events = [Account.Command.Event(id: "e1", meter: Fixture.documents, amount: 6)]
        result.receipts.append(
            try await insist(despite: code) { try await billing.record(events, for: customer, key: .request("events")) }
        )
        result.used = try await insist(despite: code) {
            try await billing.overview(of: customer)[Fixture.documents]?.used
        }
        judge.expectEqual(result.receipts.count, 5, "the receipts of a flow")
        judge.expectEqual(result.used, 16, "the units used by a flow")
        return result
    }
}
