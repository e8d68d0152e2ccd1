/// Where commands wait for their turn.
///
/// Everything that is waiting when a group begins goes into it, so the more there is to do the more of it
/// shares one transaction. At any time at most one task works through the mailbox.
final class Mailbox: Sendable {
    /// One command and who waits for its answer.
    struct Item: Sendable {
        let customer: CustomerID
        let command: Account.Command
        /// The delivery whose effect the command is.
        let lease: DeliveryLease?
        /// What the account is held against, where it is to be examined or mended.
        let examination: CommandProcessor.Examination?
        let answer: CheckedContinuation<Account.Answer, any Error>

        /// Whether it belongs to work that has begun.
        ///
        /// That is never refused while anything is accepted: the work is done, or goes on.
        var isOfBegunWork: Bool {
            switch command.action {
            case .capture, .release, .extend: true
            default: false
            }
        }
    }

    /// What is still accepted.
    private enum Phase {
        /// Everything.
        case open
        /// What belongs to work that has begun, and nothing that begins.
        case draining
        /// Nothing.
        case closed
    }

    private struct State {
        var items: [Item] = []
        var isWorking = false
        var phase = Phase.open
        var openWork = 0
        var waitingForEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private enum Refusal: Error {
        case closed
        case full
    }

    private let state = Lock(State())
    private let workDidEnd = Wakeup()
    private let capacity: Int
    private let largestGroup: Int
    private let executor: (any TaskExecutor)?
    private let process: @Sendable ([Item]) async -> Void

    /// Creates a mailbox.
    ///
    /// - Parameters:
    ///   - capacity: The most commands that may wait.
    ///   - largestGroup: The most commands that are processed together.
    ///   - executor: Where the mailbox is worked through; wherever tasks run when left out.
    ///   - process: Answers every item of a group.
    init(
        capacity: Int,
        largestGroup: Int,
        executor: (any TaskExecutor)? = nil,
        process: @escaping @Sendable ([Item]) async -> Void
    ) {
        self.capacity = capacity
        self.largestGroup = largestGroup
        self.executor = executor
        self.process = process
    }

    /// Has a command processed and returns its answer.
    ///
    /// Once it waits, it is processed whole even when the calling task is cancelled.
    func answer(
        to command: Account.Command,
        for customer: CustomerID,
        lease: DeliveryLease? = nil,
        examination: CommandProcessor.Examination? = nil
    ) async throws -> Account.Answer {
        try await withCheckedThrowingContinuation { continuation in
            let item = Item(
                customer: customer,
                command: command,
                lease: lease,
                examination: examination,
                answer: continuation
            )
            do throws(Refusal) {
                if try add(item) { Task.detached(executorPreference: executor) { await self.work() } }
            } catch {
                continuation.resume(throwing: self.error(for: error))
            }
        }
    }

    /// Notes that a piece of work has begun whose end will come.
    func workBegan() {
        state.withLock { $0.openWork += 1 }
    }

    /// Notes that the end of a piece of work has been answered.
    func workEnded() {
        state.withLock { $0.openWork -= 1 }
        workDidEnd.wake()
    }

    /// Accepts no beginnings any more, waits for the ends of the work that has begun, then accepts nothing.
    ///
    /// - Parameters:
    ///   - limit: How long to wait for work at most.
    ///   - clock: The clock that the wait goes by.
    func drain(atMost limit: Duration, by clock: any BillingClock) async {
        state.withLock { $0.phase = .draining }
        let deadline = clock.now().advanced(by: limit)
        while state.withLock({ $0.openWork > 0 }), clock.now() < deadline {
            await workDidEnd.wait(atMost: deadline.duration(since: clock.now()), by: clock)
        }
        await close()
    }

    /// Accepts nothing more, and returns when everything that waited has been answered.
    private func close() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                state.phase = .closed
                if state.isWorking { state.waitingForEmpty.append(continuation) }
                return !state.isWorking
            }
            if isEmpty { continuation.resume() }
        }
    }

    /// Adds an item, and returns whether somebody has to begin working.
    private func add(_ item: Item) throws(Refusal) -> Bool {
        try state.withLock { (state) throws(Refusal) in
            switch state.phase {
            case .open:
                guard item.isOfBegunWork || state.items.count < capacity else { throw .full }
            case .draining:
                guard item.isOfBegunWork else { throw .closed }
            case .closed:
                throw .closed
            }
            state.items.append(item)
            defer { state.isWorking = true }
            return !state.isWorking
        }
    }

    private func work() async {
        while let group = nextGroup() {
            await process(group)
        }
    }

    private func nextGroup() -> [Item]? {
        let (group, finished) = state.withLock { state -> ([Item]?, [CheckedContinuation<Void, Never>]) in
            guard !state.items.isEmpty else {
                state.isWorking = false
                defer { state.waitingForEmpty = [] }
                return (nil, state.waitingForEmpty)
            }
            let group = Array(state.items.prefix(largestGroup))
            state.items.removeFirst(group.count)
            return (group, [])
        }
        for continuation in finished { continuation.resume() }
        return group
    }

    private func error(for refusal: Refusal) -> BillingError {
        switch refusal {
        case .closed:
            BillingError(.shutDown, "The billing system has been shut down; nothing of this command was done.")
        case .full:
            BillingError(
                .overloaded,
                "\(capacity) commands are waiting, which is the most; nothing of this one was done. Try again later."
            )
        }
    }
}
