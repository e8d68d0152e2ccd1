/// Takes groups of commands from question to committed answer.
///
/// For each round: decide in order, commit, answer. Where the account is remembered and nothing else has to be known, a
/// command is decided at once, on the assumption that nobody else has changed the account and that its key is free; the
/// commit confirms both. Everything else is loaded first: what is not remembered, facts beyond the account, and
/// whatever has turned out to be no plain yes, because only a committed answer needs no further confirmation.
///
/// What could not be answered, because another server was faster or a fact was missing, goes into the next round; what
/// is finished never waits for it. Whose account others keep changing, or have locked, waits for its turn apart from the
/// group.
final class CommandProcessor: Sendable {
    /// The most rounds that a command goes through before its caller is told that there is no getting through.
    ///
    /// Many, because of servers that write to one account without a pause the slower one loses for long.
    static let maximumRounds = 2_000
    /// The most times that a round, or the part of one customer in it, is begun again after a fault of the store.
    static let maximumFaults = 4

    let store: any BillingStore
    let clock: ConfirmedClock
    let catalogs: CatalogShelf
    let didCommitNotices: @Sendable () -> Void

    init(
        store: any BillingStore,
        clock: ConfirmedClock,
        catalogs: CatalogShelf,
        didCommitNotices: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.clock = clock
        self.catalogs = catalogs
        self.didCommitNotices = didCommitNotices
    }

    /// Answers every command of a group.
    ///
    /// - Parameters:
    ///   - commands: The commands, in the order they came.
    ///   - cache: What is remembered of their accounts, which no other group uses meanwhile.
    ///   - unknown: The fault after which it is not known whether the group is written.
    ///   - setApart: Takes commands on an account that others write to at the same time, for
    ///     ``processInTurns(_:with:next:)``.
    ///   - handOver: Lets the next group begin, if there is one. It is asked once all of this one is decided and written,
    ///     before the answers are given.
    /// - Returns: Whether the next group was let begin.
    func process(
        _ commands: [PendingCommand],
        with cache: AccountCache,
        after unknown: StoreError? = nil,
        setApart: @Sendable (Batch) -> Void,
        handOver: @Sendable () -> Bool
    ) async -> Bool {
        var batches = Batch.sorted(commands)
        if let unknown { for index in batches.indices { batches[index].note(unknown) } }
        var faults = 0
        for _ in 0..<Self.maximumRounds where !batches.isEmpty {
            do throws(StoreError) {
                var replies: [Reply] = []
                let verdicts = try await round(batches, with: cache, replies: &replies)
                batches = verdicts.compactMap(\.rest)
                for batch in batches where batch.isToTakeTurns { setApart(batch) }
                batches.removeAll(where: \.isToTakeTurns)
                let isHandedOver = batches.isEmpty && handOver()
                for index in verdicts.indices {
                    if verdicts[index].hasNotices { didCommitNotices() }
                    for reply in replies[verdicts[index].replies] { reply.give() }
                }
                if isHandedOver { return true }
            } catch {
                faults += 1
                for index in batches.indices { batches[index].note(error) }
                cache.noteFailure(forgetting: error.code == .outcomeUnknown ? batches.map(\.customer) : [])
                if error.isTransient, faults < Self.maximumFaults { continue }
                let commands = batches.flatMap(\.commands)
                guard error.isOfData, commands.count > 1 else {
                    for batch in batches { batch.fail(error) }
                    return false
                }
                await processHalves(of: batches, with: cache, setApart: setApart)
                return false
            }
        }
        for batch in batches { batch.fail(Self.contention) }
        return false
    }

    /// Answers every command of batches that have failed together: one bad member must not fail the others, so the halves
    /// are tried apart before anyone is told.
    private func processHalves(of batches: [Batch], with cache: AccountCache, setApart: @Sendable (Batch) -> Void) async
    {
        let halves = Self.halves(of: batches)
        let unknown = batches.lazy.compactMap(\.unknown).first
        guard batches.count == 1 else {
            for half in halves { _ = await process(half, with: cache, after: unknown, setApart: setApart) { false } }
            return
        }
        // The second half of one customer's comes after the first, also where that has to wait for its turn.
        let lost = Lock(Batch?.none)
        _ = await process(halves[0], with: cache, after: unknown) { batch in
            lost.withLock { $0 = batch }
        } handOver: {
            false
        }
        guard var batch = lost.withLock(\.self) else {
            _ = await process(halves[1], with: cache, after: unknown, setApart: setApart) { false }
            return
        }
        batch.commands += halves[1]
        if let unknown { batch.note(unknown) }
        setApart(batch)
    }

