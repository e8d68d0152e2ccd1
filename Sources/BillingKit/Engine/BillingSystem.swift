/// Billing inside a server: the gate, the customers' standing, the way to an upgrade and the provider's
/// webhooks.
///
/// One system serves a whole server. It answers from any task; commands that wait share transactions. Start
/// ``run()`` once beside it, for what happens without being asked.
public final class BillingSystem: Sendable {
    /// What a host may set apart from its catalog, store and provider.
    public struct Configuration: Sendable {
        /// The most commands that may wait; one more is refused.
        ///
        /// The default is 65,536.
        public var mailboxCapacity = 65_536

        /// The most commands that share a transaction.
        ///
        /// The default is 256: beyond it the disk, not the flush, is the limit, and callers wait longer for
        /// nothing.
        public var largestGroup = 256

        /// The most bytes of accounts that are kept in memory.
        ///
        /// The default is 256 MiB, which is more than 100,000 accounts of a few meters: a customer whose account is not
        /// in memory costs one more look into the store. It is reached only where so many are used.
        public var cachedBytes = 268_435_456

        /// The number of parts that customers are spread over, each of which is worked through by itself.
        ///
        /// The default, `nil`, is what the store holds best: 8 in memory, 4 on a database. More of them use more processors;
        /// with fewer, what waits at once shares a transaction sooner.
        public var shardCount: Int?

        /// The fewest waiting commands that are begun with while the answers before them are given, 1 or more; for fewer it
        /// costs more than it saves.
        package var smallestHandedOver = 32

        /// Where groups of commands are processed; anywhere when it is `nil`.
        package var executor: (any TaskExecutor)?

        /// How long the work on one webhook may take before another worker takes over.
        ///
        /// The default is a minute.
        public var deliveryLease = Duration.seconds(60)

        /// The longest time between two looks for failed webhooks and notices that are due.
        ///
        /// The default is five seconds.
        public var pollInterval = Duration.seconds(5)

        /// The longest time between two looks for accounts at which something is due by time alone: how late a notice
        /// of it comes at most, where there are not very many at once.
        ///
        /// The default is ten seconds; less than 10 milliseconds counts as that, more than a day as a day. Nothing but
        /// the notices and the journal waits for it: what ends has ended for every answer at once.
        public var sweepInterval = Duration.seconds(10)

        /// How long ``BillingSystem/run()`` waits at most, when it is cancelled, for metered work that is going on.
        ///
        /// The default is 30 seconds.
        public var drainLimit = Duration.seconds(30)

        /// How far this server's clock may be ahead of the store's own, where the store has one: PostgreSQL does.
        ///
        /// The default is five minutes, at least a second. Beyond it nothing is done, and every call that memory
        /// does not answer fails with ``StoreError/Code/clockAhead``, until the clock is right: by a clock far ahead, what a customer has would be over
        /// for good. A clock that is behind does no harm. Only clocks that tell the world's time are held against the
        /// store's, see ``BillingClock/tellsWorldTime``.
        public var clockTolerance = Duration.seconds(300)

        /// Creates the defaults.
        public init() {}

        /// The configuration with every number within its bounds.
        var bounded: Configuration {
            var bounded = self
            bounded.mailboxCapacity = max(1, mailboxCapacity)
            bounded.largestGroup = max(1, largestGroup)
            bounded.cachedBytes = max(1, cachedBytes)
            bounded.shardCount = shardCount.map { max(1, $0) }
            bounded.deliveryLease = max(.seconds(1), deliveryLease)
            bounded.pollInterval = max(.milliseconds(10), pollInterval)
            bounded.sweepInterval = min(max(.milliseconds(10), sweepInterval), .seconds(86_400))
            bounded.drainLimit = max(.zero, drainLimit)
            bounded.clockTolerance = max(.seconds(1), clockTolerance)
            return bounded
        }
    }

    /// The current catalog.
    public let catalog: Catalog

    /// The way in for the provider's webhooks.
    public let webhooks: WebhookInbox

    let store: any BillingStore
    let clock: ConfirmedClock
    let entropy: any BillingEntropy
    let mailbox: Mailbox
    let processor: CommandProcessor
    let notices: NoticeDispatcher
    let sweeper: Sweeper
    let configuration: Configuration

