import BillingInMemory
import BillingKit
import Testing
import WebhookSignatures

/// A store under trial, with what a law needs to put it to the test.
struct StoreTrial: Sendable {
    let store: any BillingStore
    let location: SourceLocation
    /// What commands are decided under.
    var catalog: Catalog

    /// The breaches so far.
    private let breaches = Count()

    /// The most breaches that are reported of one law: more say nothing new.
    private static let maximumReports = 10

    init(store: any BillingStore, location: SourceLocation, catalog: Catalog = Fixture.catalog) {
        self.store = store
        self.location = location
        self.catalog = catalog
    }

    /// The end of a trial whose breach has been noted.
    struct Breach: Error {}

    // MARK: Judging

    /// Tries a law; what is thrown on the way is a breach of it, reported where the law was asked for.
    @discardableResult
    func judge<Result>(_ law: (StoreTrial) async throws -> Result) async -> Result? {
        do {
            return try await law(self)
        } catch is Breach {
            return nil
        } catch {
            expect(false, "where an answer is expected there is an error: \(error)")
            return nil
        }
    }

    /// Notes a breach unless a condition holds.
    func expect(_ condition: Bool, _ law: @autoclosure () -> String) {
        guard !condition, breaches.add() <= Self.maximumReports else { return }
        Issue.record(Comment(rawValue: law()), sourceLocation: location)
    }

    func expectEqual<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: @autoclosure () -> String) {
        guard found != wanted, breaches.value < Self.maximumReports else { return }
        let (found, wanted) = Self.excerpts(of: "\(found)", and: "\(wanted)")
        expect(false, "\(what()): found \(found), wanted \(wanted)")
    }

    /// Returns two texts, or where they are long what surrounds the place at which they part.
    ///
    /// An account in full is more than anyone reads.
    private static func excerpts(of found: String, and wanted: String) -> (String, String) {
        let (before, length) = (80, 320)
        guard max(found.utf8.count, wanted.utf8.count) > length else { return (found, wanted) }
        let common = zip(found.unicodeScalars, wanted.unicodeScalars).prefix { $0 == $1 }.count
        func excerpt(of text: String) -> String {
            let rest = text.unicodeScalars.dropFirst(max(0, common - before))
            let isCut = rest.dropFirst(length).first != nil
            return (common > before ? "…" : "") + String(rest.prefix(length)) + (isCut ? "…" : "")
        }
        return (excerpt(of: found), excerpt(of: wanted))
    }

    /// Returns a value that must be there for the law to be tried further.
    func require<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else {
            expect(false, "there is no \(what)")
            throw Breach()
        }
        return value
    }

    // MARK: Acting

    /// Returns a trial of the same store under another catalog.
    func under(_ catalog: Catalog) -> StoreTrial {
        var trial = self
        trial.catalog = catalog
        return trial
    }

    static let start = Timestamp(seconds: 1_796_115_600)

    func load(_ item: LoadRequest.Item) async throws -> LoadedAccount {
        try require(try await store.load(LoadRequest(items: [item])).first, "answer")
    }

    func account(of customer: CustomerID) async throws -> Account {
        try require(try await load(LoadRequest.Item(customer: customer)).account, "account")
    }

    /// Decides a command on what the store has, without committing it.
    func decide(
        _ command: Account.Command,
        for customer: CustomerID,
        at now: Timestamp = start
    ) async throws -> (Account, Account.Decision) {
        let references = command.references
        var questions: [Account.Facts.UsageQuestion] = []
        var subscriptions: [Subscription.Key] = []
        while true {
            let item = LoadRequest.Item(
                customer: customer,
                keys: [command.key].compactMap(\.self),
                orders: references.filter { $0.kind == .order } + subscriptions.map(\.providerReference),
                references: references,
                usage: questions,
                spending: [command.spendingKey].compactMap(\.self),
                events: command.events,
                eventsSince: now.advanced(by: .zero - Account.eventMemory)
            )
            let loaded = try await load(item)
            let account = try require(loaded.account, "account")
            var facts = Account.Facts(
                precedent: command.key.flatMap { loaded.precedents[$0] },
                order: references.first { $0.kind == .order }.flatMap { loaded.orders[$0] },
                owners: loaded.owners,
                usage: loaded.usage,
                spending: loaded.spending,
                knownEvents: loaded.knownEvents
            )
            for key in subscriptions {
                facts.orders[key] = loaded.orders.values.filter { $0.subscriptionKey == key }
            }
            do throws(Account.DecisionError) {
                return (account, try account.decide(command, facts: facts, at: now, in: catalog))
            } catch {
                guard case .missing(let needs) = error.code else { throw error }
                let more = needs.compactMap { if case .usage(let question) = $0 { question } else { nil } }
                let named = needs.compactMap { if case .orders(of: let key) = $0 { key } else { nil } }
                guard !(more.isEmpty && named.isEmpty), questions.count < 10, subscriptions.count < 10 else {
                    throw error
                }
                questions += more
                subscriptions += named
            }
        }
    }

    /// The item that commits a command, or `nil` when it changes nothing.
    func commitItem(
        _ command: Account.Command,
        for customer: CustomerID,
        at now: Timestamp = start,
        settling settlements: [DeliverySettlement] = []
    ) async throws -> CommitRequest.Item? {
        var (account, decision) = try await decide(command, for: customer, at: now)
        guard let change = decision.change else { return nil }
        account.apply(change)
        return CommitRequest.Item(
            account: account,
            changes: [change],
            dueAt: account.dueAt(in: catalog),
            settlements: settlements
        )
    }

    /// Decides and commits a command, which must change something.
    @discardableResult
    func perform(
        _ command: Account.Command,
        for customer: CustomerID,
        at now: Timestamp = start,
        settling settlements: [DeliverySettlement] = []
    ) async throws -> CommitRequest.Item {
        let item = try require(
            try await commitItem(command, for: customer, at: now, settling: settlements),
            "change of \(command)"
        )
        let outcomes = try await store.commit(CommitRequest(items: [item]))
        expectEqual(outcomes, [.committed], "a commit on the present revision is made")
        return item
    }

    /// Records a webhook that is genuinely signed.
    func record(
        _ id: String,
        body: [UInt8] = Array("{}".utf8),
        from provider: ProviderID = "polar",
        at now: Timestamp = start,
        leasedFor lease: Duration = .seconds(60)
    ) async throws -> DeliveryRecording {
        let request = RecordDeliveryRequest(
            try Fixture.webhook(id: id, body: body, at: now),
            from: provider,
            receivedAt: now,
            leasedUntil: now.advanced(by: lease)
        )
        return try await store.record(request)
    }

    /// Records a webhook and returns its lease, which must be given.
    func lease(_ id: String, body: [UInt8] = Array("{}".utf8), at now: Timestamp = start) async throws -> DeliveryLease
    {
        let recording = try await record(id, body: body, at: now)
        guard case .leased(let lease) = recording else {
            expect(false, "new delivery '\(id)': found \(recording), wanted its lease")
            throw Breach()
        }
        return lease
    }
}

extension Array {
    /// The results of an asynchronous transformation, one element after the other.
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
