/// The accounts that were used lately, as they were last known.
///
/// Two generations: what is used moves to the young one, and when that is full the old one is forgotten.
struct AccountCache: Sendable {
    private var young: [CustomerID: Account] = [:]
    private var old: [CustomerID: Account] = [:]
    private let generationSize: Int

    /// Creates a cache for at most a number of accounts.
    init(capacity: Int) {
        generationSize = max(1, capacity / 2)
    }

    /// Takes an account out, so that it can be changed in place.
    mutating func take(_ customer: CustomerID) -> Account? {
        young.removeValue(forKey: customer) ?? old.removeValue(forKey: customer)
    }

    /// Puts an account in.
    mutating func put(_ account: Account) {
        if young.count >= generationSize {
            old = young
            young = [:]
        }
        young[account.customer] = account
    }
}
