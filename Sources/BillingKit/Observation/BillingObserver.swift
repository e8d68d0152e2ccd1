/// Someone who wants to hear what happens.
///
/// A notice is written in the same transaction as what it tells of and is told until every observer has heard
/// it, after a crash too, by ``BillingSystem/run()``: at least once, and again where an observer throws, where the server
/// goes down before it is noted that all have heard it, and where hearing it has taken longer than a minute, because
/// another server then takes it over. Leave long work to something of your own. Notices of different customers come
/// in any order. A notice's customer, revision and ordinal together name it for ever, for an
/// observer that must not act twice.
public protocol BillingObserver: Sendable {
    /// Hears one notice.
    ///
    /// - Throws: Anything, when the notice is to be told again later. It then is told again to every observer.
    func hear(_ notice: Account.Notice) async throws
}
