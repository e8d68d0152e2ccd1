import BillingJSON
import BillingKit

/// A notice, and how far the telling of it has come.
struct Told {
    let notice: Account.Notice
    let attempts: Int
    /// When it is due again; `nil` for one that was never told, or is not to be told any more.
    let dueAt: Timestamp?

    var place: (Timestamp, CustomerID, Int64, Int) {
        (notice.at, notice.customer, notice.revision, notice.ordinal)
    }
}

/// What the file is a list of.
enum Entry {
    /// An account was changed, and is due at an instant from now on.
    case changes([Account.Change], of: CustomerID, dueAt: Timestamp?)
    /// A delivery is as given.
    case delivery(Delivery)
    /// A notice has been told so far.
    case notice(Told)
    /// A catalog is kept.
    case catalog(Catalog, json: String)
}

extension Entry: Filed {
    func write(to page: inout Page) {
        switch self {
        case .changes(let changes, of: let customer, let dueAt): page.write(0, customer, dueAt, changes)
        case .delivery(let delivery): page.write(1, delivery)
        case .notice(let told): page.write(2, told.notice, told.attempts, told.dueAt)
        case .catalog(_, let json): page.write(3, json)
        }
    }

    init(from page: inout Page) throws {
        switch try page.read(Int.self) {
        case 0:
            let (customer, dueAt) = (try page.read(CustomerID.self), try page.read(Timestamp?.self))
            self = .changes(try page.read(), of: customer, dueAt: dueAt)
        case 1: self = .delivery(try page.read())
        case 2: self = .notice(Told(notice: try page.read(), attempts: try page.read(), dueAt: try page.read()))
        case 3:
            let json = try page.read(String.self)
            self = .catalog(try Catalog(json: json), json: json)
        default: throw page.unreadable
        }
    }
}

/// Everything that the file says, as it stands now.
struct Book {
    private(set) var accounts: [CustomerID: Account] = [:]
    private(set) var changes: [CustomerID: [Account.Change]] = [:]
    private(set) var dueAt: [CustomerID: Timestamp] = [:]
    private(set) var owners: [ProviderReference: CustomerID] = [:]
    private(set) var deliveries: [Delivery.ID: Delivery] = [:]
    private(set) var notices: [Account.Notice: Told] = [:]
    private(set) var catalogs: [Catalog.Version: Catalog] = [:]

    mutating func take(_ entry: Entry) {
        switch entry {
        case .changes(let new, of: let customer, let dueAt):
            self.dueAt[customer] = dueAt
            for change in new {
                // The account is nowhere in the file: it is what its changes make of it.
                accounts[customer, default: Account(customer: customer)].apply(change)
                changes[customer, default: []].append(change)
                for reference in change.references { owners[reference] = customer }
                for notice in change.notices { notices[notice] = Told(notice: notice, attempts: 0, dueAt: nil) }
            }
        case .delivery(let delivery): deliveries[delivery.id] = delivery
        case .notice(let told): notices[told.notice] = told
        case .catalog(let catalog, _): catalogs[catalog.version] = catalog
        }
    }

    /// Everything that is asked about an account, found by going through its changes.
    func answer(to item: LoadRequest.Item) -> LoadedAccount {
        let account = accounts[item.customer] ?? Account(customer: item.customer)
        let changes = changes[item.customer] ?? []
        var precedents: [Account.Key: Account.Facts.Precedent] = [:]
        var orders: [ProviderReference: Account.Order] = [:]
        var usage = Dictionary(item.usage.map { ($0, Account.Facts.Usage()) }) { first, _ in first }
        var spending: [Account.Key: Account.Facts.Spending] = [:]
        var events: [Account.EventID: Timestamp] = [:]
        for change in changes {
            if let key = change.key, item.keys.contains(key) {
                precedents[key] = Account.Facts.Precedent(
                    receipt: change.receipt,
                    fingerprint: change.fingerprint,
                    at: change.recordedAt
                )
            }
            for case .ordered(let order) in change.effects {
                let names = [order.providerReference, order.subscriptionKey?.providerReference]
                if names.contains(where: { name in name.map(item.orders.contains) ?? false }) {
                    orders[order.providerReference] = order
                }
            }
            for effect in change.effects {
                for question in usage.keys {
                    switch effect {
                    case .drawn(let draw) where question.covers(draw): usage[question]?.add(draw)
                    case .returned(let back) where question.covers(back.draw): usage[question]?.take(back: back.draw)
                    default: break
                    }
                }
            }
            for key in spending.keys { spending[key]?.note(change) }
            if let key = change.key, item.spending.contains(key) { spending[key] = .init(of: change) }
            for event in change.events where item.events.contains(event) { events[event] = change.recordedAt }
        }
        return LoadedAccount(
            account: account.revision == item.knownRevision ? nil : account,
            dueAt: dueAt[item.customer],
            precedents: precedents,
            orders: orders,
            owners: Dictionary(item.references.compactMap { name in owners[name].map { (name, $0) } }) { one, _ in one
            },
            usage: usage,
            spending: spending.filter { !$0.value.draws.isEmpty },
            knownEvents: Set(events.filter { $0.value > item.eventsSince }.keys)
        )
    }
}
