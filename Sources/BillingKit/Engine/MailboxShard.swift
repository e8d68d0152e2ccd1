/// A part of the mailbox: the commands of some customers that wait, and what is remembered of those customers.
final class MailboxShard: Sendable {
    private struct State {
        var commands: [PendingCommand] = []
        /// Whether a task takes groups.
        var isWorking = false
        /// The tasks that have let another one go on and still give their answers, or wait for their turn at an account.
        var answering = 0
        /// The commands that have come for customers of whom others wait for their turn at the account.
        var inTurns: [CustomerID: [PendingCommand]] = [:]
        var phase = Mailbox.Phase.open
        var waitingForEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private enum Refusal: Error {
        case closed
        case full
    }

    let cache: AccountCache
    private let state = Lock(State())
    private let waiting: Mailbox.Waiting
    private let largestGroup: Int
    /// The fewest waiting commands for which another task is begun while the answers before them are given.
    private let smallestHandedOver: Int
    private let executor: (any TaskExecutor)?
    private let lentExecutor: (any TaskExecutor)?
    private let processor: CommandProcessor

    init(
        waiting: Mailbox.Waiting,
        largestGroup: Int,
        smallestHandedOver: Int,
        cache: AccountCache,
        executor: (any TaskExecutor)?,
        lentExecutor: (any TaskExecutor)?,
        processor: CommandProcessor
    ) {
        self.waiting = waiting
        self.largestGroup = largestGroup
        self.smallestHandedOver = smallestHandedOver
        self.cache = cache
        self.executor = executor
        self.lentExecutor = lentExecutor
        self.processor = processor
    }

    /// Adds a command, which is answered in any case.
    func add(_ command: PendingCommand) {
        do throws(Refusal) {
            if let isLone = try append(command) { beginWorking(onLent: isLone) }
        } catch {
            command.answer(.failure(self.error(for: error)))
        }
    }

    /// Adds a command, and where somebody has to begin working returns whether it is the only one to be answered.
    private func append(_ command: PendingCommand) throws(Refusal) -> Bool? {
        try state.withLock { (state) throws(Refusal) in
            guard state.phase.accepts(command.command) else { throw .closed }
            guard waiting.add(evenIfFull: command.command.isOfBegunWork) else { throw .full }
            let isLone = waiting.begin()
            guard state.inTurns.isEmpty || state.inTurns[command.customer] == nil else {
                state.inTurns[command.customer]?.append(command)
                return nil
            }
            state.commands.append(command)
            defer { state.isWorking = true }
            return state.isWorking ? nil : isLone
        }
    }

    /// Returns whether a command is accepted, be there room for it or not.
    func accepts(_ command: Account.Command) -> Bool {
        state.withLock(\.phase).accepts(command)
    }

    /// Changes what is accepted.
    func enter(_ phase: Mailbox.Phase) {
        state.withLock { $0.phase = phase }
    }

    /// Returns when everything that waited has been answered.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                let isEmpty = !state.isWorking && state.answering == 0
                if !isEmpty { state.waitingForEmpty.append(continuation) }
                return isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    /// Takes in that a task has done its last, and tells who waits for that, if it was the last of all.
    private func leave(_ note: (inout State) -> Void) {
        let finished = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            note(&state)
            guard !state.isWorking, state.answering == 0 else { return [] }
            defer { state.waitingForEmpty = [] }
            return state.waitingForEmpty
        }
        for continuation in finished { continuation.resume() }
    }

    /// Begins a task that takes groups, on the lent executor as long as that is for one command after the other.
    private func beginWorking(onLent isLent: Bool) {
        let isLent = isLent && lentExecutor != nil
        Task.detached(executorPreference: isLent ? lentExecutor : executor) { await self.work(onLent: isLent) }
    }

    private func work(onLent isLent: Bool) async {
        while true {
            // What is lent is needed by its owner, who would wait for all that is decided there.
            if isLent, !waiting.isQuiet { return beginWorking(onLent: false) }
            guard let group = nextGroup() else { return }
            let isHandedOver = await processor.process(
                group,
                with: cache,
                setApart: { self.setApart($0) },
                handOver: { self.handOver() }
            )
            waiting.end(group.count)
            if isHandedOver { return leave { $0.answering -= 1 } }
            if isLent { continue }
            // Whoever was answered comes back first, if it will: then the next group is theirs together.
            await Task.yield()
        }
    }

