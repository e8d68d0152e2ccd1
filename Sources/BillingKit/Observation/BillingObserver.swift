/// Someone who wants to hear what happens.
///
/// A notice is written in the same transaction as what it tells of and is told until every observer has heard
/// it: at least once, perhaps twice, after a crash too, by ``BillingSystem/run()``. Notices of different
/// customers come in any order. A notice's customer, revision and ordinal together name it for ever, for an
/// observer that must not act twice.
public protocol BillingObserver: Sendable {
    /// Hears one notice.
    ///
    /// - Throws: Anything, when the notice is to be told again later. It then is told again to every observer.
    func hear(_ notice: Account.Notice) async throws
}
