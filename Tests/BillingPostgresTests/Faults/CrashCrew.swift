#if Postgres
import BillingKit
import BillingPostgres
import CrashTesting
import Testing

/// Tasks that work on one system while its database is killed, over and over.
actor CrashCrew {
    /// A step that was not answered, and what its caller was told instead.
    struct Failure {
        let task: Int
        let number: Int
        let error: any Error

        var code: StoreError.Code? { (error as? StoreError)?.code }
    }

    private static let tasks = 8

    /// The steps of each task, in order, that were acknowledged.
    private(set) var done = [[CrashStep]](repeating: [], count: tasks)
    /// The faults of this round.
    private(set) var failures: [Failure] = []
    private let billing: BillingSystem
    private var isEnding = false
    private var atWork = 0
    private var acknowledgedInRound = 0
    private var moment: (count: Int, waiter: CheckedContinuation<Void, Never>)?

    init(_ billing: BillingSystem) {
        self.billing = billing
    }

    var acknowledged: Int { done.reduce(0) { $0 + $1.count } }

    /// Lets all work, strikes once so many steps have been acknowledged, and returns when everybody has had an answer
    /// after that, or an error.
    func work(untilStruckAfter count: Int, _ strike: @Sendable () async throws -> Void) async throws {
        (failures, isEnding, acknowledgedInRound, atWork) = ([], false, 0, Self.tasks)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<Self.tasks { group.addTask { await self.work(task) } }
            await withCheckedContinuation { moment = (count, $0) }
            defer { isEnding = true }
            try await strike()
            isEnding = true
            try await group.waitForAll()
        }
    }

    private func work(_ task: Int) async {
        var isStruck = false
        while !isStruck {
            let number = done[task].count
            isStruck = isEnding
            do {
                let step = try await CrashWorker(task, on: billing).perform(number)
                note(step)
            } catch {
                failures.append(Failure(task: task, number: number, error: error))
                break
            }
        }
        atWork -= 1
        beginIfItIsTime()
    }

    /// Does for each task the step that it is at.
    func goOn() async {
        await withTaskGroup(of: Void.self) { group in
            for (task, steps) in done.enumerated() {
                group.addTask { [billing] in
                    do {
                        await self.note(try await CrashWorker(task, on: billing).perform(steps.count))
                    } catch {
                        Issue.record("\(task)-\(steps.count), asked for again: \(error)")
                    }
                }
            }
        }
    }

    private func note(_ step: CrashStep) {
        done[step.task].append(step)
        acknowledgedInRound += 1
        beginIfItIsTime()
    }

    private func beginIfItIsTime() {
        guard let (count, waiter) = moment, acknowledgedInRound >= count || atWork == 0 else { return }
        moment = nil
        waiter.resume()
    }

    /// Looks at what is there while nobody works: what was acknowledged, once, and of the rest only what was in work and
    /// was not told to be unwritten.
    ///
    /// - Returns: How many steps are there that nobody has been told of.
    func audit(_ store: PostgresStore, without others: Set<Account.Key> = []) async throws -> Int {
        let audit = try await Audit(of: store, store.checkIntegrity(), customers: CrashWorker.customers)
        #expect(audit.faults.isEmpty, "\(audit.faults)")
        for step in done.joined() where !step.isThere(in: audit) { Issue.record("\(step) is not there") }
        let more = audit.keys.subtracting(done.joined().map(\.key))
        let inWork = Set(done.enumerated().flatMap { CrashWorker.keys(ofStep: $1.count, of: $0) })
        #expect(more.isSubset(of: inWork), "\(more.subtracting(inWork)) is what nobody asked for")
        for failure in failures {
            let said: Comment = "\(failure.task)-\(failure.number): \(failure.error)"
            let code = try #require(failure.code, said)
            #expect([.connectionLost, .outcomeUnknown].contains(code), said)
            #expect("\(failure.error)".contains("PostgreSQL"), said)
            guard code == .connectionLost else { continue }
            let keys = CrashWorker.keys(ofStep: failure.number, of: failure.task)
            // Work is two commands, and the first of them may have been answered.
            let written = audit.changes.values.flatMap(\.values).filter { keys.contains($0.key ?? "") }
            #expect(written.allSatisfy { $0.kind == .reserve }, said)
        }
        return more.count
    }
}
#endif