    /// Lets commands wait for their turn at an account that others write to, with whatever comes for it meanwhile.
    private func setApart(_ batch: CommandProcessor.Batch) {
        let customer = batch.customer
        let first = state.withLock { state -> CommandProcessor.Batch? in
            let isFirst = state.inTurns[customer] == nil
            // An examination has a turn of its own, and what follows it keeps its order. Whoever has turns already takes
            // these too.
            let rest = isFirst ? batch.commands[batch.endOfFirst...] : batch.commands
            waiting.putBack(rest.count)
            let later = state.inTurns[customer] ?? state.commands.filter { $0.customer == customer }
            state.inTurns[customer] = Array(rest) + later
            guard isFirst else { return nil }
            state.answering += 1
            state.commands.removeAll { $0.customer == customer }
            cache.beginTurns(of: customer)
            var first = batch
            first.commands = batch.commands[..<batch.endOfFirst]
            return first
        }
        guard let first else { return }
        let queue = CommandProcessor.TurnQueue(
            join: { self.join(customer, atMost: $0) },
            goOn: { self.goOnInTurns(of: customer, after: $0, isQuiet: $1) },
            largestGroup: largestGroup
        )
        Task.detached(executorPreference: executor) {
            await self.processor.processInTurns(first, from: queue)
            self.leave { $0.answering -= 1 }
        }
    }

    /// Returns what has come for a customer whose turn begins.
    private func join(_ customer: CustomerID, atMost limit: Int) -> [PendingCommand] {
        let taken = state.withLock { state -> [PendingCommand] in
            guard let commands = state.inTurns[customer] else { return [] }
            let taken = Array(commands.prefix { $0.examination == nil }.prefix(max(0, limit)))
            state.inTurns[customer]?.removeFirst(taken.count)
            return taken
        }
        if !taken.isEmpty {
            waiting.remove(taken.count)
            waiting.end(taken.count)
        }
        return taken
    }

    /// Returns whether a customer's commands go on waiting for their turn; otherwise they go with the groups again.
    private func goOnInTurns(of customer: CustomerID, after latest: AccountCache.Memory?, isQuiet: Bool) -> Bool {
        let (goesOn, isToBegin) = state.withLock { state -> (Bool, Bool) in
            let commands = state.inTurns[customer] ?? []
            // An examination needs no turn as long as it finds nothing.
            if let first = commands.first, first.examination == nil, !isQuiet { return (true, false) }
            // All of this at once: a group that begins after it finds the account as the last turn has left it.
            state.inTurns[customer] = nil
            cache.endTurns(of: customer, with: latest)
            state.commands += commands
            defer { state.isWorking = state.isWorking || !commands.isEmpty }
            return (false, !state.isWorking && !commands.isEmpty)
        }
        if isToBegin { beginWorking(onLent: false) }
        return goesOn
    }

    /// Lets another task go on with what waits, if anything does, while this one gives its answers.
    private func handOver() -> Bool {
        let hasEnough = state.withLock { state in
            guard state.commands.count >= smallestHandedOver else { return false }
            state.answering += 1
            return true
        }
        guard hasEnough else { return false }
        beginWorking(onLent: false)
        return true
    }

    private func nextGroup() -> [PendingCommand]? {
        let group = state.withLock { state -> [PendingCommand]? in
            guard !state.commands.isEmpty else {
                state.isWorking = false
                return nil
            }
            let count = state.commands.count
            guard count > largestGroup else {
                defer {
                    state.commands = []
                    state.commands.reserveCapacity(count)
                }
                return state.commands
            }
            let group = Array(state.commands.prefix(largestGroup))
            state.commands.removeFirst(largestGroup)
            return group
        }
        if let group { waiting.remove(group.count) } else { leave { _ in } }
        return group
    }

    private func error(for refusal: Refusal) -> BillingError {
        switch refusal {
        case .closed: .shutDown
        case .full:
            BillingError(
                .overloaded,
                "\(waiting.capacity) commands are waiting, which is the most; nothing of this one was done. "
                    + "Try again later."
            )
        }
    }
}
