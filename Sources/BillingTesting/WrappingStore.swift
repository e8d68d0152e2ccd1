package import BillingKit

/// A store in front of another one, which does everything that it does not do itself.
///
/// But for `update`, which is not handed on: it is a load and a commit of this store's then, so that what a store does to
/// those, such as to have them fail, it does to updates too.
package protocol WrappingStore: BillingStore {
    /// The store behind it.
    var base: any BillingStore { get }
}

// The protocol's comments are the documentation of these.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension WrappingStore {
    package var session: Int { base.session }

    package func time() async throws(StoreError) -> Timestamp? { try await base.time() }

    package func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        try await base.load(request)
    }

    package func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        try await base.commit(request)
    }

    package func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        try await base.accountsDue(request)
    }

    package func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        try await base.record(request)
    }

    package func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
        try await base.leaseDeliveries(request)
    }

    package func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        try await base.leaseDelivery(request)
    }

    package func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
        try await base.settle(settlement)
    }

    package func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] {
        try await base.deliveries(query)
    }

    package func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        try await base.leaseNotices(request)
    }

    package func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) {
        try await base.settle(settlements)
    }

    package func lease(_ request: DutyRequest) async throws(StoreError) -> Bool {
        try await base.lease(request)
    }

    package func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        try await base.journal(query)
    }

    package func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
        try await base.owner(of: reference)
    }

    package func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog {
        try await base.keep(catalog)
    }

    package func catalogVersions() async throws(StoreError) -> [Catalog.Version] {
        try await base.catalogVersions()
    }

    package func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? {
        try await base.catalog(version)
    }
}
