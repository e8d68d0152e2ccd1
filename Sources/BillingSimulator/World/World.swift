import BillingKit

/// Customers, servers and a store, and what happens to them, all from one seed.
///
/// Everything runs on the thread that calls ``run()``. Between any two steps of the executor the world may let
/// something happen: a customer asks, a server goes down, a clock jumps, time passes.
struct World {
    /// A request on its way.
    struct Call {
        let number: Int
        let request: Request
        let server: Int
        let life: Int
        /// Whether its key had been used up when it was sent.
        let isRepeat: Bool
        let task: Task<Void, Never>
    }

    /// Where the tasks of calls leave their answers.
    final class Answers: Sendable {
        private let answers = Lock<[(number: Int, answer: Answer)]>([])

        func add(_ answer: Answer, to number: Int) {
            answers.withLock { $0.append((number, answer)) }
        }

        func takeAll() -> [(number: Int, answer: Answer)] {
            answers.withLock { answers in
                defer { answers = [] }
                return answers
            }
        }
    }

    private static let mostOpenCalls = 6
    private static let mostRounds = 24
    /// Far more than any world takes that comes to rest.
    private static let mostSteps = 2_000_000

    let executor: SeededExecutor
    let chronicle: Chronicle
    private let catalog: Catalog
    private let base: any BillingStore
    private let time = WorldTime(from: Shop.opening)
    private let answers = Answers()
    private let mostRequests: Int
    private var dice: Dice
    private var customers: Customers
    private var servers: [Server] = []
    private var calls: [Call] = []
    private var nextCall = 0
    private var nextLife = 0
    /// What was asked and not answered, and is to be asked again.
    private var unanswered: [Request] = []

    init(seed: UInt64, requests: Int, on base: any BillingStore, catalog: Catalog) {
        var dice = Dice(seed: seed, for: "world")
        executor = SeededExecutor(seed: seed)
        chronicle = Chronicle(
            seed: seed,
            catalog: catalog,
            hazards: .drawn(with: &dice),
            executor: executor
        )
        self.catalog = catalog
        self.base = base
        mostRequests = requests
        customers = Customers(count: 1 + dice.below(3), dice: Dice(seed: seed, for: "customers"))
        self.dice = dice
    }

    private var isBroken: Bool { chronicle.violation != nil }

    /// Lets the world live, first with all that goes wrong, then without, until everything is at rest.
    mutating func run() {
        for number in 0..<(2 + dice.below(2)) { servers.append(newServer(number)) }
        live()
        if !isBroken { recover() }
        if !isBroken { rest() }
        if !isBroken { end() }
        if executor.strays > 0 { fail(.everyoneIsAnswered, "\(executor.strays) steps came from another thread.") }
        // Whatever was left behind ends here, so that nothing of this world is left in the process.
        for server in servers { server.crash() }
        executor.runUntilQuiet()
    }

    private func fail(_ invariant: Invariant, _ detail: String) {
        chronicle.audit { (_) throws(Violation) in throw Violation(invariant, detail) }
    }

    // MARK: Life

    /// The time in which things go wrong.
    private mutating func live() {
        while !isBroken, customers.requests < mostRequests || !calls.isEmpty {
            happen()
            if customers.requests < mostRequests, calls.count < Self.mostOpenCalls, dice.happens(60) { ask() }
            if step() { continue }
            if customers.requests < mostRequests, dice.happens(500) {
                ask()
            } else if !goOn() {
                return
            }
        }
    }

    /// Runs one step, and hears who has been answered with it.
    private mutating func step() -> Bool {
        guard executor.step() else { return false }
        if executor.steps > Self.mostSteps { fail(.everyoneIsAnswered, "The world does not come to rest.") }
        hear()
        return true
    }

    /// Lets time pass where nothing can run, and returns whether there is anything to wait for.
    private mutating func goOn() -> Bool {
        for index in servers.indices where servers[index].life.isOver || servers[index].desk.hasStopped {
            servers[index] = newServer(index)
            return true
        }
        if time.isAnswering {
            time.passToNextAnswer()
            readClocks()
        } else if calls.isEmpty {
            pass(.seconds(dice.pick([1, 30, 600, 7_200, 36_000, 100_000])))
        } else {
            fail(.everyoneIsAnswered, "Nothing can run any more, and \(calls[0].request) waits.")
            return false
        }
        return true
    }

    private mutating func pass(_ duration: Duration) {
        time.pass(duration)
        readClocks()
        chronicle.note("time passes: \(Text.of(duration))")
    }

