public import BillingKit

/// A store that keeps everything in the tables of an SQL database.
///
/// Whoever has a database that runs transactions has a store: the requests are written once, here.
public protocol SQLStore: BillingStore {
    /// The kind of database.
    associatedtype Database: SQLDatabase

    /// The database, with the tables prepared by ``SQLSchema/preparation(in:at:)``.
    var database: Database { get }
}

// The protocol's comments are the documentation of these.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SQLStore {
    // Writing takes many times as long as deciding, so what a transaction is made of matters, and not how many decide.
    public var shardCount: Int { 4 }

    // A file is one process's, whose clock is all there is.
    public func time() async throws(StoreError) -> Timestamp? {
        database.dialect == .postgres ? try await database.read(.time) : nil
    }

    public func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        try await database.read(.loading(request))
    }

    public func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        guard database.dialect == .postgres else { return try await database.write(.committing(request)) }
        return try await writeMeetingOthers(.committingLocked(request, isWaiting: false))
    }

    public func update(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) async throws(StoreError) -> CommitOutcome? {
        // Where one connection writes, nobody has to be kept out.
        guard database.dialect == .postgres else { return try await loadAndCommit(ask(), deciding: decide) }
        return try await writeMeetingOthers(.updating(customer, asking: ask, deciding: decide))
    }

    /// Runs a transaction again that met another one which makes the same account or claims the same name: it finds what
    /// that one has written.
    private func writeMeetingOthers<Answer>(
        _ transaction: SQLTransaction<Answer>
    ) async throws(StoreError) -> Answer {
        var (transaction, tries) = (transaction, 1)
        while true {
            do throws(StoreError) {
                return try await database.write(transaction)
            } catch {
                guard error.code == .unique, tries < 12 else { throw error }
                transaction = transaction.careful
                tries += 1
            }
        }
    }

    public func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        try await database.read(.accountsDue(request))
    }

    public func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        try await database.write(.recording(request))
    }

    public func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
        // Mostly there is nothing, and whoever asks often must not hold up those who write.
        guard try await database.read(.isAnyDue(request)) else { return [] }
        return try await database.write(.leasingDeliveries(request))
    }

    public func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        try await database.write(.leasing(request))
    }

    public func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
        try await database.write(.settling(settlement))
    }

    public func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] {
        try await database.read(.deliveries(query))
    }

    public func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        guard try await database.read(.isAnyDue(request)) else { return [] }
        return try await database.write(.leasingNotices(request))
    }

    public func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) {
        try await database.write(.settling(settlements))
    }

    public func lease(_ request: DutyRequest) async throws(StoreError) -> Bool {
        try await database.write(.leasing(request))
    }

    public func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        try await database.read(.journal(query))
    }

    public func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
        try await database.read(.owner(of: reference))
    }

    public func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog {
        try await database.write(.keeping(catalog))
    }

    public func catalogVersions() async throws(StoreError) -> [Catalog.Version] {
        try await database.read(.catalogVersions)
    }

    public func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? {
        try await database.read(.catalog(version))
    }
}
