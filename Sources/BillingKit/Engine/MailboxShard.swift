/// A part of the mailbox: the commands of some customers that wait, and what is remembered of those customers.
final class MailboxShard: Sendable {
    private struct State {
        var commands: [PendingCommand] = []
        var isWorking = false
        var phase = Mailbox.Phase.open
        var waitingForEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private enum Refusal: Error {
        case closed
        case full
    }

    /// The fewest commands for which another task is begun while the answers before them are given.
    private static let smallestHandedOver = 32

    let cache: AccountCache
    private let state = Lock(State())
    private let waiting: Mailbox.Waiting
    private let largestGroup: Int
    private let executor: (any TaskExecutor)?
    private let processor: CommandProcessor

    init(
        waiting: Mailbox.Waiting,
        largestGroup: Int,
        cache: AccountCache,
        executor: (any TaskExecutor)?,
        processor: CommandProcessor
    ) {
        self.waiting = waiting
        self.largestGroup = largestGroup
        self.cache = cache
        self.executor = executor
        self.processor = processor
    }

    /// Adds a command, which is answered in any case.
    func add(_ command: PendingCommand) {
        do throws(Refusal) {
            if try append(command) {
                Task.detached(executorPreference: executor) { await self.work() }
            }
        } catch {
            command.answer(.failure(self.error(for: error)))
        }
    }

    /// Adds a command, and returns whether somebody has to begin working.
    private func append(_ command: PendingCommand) throws(Refusal) -> Bool {
        try state.withLock { (state) throws(Refusal) in
            switch state.phase {
            case .open: break
            case .draining: guard command.isOfBegunWork else { throw .closed }
            case .closed: throw .closed
            }
            guard waiting.add(evenIfFull: command.isOfBegunWork) else { throw .full }
            state.commands.append(command)
            defer { state.isWorking = true }
            return !state.isWorking
        }
    }

    /// Changes what is accepted.
    func enter(_ phase: Mailbox.Phase) {
        state.withLock { $0.phase = phase }
    }

    /// Returns when everything that waited has been answered.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.isWorking { state.waitingForEmpty.append(continuation) }
                return !state.isWorking
            }
            if isEmpty { continuation.resume() }
        }
    }

    private func work() async {
        while let group = nextGroup() {
            let isHandedOver = await processor.process(group, with: cache) { self.handOver() }
            if isHandedOver { return }
            // Whoever was answered comes back first, if it will: then the next group is theirs together.
            await Task.yield()
        }
    }

    /// Lets another task go on with what waits, if anything does, while this one gives its answers.
    private func handOver() -> Bool {
        guard state.withLock({ $0.commands.count >= Self.smallestHandedOver }) else { return false }
        Task.detached(executorPreference: executor) { await self.work() }
        return true
    }

    private func nextGroup() -> [PendingCommand]? {
        let (group, finished) = state.withLock { state -> ([PendingCommand]?, [CheckedContinuation<Void, Never>]) in
            guard !state.commands.isEmpty else {
                state.isWorking = false
                defer { state.waitingForEmpty = [] }
                return (nil, state.waitingForEmpty)
            }
            let count = state.commands.count
            guard count > largestGroup else {
                defer {
                    state.commands = []
                    state.commands.reserveCapacity(count)
                }
                return (state.commands, [])
            }
            let group = Array(state.commands.prefix(largestGroup))
            state.commands.removeFirst(largestGroup)
            return (group, [])
        }
        for continuation in finished { continuation.resume() }
        if let group { waiting.remove(group.count) }
        return group
    }

    private func error(for refusal: Refusal) -> BillingError {
        switch refusal {
        case .closed:
            BillingError(.shutDown, "The billing system has been shut down; nothing of this command was done.")
        case .full:
            BillingError(
                .overloaded,
                "\(waiting.capacity) commands are waiting, which is the most; nothing of this one was done. "
                    + "Try again later."
            )
        }
    }
}
