extension CommandProcessor {
    /// How many turns in a row nobody else has changed an account before its commands go with others' again.
    private static let quietTurns = 8

    /// Answers commands on one account that others write to at the same time, or have locked.
    ///
    /// In each turn the store keeps everybody else out from before the account is loaded until what was decided is
    /// written, so every turn is a success, and everything that waits by then is in it. What is remembered of the account
    /// is not used meanwhile.
    ///
    /// - Parameters:
    ///   - batch: The commands.
    ///   - next: Takes the account as it was left, where that is known, and whether for some turns nobody else has written
    ///     to it. Returns what has come in the meantime; `nil` when that is nothing, or goes with the groups again.
    func processInTurns(
        _ batch: Batch,
        next: @Sendable (_ latest: AccountCache.Memory?, _ isQuiet: Bool) -> [PendingCommand]?
    ) async {
        var (batch, quiet, revision) = (batch, 0, Int64?.none)
        while true {
            let turns = await takeTurns(batch, at: revision)
            quiet = turns.metNobody ? quiet + 1 : 0
            revision = turns.latest?.state.account.revision
            guard let more = next(turns.latest, quiet >= Self.quietTurns) else { return }
            batch = Batch(customer: batch.customer, commands: more[...])
        }
    }

    /// What turns at an account led to.
    private struct Turns {
        /// The account as it was left, where that is known.
        var latest: AccountCache.Memory?
        /// Whether it was found as it was left the last time.
        var metNobody = false
    }

    /// Answers commands in one turn, or in more where facts turn out to be missing.
    private func takeTurns(_ commands: Batch, at revision: Int64?) async -> Turns {
        var batch = commands
        var turns = Turns()
        var faults = 0
        for _ in 0..<Self.maximumRounds {
            do throws(StoreError) {
                let begin = clock.now()
                let turn = try await takeTurn(batch)
                if turns.latest == nil { turns.metNobody = turn.base == revision }
                turns.latest = turn.verdict.state.map { AccountCache.Memory(state: $0, confirmedAt: begin) }
                if turn.verdict.hasNotices { didCommitNotices() }
                for reply in turn.replies { reply.give() }
                guard let rest = turn.verdict.rest else { return turns }
                batch = rest
            } catch {
                faults += 1
                turns = Turns()
                batch.note(error)
                if error.isTransient, faults < Self.maximumFaults { continue }
                guard error.isOfData, batch.commands.count > 1 else {
                    batch.fail(error)
                    return turns
                }
                // One bad member must not fail the others.
                for part in Self.halves(of: [batch]) {
                    var half = Batch(customer: batch.customer, commands: part[...])
                    half.unknown = batch.unknown
                    _ = await takeTurns(half, at: nil)
                }
                return Turns()
            }
        }
        batch.fail(Self.contention)
        return Turns()
    }

    /// What one turn came to.
    private struct Turn: Sendable {
        var verdict = Verdict()
        var replies: [Reply] = []
        /// The revision that the account was found at.
        var base: Int64 = 0
    }

    /// Takes one turn at an account.
    private func takeTurn(_ batch: Batch) async throws(StoreError) -> Turn {
        let extra: [Catalog.Version: Catalog]
        do {
            extra = try await catalogs.facts(for: batch.needs)
        } catch {
            var turn = Turn()
            turn.verdict.rest = batch.retry(from: batch.commands.startIndex, after: error)
            if turn.verdict.rest == nil {
                turn.replies = batch.commands.map { Reply(command: $0, result: batch.failure(error)) }
            }
            return turn
        }
        let latest = Lock(Turn())
        let outcome = try await store.update(batch.loadItem(knownRevision: nil, at: clock.now())) { loaded in
            let turn = self.turn(batch, on: loaded, catalogs: extra)
            latest.withLock { $0 = turn }
            return turn.verdict.isToBeCommitted ? turn.verdict.commitItem : nil
        }
        var turn = latest.withLock { $0 }
        if let outcome, outcome != .committed {
            turn = Turn(verdict: Verdict(rest: batch.again(after: outcome)))
        }
        return turn
    }

    /// Decides what there is to be decided in a turn.
    private func turn(
        _ batch: Batch,
        on loaded: LoadedAccount,
        catalogs: [Catalog.Version: Catalog]
    ) -> Turn {
        let base = loaded.account ?? Account(customer: batch.customer)
        var turn = Turn(base: base.revision)
        var decisions = Decisions(batch, on: base, with: loaded, catalogs: catalogs, at: clock.now())
        for (index, command) in zip(batch.commands.indices, batch.commands) {
            guard decisions.take(command, at: index, against: nil, by: self, replies: &turn.replies) else { break }
        }
        turn.verdict = decisions.end(by: self)
        return turn
    }
}