    /// What a caller is told of an account at which there is no getting through.
    static let contention = BillingError(
        .contention,
        "Other servers changed the account \(maximumRounds) times in a row; nothing of this command was done."
    )

    /// Returns the commands of batches in two parts: by customers where there are several, else in their order.
    static func halves(of batches: [Batch]) -> [[PendingCommand]] {
        guard batches.count > 1 else {
            let commands = batches.flatMap(\.commands)
            return [Array(commands[..<(commands.count / 2)]), Array(commands[(commands.count / 2)...])]
        }
        let middle = batches.count / 2
        return [batches[..<middle].flatMap(\.commands), batches[middle...].flatMap(\.commands)]
    }

    /// Does one round, and returns what was decided and written, with what is left for another one.
    private func round(
        _ batches: [Batch],
        with cache: AccountCache,
        replies: inout [Reply]
    ) async throws(StoreError) -> [Verdict] {
        try await clock.confirm()
        let now = clock.now()
        let known = cache.memories(of: batches.map(\.customer), in: store.session)
        var loaded = try await load(batches, knowing: known, at: now)
        let (plain, catalog) = (Account.Facts(catalogs: catalogs.earlierCatalogs), catalogs.current)
        var verdicts: [Verdict] = []
        verdicts.reserveCapacity(batches.count)
        replies.reserveCapacity(batches.reduce(0) { $0 + $1.commands.count })
        for index in batches.indices {
            let firstReply = replies.endIndex
            var verdict: Verdict
            if !loaded.isEmpty, let answer = loaded[index].take() {
                guard let base = answer.account ?? known[index]?.state.account else {
                    throw StoreError(
                        .corrupt,
                        "The store gave no account for a customer whose revision it was not told."
                    )
                }
                verdict = await decide(batches[index], on: base, with: answer, replies: &replies)
            } else if let base = known[index] {
                verdict = decideAtOnce(batches[index], on: base, with: plain, at: now, in: catalog, replies: &replies)
            } else {
                continue
            }
            verdict.replies = firstReply..<replies.endIndex
            verdicts.append(verdict)
        }
        return try await commit(verdicts, of: batches, begunAt: now, to: cache)
    }

    /// Loads what cannot be decided at once; the others have no answer, and where there is nothing to load nobody has one.
    private func load(
        _ batches: [Batch],
        knowing known: [AccountCache.Memory?],
        at now: Timestamp
    ) async throws(StoreError) -> [LoadedAccount?] {
        let wanted = batches.indices.filter { index in
            known[index] == nil || batches[index].mustLoad
                || !(batches[index].commands.first?.needsOnlyTheAccount ?? true)
        }
        guard !wanted.isEmpty else { return [] }
        let request = LoadRequest(
            items: wanted.map { index in
                // An examination is of what the store has, not of what this server remembers.
                let isKnown = !batches[index].hasExamination
                return batches[index].loadItem(
                    knownRevision: isKnown ? known[index]?.state.account.revision : nil,
                    at: now
                )
            },
            precedesCommit: true
        )
        let loaded = try await store.load(request)
        guard loaded.count == wanted.count else {
            throw StoreError(.corrupt, "The store gave \(loaded.count) answers for \(wanted.count) accounts.")
        }
        var answers = [LoadedAccount?](repeating: nil, count: batches.count)
        for (index, answer) in zip(wanted, loaded) { answers[index] = answer }
        return answers
    }

