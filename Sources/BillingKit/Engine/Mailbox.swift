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
        let answer: CheckedContinuation<Account.Answer, any Error>
    }

    private struct State {
        var items: [Item] = []
        var isWorking = false
        var isClosed = false
        var waitingForEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private enum Refusal: Error {
        case closed
        case full
    }

    private let state = Lock(State())
    private let capacity: Int
    private let largestGroup: Int
    private let process: @Sendable ([Item]) async -> Void

    /// Creates a mailbox.
    ///
    /// - Parameters:
    ///   - capacity: The most commands that may wait.
    ///   - largestGroup: The most commands that are processed together.
    ///   - process: Answers every item of a group.
    init(capacity: Int, largestGroup: Int, process: @escaping @Sendable ([Item]) async -> Void) {
        self.capacity = capacity
        self.largestGroup = largestGroup
        self.process = process
    }

    /// Has a command processed and returns its answer.
    ///
    /// Once it waits, it is processed whole even when the calling task is cancelled.
    func answer(to command: Account.Command, for customer: CustomerID, lease: DeliveryLease? = nil) async throws
        -> Account.Answer
    {
        try await withCheckedThrowingContinuation { continuation in
            let item = Item(customer: customer, command: command, lease: lease, answer: continuation)
            do throws(Refusal) {
                if try add(item) { Task.detached { await self.work() } }
            } catch {
                continuation.resume(throwing: self.error(for: error))
            }
        }
    }

    /// Accepts nothing more, and returns when everything that waited has been answered.
    func close() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                state.isClosed = true
                if state.isWorking { state.waitingForEmpty.append(continuation) }
                return !state.isWorking
            }
            if isEmpty { continuation.resume() }
        }
    }

    /// Adds an item, and returns whether somebody has to begin working.
    private func add(_ item: Item) throws(Refusal) -> Bool {
        try state.withLock { (state) throws(Refusal) in
            guard !state.isClosed else { throw .closed }
            guard state.items.count < capacity else { throw .full }
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
