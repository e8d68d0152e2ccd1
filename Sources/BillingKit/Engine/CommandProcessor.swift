/// Takes groups of commands from question to committed answer.
///
/// For each round: load the accounts and the facts, decide in order, commit, answer. What could not be
/// answered, because another server was faster or a fact was missing, goes into the next round; what is
/// finished never waits for it.
final class CommandProcessor: Sendable {
    /// The most rounds that a command goes through before its caller is told that there is no getting through.
    private static let maximumRounds = 100
    /// The most times that a round is begun again after a fault of the store.
    private static let maximumFaults = 4

    let store: any BillingStore
    let clock: any BillingClock
    let catalogs: CatalogShelf
    private let cache: Lock<AccountCache>
    private let didCommitNotices: @Sendable () -> Void

    init(
        store: any BillingStore,
        clock: any BillingClock,
        catalogs: CatalogShelf,
        cacheCapacity: Int,
        didCommitNotices: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.clock = clock
        self.catalogs = catalogs
        cache = Lock(AccountCache(capacity: cacheCapacity))
        self.didCommitNotices = didCommitNotices
    }

    /// Answers every item of a group.
    ///
    /// - Parameters:
    ///   - items: The items.
    ///   - unknown: The fault of a commit of them of which it is not known yet whether it was written.
    func process(_ items: [Mailbox.Item], after unknown: StoreError? = nil) async {
        var batches = Batch.sorted(items)
        var faults = 0
        var unknown = unknown
        for _ in 0..<Self.maximumRounds where !batches.isEmpty {
            do throws(StoreError) {
                batches = try await round(batches)
                // What is left was looked up by its keys, and was not written.
                unknown = nil
            } catch {
                faults += 1
                if error.code == .outcomeUnknown { unknown = error }
                if error.isTransient, faults < Self.maximumFaults { continue }
                let items = batches.flatMap(\.items)
                guard error.isOfData, items.count > 1 else {
                    // Another fault would say that nothing was written, which is not known of an earlier commit.
                    for item in items { item.answer.resume(throwing: unknown ?? error) }
                    return
                }
                // One bad member must not fail the others: the halves are tried apart before anyone is told.
                for part in Self.halves(of: batches) { await process(part, after: unknown) }
                return
            }
        }
        let error = BillingError(
            .contention,
            "Other servers changed the account \(Self.maximumRounds) times in a row; nothing of this command was done."
        )
        for batch in batches { batch.fail(error) }
    }

    /// Returns the items of batches in two parts: by customers where there are several, else in their order.
    private static func halves(of batches: [Batch]) -> [[Mailbox.Item]] {
        guard batches.count > 1 else {
            let items = batches.flatMap(\.items)
            return [Array(items[..<(items.count / 2)]), Array(items[(items.count / 2)...])]
        }
        let middle = batches.count / 2
        return [batches[..<middle].flatMap(\.items), batches[middle...].flatMap(\.items)]
    }

    /// Does one round, and returns what is left for another one.
    private func round(_ batches: [Batch]) async throws(StoreError) -> [Batch] {
        var bases: [Account?] = batches.map { batch in cache.withLock { $0.take(batch.customer) } }
        let now = clock.now()
        let request = LoadRequest(
            items: zip(batches, bases).map { batch, base in
                // An examination is of what the store has, not of what this server remembers.
                batch.loadItem(knownRevision: batch.hasExamination ? nil : base?.revision, at: now)
            }
        )
        let loaded = try await store.load(request)
        guard loaded.count == batches.count else {
            throw StoreError(.corrupt, "The store gave \(loaded.count) answers for \(batches.count) accounts.")
        }
        var verdicts: [Verdict] = []
        for index in batches.indices {
            // Taking the account out of the list leaves one owner, so that changes are made in place.
            let known = bases[index]
            bases[index] = nil
            guard let base = loaded[index].account ?? known else {
                throw StoreError(.corrupt, "The store gave no account for a customer whose revision it was not told.")
            }
            verdicts.append(try await decide(batches[index], on: base, with: loaded[index]))
        }
        return try await commit(verdicts, of: batches)
    }

    /// Decides a customer's commands, each on the state that the ones before it leave.
    private func decide(
        _ batch: Batch,
        on base: consuming Account,
        with loaded: LoadedAccount
    ) async throws(StoreError) -> Verdict {
        let now = clock.now()
        var account = base
        var known = KnownFacts(loaded, for: batch.items.map(\.command))
        var verdict = Verdict()
        let extra: [Catalog.Version: Catalog]
        do {
            extra = try await catalogs.facts(for: batch.needs)
        } catch {
            // Told with the round's other answers: this one may have to be begun again, and nobody is answered twice.
            verdict.answers = batch.items.map { ($0, .failure(error)) }
            return verdict
        }
        var isSettled = false
        for (index, item) in batch.items.enumerated() {
            let examination = try await examination(for: item, at: account.revision, after: verdict.changes)
            do throws(Account.DecisionError) {
                let facts = known.facts(for: item.command, catalogs: extra)
                let decision = try decide(item.command, on: account, facts: facts, against: examination, at: now)
                if let change = decision.change {
                    account.apply(change)
                    known.note(change)
                    verdict.changes.append(change)
                    if let lease = item.lease {
                        verdict.settlements.append(DeliverySettlement(lease: lease, state: .done, detail: "applied"))
                    }
                }
                if case .settle = item.command.action { isSettled = true }
                verdict.answers.append((item, .success(decision.answer)))
            } catch {
                if case .missing(let needs) = error.code, !batch.needs.contains(all: needs) {
                    verdict.unanswered = Batch(
                        customer: batch.customer,
                        items: Array(batch.items[index...]),
                        needs: batch.needs + needs
                    )
                    break
                }
                verdict.answers.append((item, .failure(error)))
            }
        }
        verdict.dueAt = dueAt(of: account, at: now)
        verdict.isRescheduled =
            isSettled && verdict.changes.isEmpty && !account.isNew && loaded.dueAt.map { $0 <= now } ?? false
        verdict.account = account
        return verdict
    }

    /// Commits what was decided, answers whom that settles, and returns the rest.
    private func commit(_ verdicts: [Verdict], of batches: [Batch]) async throws(StoreError) -> [Batch] {
        var outcomes = [CommitOutcome](repeating: .committed, count: verdicts.count)
        let changed = verdicts.indices.filter { verdicts[$0].isToBeCommitted }
        if !changed.isEmpty {
            let items = changed.compactMap { verdicts[$0].commitItem }
            let written = try await store.commit(CommitRequest(items: items))
            guard written.count == changed.count else {
                throw StoreError(.corrupt, "The store gave \(written.count) outcomes for \(changed.count) accounts.")
            }
            for (index, outcome) in zip(changed, written) { outcomes[index] = outcome }
        }
        var rest: [Batch] = []
        for (index, verdict) in verdicts.enumerated() {
            guard outcomes[index] == .committed else {
                rest.append(batches[index])
                continue
            }
            // A sweep goes through many accounts that nobody uses now: they do not push out those that somebody does.
            if let account = verdict.account, !batches[index].isOnlySettled { cache.withLock { $0.put(account) } }
            if verdict.changes.contains(where: { !$0.notices.isEmpty }) { didCommitNotices() }
            for (item, result) in verdict.answers { item.answer.resume(with: result) }
            if let unanswered = verdict.unanswered { rest.append(unanswered) }
        }
        return rest
    }
}
