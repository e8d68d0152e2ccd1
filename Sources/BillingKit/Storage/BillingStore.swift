/// A place where billing is kept.
///
/// The contract, which `BillingTesting` holds as tests; run its suite on a store of your own:
///
/// - **Whole.** Each call takes effect whole or not at all. The items of a commit stand alone: one that is
///   refused does not hold back the others.
/// - **One after the other.** Calls behave as if each happened at one instant between its beginning and its
///   end. An account is written only by a commit that names the revision it is at, so of two commits on one
///   revision exactly one is made.
/// - **Lasting.** What was answered as committed or recorded is there after the process, or the machine if
///   the store promises that, has gone down.
/// - **Unique.** A customer's key is used once, a provider's name belongs to one customer, a delivery is
///   recorded once. Names are case-sensitive and compared byte for byte.
/// - **As given.** What is read is what was written, byte for byte and microsecond for microsecond.
/// - **Leases.** A leased item is given to nobody else until the lease ends, by the `now` of whoever asks.
///   A settlement under an older lease than the newest changes nothing.
///
/// Calls may come from any task, at once and in any number. A store does not block the caller's thread for
/// longer than memory takes, and answers even when the calling task is cancelled.
public protocol BillingStore: Sendable {
    /// Where a command is processed while nobody else asks for anything; anywhere when it is `nil`, as it is unless a
    /// store says otherwise.
    ///
    /// A store that writes on a thread of its own can lend it: a lone command is then decided where it is written, and
    /// no thread has to be woken between the two. Where several commands wait, deciding goes on beside the writing.
    var executor: (any TaskExecutor)? { get }

    /// The number of parts that customers are best spread over, each of which is decided and written by itself, 1 or more; 8
    /// unless a store says otherwise.
    ///
    /// More of them use more processors; with fewer, what waits at once shares a transaction sooner.
    var shardCount: Int { get }

    /// Which connection to the database this is: another number each time that the store has lost it and has connected
    /// anew, 0 as long as a store says nothing else.
    ///
    /// What was remembered before is forgotten then. A standby that has taken over may not have what was committed last,
    /// and whoever was cut off does not know what it has missed.
    var session: Int { get }

    /// Returns the present instant by the store's own clock, or `nil` where it has none but the server's, as it is unless a
    /// store says otherwise.
    ///
    /// Several servers share a database, and it tells them all the same time. A server whose clock is far ahead of it does
    /// nothing, because what time ends has ended for good. It is asked about once a minute.
    func time() async throws(StoreError) -> Timestamp?

    /// Loads accounts and facts, all of one instant.
    ///
    /// - Returns: One answer for each item, in order.
    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount]

    /// Writes changes: state, due instant, journal, keys, names, notices and settled deliveries of an account together.
    ///
    /// An item without changes is of an account that the store has, and writes anew when that is due.
    ///
    /// - Returns: One outcome for each item, in order.
    /// - Throws: ``StoreError`` when nothing was written, or with ``StoreError/Code/outcomeUnknown`` when that
    ///   is not known.
    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome]

    /// Loads an account with facts, has its changes decided on them, and writes those.
    ///
    /// For an account that others write to at the same time, or have locked. A store that several servers share keeps
    /// them all out from before it loads until it has written, waits for its turn, and lets each of them have one: so
    /// whoever asks again and again is not overtaken for ever. A store of one process's own need not have it; then it is
    /// a load and a commit.
    ///
    /// Neither closure may block or wait, for they may run on a thread of the store's. Both are called again when the store
    /// has to begin anew, and what they say last is what counts.
    ///
    /// - Parameters:
    ///   - customer: The customer.
    ///   - ask: Says what is to be loaded of the customer, once nobody else can change it: what has come up until then can
    ///     be asked for too.
    ///   - decide: Decides the changes of the account on what was loaded; `nil` when there is nothing to write.
    /// - Returns: What became of the changes, `nil` where there were none.
    /// - Throws: ``StoreError`` as ``commit(_:)`` does, with ``StoreError/Code/lockTimeout`` where another transaction kept
    ///   the account locked for too long.
    func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome?

    /// Returns a page of the accounts whose due instant, as last committed, has come: the longest due first, and of one
    /// instant by customer.
    ///
    /// An account without a due instant is never among them. Nothing is leased: who asks at the same time is told the
    /// same.
    func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount]

    /// Keeps a webhook, and leases it to the caller unless it is finished or leased to someone else.
    ///
    /// One that had failed or was dead is leased again: its sender's repeat is a reason to try anew.
    func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording

    /// Leases a provider's deliveries that are due: failed ones whose time has come, and ones whose lease has
    /// ended.
    func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease]

    /// Leases one delivery that is not finished, whenever it is due: a person asks for it.
    ///
    /// - Returns: `nil` when there is no such delivery, when it is finished, or when it is leased to someone.
    func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease?

    /// Settles a leased delivery that has no effect on an account.
    ///
    /// - Returns: Whether the lease was still the newest.
    func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool

    /// Returns a page of the delivery log, newest first: by time received, then by provider and id.
    func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery]

    /// Leases notices that are due, oldest first.
    func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease]

    /// Settles leased notices.
    func settle(_ settlements: [NoticeSettlement]) async throws(StoreError)

    /// Leases a duty to a server, which may have it already.
    ///
    /// - Returns: Whether the server has it now; `false` while another one's lease lasts.
    func lease(_ request: DutyRequest) async throws(StoreError) -> Bool

    /// Returns a page of a customer's journal, oldest first.
    ///
    /// - Throws: ``StoreError``, with ``StoreError/Code/archived`` where changes that follow on the page before are no
    ///   longer kept.
    func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change]

    /// Returns the customer whom a provider's name belongs to, or `nil`.
    func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID?

    /// Keeps a catalog under its version unless there is one already.
    ///
    /// - Returns: The catalog that is kept under the version from now on.
    func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog

    /// Returns the versions of the catalogs that are kept, the latest first.
    func catalogVersions() async throws(StoreError) -> [Catalog.Version]

    /// Returns the catalog of a version, or `nil`.
    func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog?
}

extension BillingStore {
    /// Anywhere.
    public var executor: (any TaskExecutor)? { nil }

    /// Enough for the processors of most machines, where a store is in memory.
    public var shardCount: Int { 8 }

    /// The first and only one.
    public var session: Int { 0 }

    /// No clock but the server's.
    public func time() async throws(StoreError) -> Timestamp? { nil }

    /// Loads the account, has its changes decided, and commits those.
    public func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        try await loadAndCommit(ask(), deciding: decide)
    }

    /// Loads an account, has its changes decided, and commits those, while others may be faster.
    package func loadAndCommit(
        _ item: LoadRequest.Item,
        deciding decide: (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        guard let loaded = try await load(LoadRequest(items: [item], precedesCommit: true)).first else {
            throw StoreError(.corrupt, "The store gave no answer for an account.")
        }
        guard let changes = decide(loaded) else { return nil }
        guard let outcome = try await commit(CommitRequest(items: [changes])).first else {
            throw StoreError(.corrupt, "The store gave no outcome for an account.")
        }
        return outcome
    }
}
