#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// What a database says happened, read from its journal alone.
struct Ledger {
    /// The units of each piece of work, by its key.
    private(set) var units: [String: Int64] = [:]
    /// The key that each revision used up.
    private(set) var keys: [Int64: String] = [:]
    /// The sum of everything drawn on each meter.
    private(set) var drawn: [String: Int64] = [:]
    /// How many deliveries are in each state.
    private(set) var deliveries: [String: Int] = [:]

    init(of folder: Folder) async throws {
        let store = try await SQLiteStore(folder.database)
        var folded = Account(customer: "org_acme")
        for change in try await store.journal(JournalQuery(customer: "org_acme")) {
            let follows = folded.apply(change)
            #expect(follows, "revision \(change.revision) follows \(folded.revision)")
            if let key = change.key?.rawValue {
                keys[change.revision] = key
                // A call that was given no key has another one each time, and gives back what nothing came of.
                if let receipt = change.receipt, !key.hasPrefix("once:") {
                    #expect(units[key] == nil, "'\(key)' is counted twice")
                    units[key] = receipt.amount
                }
            }
            for case .drawn(let draw) in change.effects { drawn[draw.meter.rawValue, default: 0] += draw.amount }
        }
        let loaded = try await store.load(LoadRequest(items: [LoadRequest.Item(customer: "org_acme")]))
        #expect(loaded.first?.account == folded, "the journal folds to the account")
        #expect(folded.holds.isEmpty, "no hold is left")
        for delivery in try await store.deliveries(DeliveryQuery()) {
            deliveries[delivery.state.rawValue, default: 0] += 1
        }
        await store.close()
    }
}
#endif