    private func readClocks() {
        // What a server does by a clock that is far ahead is found out: to the auditor no such time has come.
        let latest = time.now.advanced(by: Server.clockTolerance)
        let readings = servers.filter { !$0.life.isOver }.map { $0.life.now() }.filter { $0 <= latest }
        chronicle.audit { (auditor) throws(Violation) in for reading in readings { auditor.note(reading: reading) } }
    }

    private mutating func newServer(_ number: Int) -> Server {
        nextLife += 1
        let skew = Duration.seconds(dice.pick([0, 0, -2, 3, 45]))
        let life = ServerLife(number: nextLife, time: time, skew: chronicle.hazards.clockJump > 0 ? skew : .zero)
        let server = Server(
            number: number,
            life: life,
            catalog: catalog,
            base: base,
            chronicle: chronicle,
            executor: executor,
            dice: &dice
        )
        let now = life.now()
        chronicle.audit { (auditor) throws(Violation) in auditor.note(reading: now) }
        chronicle.note("s\(number) starts")
        return server
    }

    // MARK: What goes wrong

    /// Lets something go wrong, or not.
    private mutating func happen() {
        let hazards = chronicle.hazards
        if dice.happens(hazards.crash) { crash() }
        if dice.happens(hazards.stop) { stop() }
        if dice.happens(hazards.clockJump) { jump() }
        if dice.happens(hazards.cancellation), let call = dice.pickAny(calls) {
            chronicle.note(.cancellation, "c\(call.number)")
            call.task.cancel()
        }
        if dice.happens(5) {
            for index in servers.indices where servers[index].life.isOver || servers[index].desk.hasStopped {
                servers[index] = newServer(index)
            }
        }
        if dice.happens(2) { pass(.seconds(dice.pick([1, 20, 300]))) }
    }

    private mutating func crash() {
        guard let server = dice.pickAny(servers.filter { !$0.life.isOver && !$0.desk.hasStopped }) else { return }
        chronicle.note(.crash, "s\(server.number)")
        server.crash()
        // What it was asked nobody will hear of: it is asked again.
        for call in calls where call.life == server.life.number {
            chronicle.note("c\(call.number) is lost")
            chronicle.count(call.request.kind, "lost")
            chronicle.audit { (auditor) throws(Violation) in auditor.lost(call.number) }
            unanswered.append(call.request)
        }
        calls.removeAll { $0.life == server.life.number }
    }

    private mutating func stop() {
        let candidates = servers.indices.filter { servers[$0].billing != nil && !servers[$0].isStopping }
        guard let index = dice.pickAny(candidates) else { return }
        chronicle.note(.stop, "s\(index)")
        servers[index].stop()
    }

    private mutating func jump() {
        guard let server = dice.pickAny(servers.filter { !$0.life.isOver }) else { return }
        let skew = Duration.seconds(dice.pick([-3_000, -300, -1, 0, 1, 40, 300, 3_000, 3_456_000]))
        chronicle.note(.clockJump, "s\(server.number) to \(Text.of(skew))")
        server.life.set(skew: skew)
        readClocks()
    }

    // MARK: Requests

    /// Lets a customer ask something, of any server.
    private mutating func ask() {
        let isRetry = !unanswered.isEmpty && dice.happens(350)
        let request: Request
        if isRetry {
            request = unanswered.remove(at: dice.below(unanswered.count))
        } else {
            request = customers.next(inFlight: calls.map(\.request))
        }
        if !send(request) { unanswered.append(request) }
    }

    /// Sends a request to a server that is up, and returns whether there was one.
    private mutating func send(_ request: Request, to wanted: Server? = nil) -> Bool {
        let server = wanted ?? dice.pickAny(servers.filter { $0.billing != nil && !$0.isStopping })
        guard let server, let billing = server.billing else { return false }
        nextCall += 1
        let (number, life, answers) = (nextCall, server.life, answers)
        chronicle.note("c\(number) s\(server.number) \(request)")
        let isRepeat = chronicle.audit { (auditor) throws(Violation) in
            auditor.asked(number, request)
            return auditor.hasRow(of: request.accountKey, for: request.customer)
        }
        let task = Task.detached(executorPreference: executor) {
            answers.add(await request.send(to: billing, on: life), to: number)
        }
        calls.append(
            Call(
                number: number,
                request: request,
                server: server.number,
                life: life.number,
                isRepeat: isRepeat ?? false,
                task: task
            )
        )
        return true
    }