    /// Decides as many of a customer's commands as take effect with nothing but the account known.
    func decideAtOnce(
        _ batch: Batch,
        on base: AccountCache.Memory,
        with facts: Account.Facts,
        at now: Timestamp,
        in catalog: Catalog,
        replies: inout [Reply]
    ) -> Verdict {
        var account = base.state.account
        var verdict = Verdict()
        verdict.storedDueAt = base.state.dueAt
        var keys: Set<Account.Key> = []
        for (index, command) in zip(batch.commands.indices, batch.commands) {
            guard
                command.needsOnlyTheAccount,
                // The second under one key is answered with what the first did.
                batch.commands.count == 1 || command.command.key.map({ keys.insert($0).inserted }) ?? true,
                let decision = try? account.decide(command.command, facts: facts, at: now, in: catalog),
                let change = decision.change
            else {
                verdict.rest = batch.remainder(from: index, needs: batch.needs)
                break
            }
            account.apply(change)
            verdict.changes.append(change)
            if change.key == nil, let key = command.command.key { verdict.assumedKeys.append(key) }
            replies.append(Reply(command: command, result: .success(decision.answer)))
        }
        if !verdict.changes.isEmpty {
            let dueAt = dueAt(of: account, at: now)
            verdict.state = AccountState(account, dueAt: dueAt)
        }
        return verdict
    }

    /// Decides a customer's commands, each on the state that the ones before it leave.
    private func decide(
        _ batch: Batch,
        on base: Account,
        with loaded: LoadedAccount,
        replies: inout [Reply]
    ) async -> Verdict {
        let now = clock.now()
        let extra: [Catalog.Version: Catalog]
        do {
            extra = try await catalogs.facts(for: batch.needs)
        } catch {
            var verdict = Verdict()
            verdict.storedDueAt = loaded.dueAt
            verdict.rest = batch.retry(from: batch.commands.startIndex, after: error)
            // Told with the round's other answers: this one may have to be begun again, and nobody is answered twice.
            if verdict.rest == nil {
                replies += batch.commands.map { Reply(command: $0, result: batch.failure(error)) }
            }
            return verdict
        }
        var decisions = Decisions(batch, on: base, with: loaded, catalogs: extra, at: now)
        let end = batch.endOfFirst
        if end < batch.commands.endIndex { decisions.verdict.rest = batch.remainder(from: end, needs: batch.needs) }
        for (index, command) in zip(batch.commands.indices, batch.commands[..<end]) {
            let examination: Examination?
            do throws(StoreError) {
                examination = try await self.examination(for: command, at: decisions.account.revision)
            } catch {
                // The journal of one customer's is no other's, so neither is its fault.
                if let rest = batch.retry(from: index, after: error) {
                    decisions.verdict.rest = rest
                } else {
                    replies.append(Reply(command: command, result: batch.failure(error)))
                }
                break
            }
            guard decisions.take(command, at: index, against: examination, by: self, replies: &replies) else { break }
        }
        return decisions.end(by: self)
    }

    /// Commits what was decided; what could not be committed is left as a rest, without answers.
    private func commit(
        _ decided: consuming [Verdict],
        of batches: [Batch],
        begunAt begin: Timestamp,
        to cache: AccountCache
    ) async throws(StoreError) -> [Verdict] {
        var verdicts = decided
        var outcomes = [CommitOutcome](repeating: .committed, count: verdicts.count)
        let changed = verdicts.indices.filter { verdicts[$0].isToBeCommitted }
        if !changed.isEmpty {
            var items: [CommitRequest.Item] = []
            items.reserveCapacity(changed.count)
            for index in changed { if let item = verdicts[index].commitItem { items.append(item) } }
            let written = try await store.commit(CommitRequest(items: items))
            guard written.count == changed.count else {
                throw StoreError(.corrupt, "The store gave \(written.count) outcomes for \(changed.count) accounts.")
            }
            for (index, outcome) in zip(changed, written) { outcomes[index] = outcome }
        }
        // What is known from a load was so when that was made, which is after the beginning.
        cache.note(verdicts, of: batches, outcomes, at: begin)
        for index in verdicts.indices where outcomes[index] != .committed {
            verdicts[index] = Verdict(rest: batches[index].again(after: outcomes[index]))
        }
        return verdicts
    }
}
