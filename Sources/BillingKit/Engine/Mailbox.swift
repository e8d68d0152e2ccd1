import Synchronization

/// Where commands wait for their turn.
///
/// Customers are spread over shards, and each shard works through what waits in it by itself: everything that is there
/// when a group begins goes into it, so the more there is to do the more of it shares one transaction. At any time at
/// most one task works through a shard, so commands on one account are decided one after the other.
final class Mailbox: Sendable {
    /// What is still accepted.
    enum Phase {
        /// Everything.
        case open
        /// What belongs to work that has begun, and nothing that begins.
        case draining
        /// Nothing.
        case closed

        /// Returns whether a command is accepted.
        func accepts(_ command: Account.Command) -> Bool {
            switch self {
            case .open: true
            case .draining: command.isOfBegunWork
            case .closed: false
            }
        }
    }

    private let shards: [MailboxShard]
    private let waiting: Waiting
    private let openWork = Lock(0)
    private let workDidEnd = Wakeup()

    /// The number of commands that wait, in all shards together, and the most that may.
    final class Waiting: Sendable {
        let capacity: Int
        private let count = Atomic(0)
        private let unanswered = Atomic(0)

        init(capacity: Int) {
            self.capacity = capacity
        }

        var number: Int { count.load(ordering: .relaxed) }

        /// Adds one, and returns whether there was room; where there is none it is added all the same if it must be.
        func add(evenIfFull mustFit: Bool) -> Bool {
            let (before, _) = count.add(1, ordering: .relaxed)
            guard before >= capacity, !mustFit else { return true }
            remove(1)
            return false
        }

        func remove(_ number: Int) {
            count.subtract(number, ordering: .relaxed)
        }

        /// Notes that commands wait again that a group had taken, and that will be answered with another one.
        func putBack(_ number: Int) {
            count.add(number, ordering: .relaxed)
            unanswered.add(number, ordering: .relaxed)
        }

        /// Notes that a command has been accepted, and returns whether every other one has been answered.
        func begin() -> Bool {
            unanswered.add(1, ordering: .relaxed).oldValue == 0
        }

        /// Notes that commands have been answered.
        func end(_ number: Int) {
            unanswered.subtract(number, ordering: .relaxed)
        }

        /// The commands that wait for their group.
        var current: Int { count.load(ordering: .relaxed) }

        /// Whether there is one command to be answered at most.
        var isQuiet: Bool { unanswered.load(ordering: .relaxed) <= 1 }
    }

    /// Creates a mailbox.
    ///
    /// - Parameters:
    ///   - capacity: The most commands that may wait.
    ///   - largestGroup: The most commands that are processed together.
    ///   - smallestHandedOver: The fewest waiting commands that are begun with while the answers before them are given.
    ///   - cachedBytes: The most bytes of accounts that are remembered.
    ///   - shardCount: The number of shards, 1 or more.
    ///   - executor: Where groups are processed; anywhere when it is `nil`.
    ///   - lentExecutor: Where a command is processed that is the only one to be answered.
    ///   - processor: Who processes them.
    init(
        capacity: Int,
        largestGroup: Int,
        smallestHandedOver: Int,
        cachedBytes: Int,
        shardCount: Int,
        executor: (any TaskExecutor)?,
        lentExecutor: (any TaskExecutor)?,
        processor: CommandProcessor
    ) {
        let waiting = Waiting(capacity: capacity)
        self.waiting = waiting
        shards = (0..<shardCount).map { _ in
            MailboxShard(
                waiting: waiting,
                largestGroup: largestGroup,
                smallestHandedOver: smallestHandedOver,
                cache: AccountCache(capacity: cachedBytes / shardCount),
                executor: executor,
                lentExecutor: lentExecutor,
                processor: processor
            )
        }
    }

    /// The bytes of what is remembered, in all shards together.
    var rememberedBytes: Int { shards.reduce(0) { $0 + $1.cache.bytes } }

    /// The number of commands that wait and that nobody works on yet.
    var waitingCommands: Int { waiting.number }

    /// Has a command processed and returns its answer.
    ///
    /// Once it waits, it is processed whole even when the calling task is cancelled. A name that no customer can have does
    /// not come so far.
    func answer(
        to command: Account.Command,
        for customer: CustomerID,
        lease: DeliveryLease? = nil,
        examination: CommandProcessor.Examination? = nil
    ) async throws -> Account.Answer {
        try customer.validate()
        let shard = shard(of: customer)
        return try await withCheckedThrowingContinuation { caller in
            shard.add(
                PendingCommand(command, for: customer, lease: lease, examination: examination, caller: caller)
            )
        }
    }

    /// The commands that wait, in all shards together.
    var waitingCount: Int { waiting.current }

    /// Returns whether a command is accepted that does not wait here, because it is part of somebody else's transaction.
    func accepts(_ command: Account.Command, for customer: CustomerID) -> Bool {
        shard(of: customer).accepts(command)
    }

    /// What is remembered of a customer's account, and where more can be.
    func cache(of customer: CustomerID) -> AccountCache {
        shard(of: customer).cache
    }

    private func shard(of customer: CustomerID) -> MailboxShard {
        // Not the standard library's hash, which is another one in each process: a run that is made anew has to put
        // the same customers together.
        shards[Int(UInt64(bitPattern: FNV1a(customer.rawValue).value) % UInt64(shards.count))]
    }

    /// Notes that a piece of work has begun whose end will come.
    func workBegan() {
        openWork.withLock { $0 += 1 }
    }

    /// Notes that the end of a piece of work has been answered.
    func workEnded() {
        openWork.withLock { $0 -= 1 }
        workDidEnd.wake()
    }

    private var hasOpenWork: Bool { openWork.withLock { $0 > 0 } }

    /// Accepts no beginnings any more, waits for the ends of the work that has begun, then accepts nothing, and returns
    /// when everything that waited has been answered.
    ///
    /// - Parameters:
    ///   - limit: How long to wait for work at most.
    ///   - clock: The clock that the wait goes by.
    func drain(atMost limit: Duration, by clock: any BillingClock) async {
        for shard in shards { shard.enter(.draining) }
        // By how long is slept and not by what the clock says: that may be set back meanwhile.
        if hasOpenWork {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await clock.sleep(for: limit) }
                group.addTask {
                    while self.hasOpenWork, !Task.isCancelled { await self.workDidEnd.wait() }
                }
                await group.next()
                group.cancelAll()
            }
        }
        for shard in shards { shard.enter(.closed) }
        for shard in shards { await shard.waitUntilEmpty() }
    }
}

extension BillingSystem {
    /// The commands that wait for their group.
    package var waitingCount: Int { mailbox.waitingCount }
}