    /// Hears the answers that have come.
    private mutating func hear() {
        for (number, answer) in answers.takeAll() {
            // Nobody hears a server that has gone down.
            guard let index = calls.firstIndex(where: { $0.number == number }) else { continue }
            let call = calls.remove(at: index)
            chronicle.note("c\(number) s\(call.server) answers: \(Text.of(answer))")
            let isRepeat = call.isRepeat && answer.outcome == "applied" && call.request.accountKey != nil
            chronicle.count(call.request.kind, isRepeat ? "repeated" : answer.outcome)
            chronicle.audit { (auditor) throws(Violation) in try auditor.answered(number, answer) }
            if answer.isFinal {
                customers.note(answer, to: call.request)
            } else {
                unanswered.append(call.request)
            }
        }
    }

    // MARK: Rest

    /// The time in which nothing goes wrong any more, and everyone who was not answered asks again.
    private mutating func recover() {
        chronicle.note("healed")
        chronicle.heal()
        for server in servers { server.life.set(skew: .zero) }
        for _ in 0..<Self.mostRounds where !isBroken {
            settleDown()
            let requests = unanswered
            if requests.isEmpty, servers.allSatisfy({ $0.billing != nil && !$0.isStopping }) { return }
            unanswered = []
            for request in requests where !send(request) { unanswered.append(request) }
            settleDown()
            // Work whose server is gone can be taken over when its hold has lapsed.
            if !unanswered.isEmpty { pass(.seconds(1_800)) }
        }
        if !isBroken { fail(.everyoneIsAnswered, "Nobody answers \(unanswered.first.map { "\($0)" } ?? "").") }
    }

    /// Runs until nothing can run any more and nobody waits for an answer.
    private mutating func settleDown() {
        while !isBroken {
            if step() { continue }
            for index in servers.indices where servers[index].life.isOver || servers[index].desk.hasStopped {
                servers[index] = newServer(index)
            }
            if step() { continue }
            if calls.isEmpty, !time.isAnswering { return }
            if !goOn() { return }
        }
    }

    /// Waits until every hold has lapsed and every notice is told, and looks at everything.
    private mutating func rest() {
        for _ in 0..<12 where !isBroken {
            pass(.seconds(6 * 3_600))
            settleDown()
        }
        guard !isBroken else { return }
        chronicle.audit { (auditor) throws(Violation) in try auditor.checkRest() }
        let known = chronicle.audit { (auditor) throws(Violation) in auditor.customers } ?? []
        for customer in known where !isBroken {
            compareJournal(of: customer)
            var first: String?
            for server in servers where !isBroken {
                guard case .findings? = answer(to: Request(looking: .examine, at: customer), by: server),
                    case .standing(let overview)? = answer(to: Request(looking: .overview, at: customer), by: server)
                else { return fail(.everyoneIsAnswered, "s\(server.number) does not answer at rest.") }
                let text = Text.of(overview)
                if let first, first != text {
                    fail(.everyoneIsAnswered, "\(customer) is \(first), or by s\(server.number) \(text).")
                }
                first = text
            }
        }
    }

    /// Sends a request and runs until it is answered.
    private mutating func answer(to request: Request, by server: Server) -> Answer? {
        guard send(request, to: server), let call = calls.popLast() else { return nil }
        while executor.step() {
            guard let answer = answers.takeAll().first?.answer else { continue }
            chronicle.note("c\(call.number) s\(call.server) answers: \(Text.of(answer))")
            chronicle.audit { (auditor) throws(Violation) in try auditor.answered(call.number, answer) }
            return answer
        }
        return nil
    }

    private func compareJournal(of customer: CustomerID) {
        let (base, chronicle) = (base, chronicle)
        Task.detached(executorPreference: executor) {
            var journal: [Account.Change] = []
            do throws(StoreError) {
                while case let page = try await base.journal(
                    JournalQuery(customer: customer, after: Int64(journal.count))
                ), !page.isEmpty { journal += page }
            } catch {
                chronicle.fail(Violation(.journalNeverChanges, "The journal of \(customer) cannot be read: \(error)"))
            }
            let whole = journal
            chronicle.audit { (auditor) throws(Violation) in try auditor.compare(whole, of: customer) }
        }
        executor.runUntilQuiet()
    }

    /// Tells every server to stop, and expects that it does.
    private mutating func end() {
        for index in servers.indices { servers[index].stop() }
        executor.runUntilQuiet()
        for server in servers where !server.desk.hasStopped {
            fail(.everyoneIsAnswered, "s\(server.number) was told to stop, and does not.")
        }
    }
}

extension Request {
    /// Creates a look at a customer, by nobody.
    fileprivate init(looking wish: Wish, at customer: CustomerID) {
        self.init(number: 0, customer: customer, key: nil, wish: wish)
    }
}