    /// Creates a system and checks that its parts agree.
    ///
    /// - Parameters:
    ///   - catalog: The current catalog. Its version is kept in the store.
    ///   - store: Where everything is kept.
    ///   - provider: The payment provider, or `nil` for a host that has none yet.
    ///   - observers: Who is told of notices while ``run()`` runs.
    ///   - clock: Where the time comes from.
    ///   - entropy: Where chance comes from.
    ///   - configuration: What else may be set.
    /// - Throws: ``StoreError``, with `clockAhead` when the clock is far ahead of the store's; ``BillingError`` when the
    ///   store has another catalog under this version, or
    ///   when a product of the provider stands for a tier or a pack that no catalog has had.
    public init(
        catalog: Catalog,
        store: any BillingStore,
        provider: (any BillingProvider)? = nil,
        observers: [any BillingObserver] = [],
        clock: any BillingClock = SystemClock(),
        entropy: any BillingEntropy = SystemEntropy(),
        configuration: Configuration = Configuration()
    ) async throws {
        let configuration = configuration.bounded
        let clock = try await ConfirmedClock(clock, of: store, tolerance: configuration.clockTolerance)
        for tier in (provider?.tiers ?? []).sorted() where catalog.tier(tier) == nil {
            try await Self.expectEarlier("tier '\(tier)'", before: catalog.version, in: store) { $0.tier(tier) != nil }
        }
        for pack in (provider?.packs ?? []).sorted() where catalog.pack(pack) == nil {
            try await Self.expectEarlier("pack '\(pack)'", before: catalog.version, in: store) { $0.pack(pack) != nil }
        }
        guard try await store.keep(catalog) == catalog else {
            throw BillingError(
                .catalogConflict,
                "The store has another catalog under version \(catalog.version); raise the version with every change."
            )
        }
        let notices = NoticeDispatcher(store: store, observers: observers, clock: clock, entropy: entropy)
        let processor = CommandProcessor(
            store: store,
            clock: clock,
            catalogs: CatalogShelf(current: catalog, store: store),
            didCommitNotices: { notices.wake() }
        )
        let mailbox = Mailbox(
            capacity: configuration.mailboxCapacity,
            largestGroup: configuration.largestGroup,
            smallestHandedOver: configuration.smallestHandedOver,
            cachedBytes: configuration.cachedBytes,
            shardCount: configuration.shardCount ?? max(1, store.shardCount),
            executor: configuration.executor,
            lentExecutor: configuration.executor ?? store.executor,
            processor: processor
        )
        self.catalog = catalog
        self.store = store
        self.clock = clock
        self.entropy = entropy
        self.configuration = configuration
        self.notices = notices
        self.processor = processor
        self.mailbox = mailbox
        sweeper = Sweeper(store: store, mailbox: mailbox, clock: clock, entropy: entropy)
        webhooks = WebhookInbox(
            provider: provider,
            store: store,
            mailbox: mailbox,
            clock: clock,
            entropy: entropy,
            lease: configuration.deliveryLease
        )
    }

    /// Makes sure that what the current catalog does not have was sold under an earlier one: its subscriptions go on, and
    /// their product keeps its meaning.
    private static func expectEarlier(
        _ name: String,
        before version: Catalog.Version,
        in store: any BillingStore,
        has: (Catalog) -> Bool
    ) async throws {
        for earlier in try await store.catalogVersions() where earlier < version {
            if try await store.catalog(earlier).map(has) ?? false { return }
        }
        throw BillingError(
            .unknownTier,
            "A product of the provider stands for \(name), which neither catalog version \(version) nor an earlier "
                + "one has."
        )
    }

    /// Does what happens without being asked, until the task is cancelled: tells observers of notices, tries failed
    /// webhooks again, and writes down what time alone has changed, so that its notices come when they are due.
    ///
    /// It has the shape of a service: run it as one long task beside the server. Cancelled, it stops what it does itself
    /// and accepts no command that begins something, alone or in a transaction with the host's own statements. It waits
    /// for metered work that is going on, as long as ``Configuration/drainLimit`` allows; then it accepts nothing more,
    /// waits for every command that waits, and returns when all of it has been answered. Transactions that somebody else
    /// has opened it does not wait for; what only reads is answered as before.
    ///
    /// Commands work while it does not run; only notices and retries wait. Any number of servers may run it on one store.
    public func run() async {
        let interval = configuration.pollInterval
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.notices.run(every: interval) }
            group.addTask { await self.webhooks.run(every: interval) }
            // The one that goes on without provider and observers too, so that the system is not shut down before it
            // is told to.
            group.addTask { await self.sweeper.run(every: self.configuration.sweepInterval) }
            await group.waitForAll()
        }
        // A task of its own: this one is cancelled, and so would be every wait in it.
        let (mailbox, limit, clock) = (mailbox, configuration.drainLimit, clock)
        await Task.detached(executorPreference: configuration.executor) {
            await mailbox.drain(atMost: limit, by: clock)
        }.value
    }

    /// The bytes of the accounts that are kept in memory.
    package var rememberedBytes: Int { mailbox.rememberedBytes }

    /// The number of commands that wait and that nobody works on yet.
    package var waitingCommands: Int { mailbox.waitingCommands }

    /// Has a command processed, unless the task is cancelled before it waits.
    func answer(
        to command: Account.Command,
        for customer: CustomerID,
        examination: CommandProcessor.Examination? = nil
    ) async throws -> Account.Answer {
        try Task.checkCancellation()
        return try await mailbox.answer(to: command, for: customer, examination: examination)
    }

    /// The fault of an answer that the command cannot have.
    func unexpected(_ answer: Account.Answer) -> BillingError {
        BillingError(.inconsistent, "The command was answered with something that is no answer to it: \(answer).")
    }
}
