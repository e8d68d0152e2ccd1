extension CommandProcessor {
    /// How many turns in a row nobody else has changed an account before its commands go with others' again.
    private static let quietTurns = 8
    /// How often whoever was answered is let go first before it is said that nothing comes any more.
    private static let yields = 4

    /// Where commands on one account come from while others write to it too.
    struct TurnQueue: Sendable {
        /// Returns what has come until now, at most so many.
        let join: @Sendable (_ limit: Int) -> [PendingCommand]
        /// Ends the turns if nothing has come or nobody else writes to the account any more.
        ///
        /// Takes how the account was left, where that is known, and returns whether there will be another turn.
        let goOn: @Sendable (_ latest: AccountCache.Memory?, _ isQuiet: Bool) -> Bool
        /// The most commands of a turn.
        let largestGroup: Int
    }

    /// Answers commands on one account that others write to at the same time, or have locked.
    ///
    /// In each turn the store keeps everybody else out from before the account is loaded until what was decided is
    /// written, so every turn is a success; and everything that has come until it begins is in it. What is remembered of
    /// the account is not used meanwhile.
    ///
    /// - Parameters:
    ///   - batch: The commands; an examination only by itself.
    ///   - queue: Where more of them come from.
    func processInTurns(_ batch: Batch, from queue: TurnQueue) async {
        let commands = TurnCommands(batch, from: queue)
        var (quiet, revision) = (0, Int64?.none)
        repeat {
            let turns = await takeTurns(commands, at: revision)
            quiet = turns.metNobody ? quiet + 1 : 0
            revision = turns.latest?.state.account.revision
            // Whoever was answered comes back first, if it will: else it would go with the others, and lose.
            for _ in 0..<Self.yields { await Task.yield() }
            guard queue.goOn(turns.latest, quiet >= Self.quietTurns) else { return }
        } while true
    }

    /// The commands of a turn, to which others are added until it begins.
    private final class TurnCommands: Sendable {
        private struct State {
            var batch: Batch
            /// How often the store has begun with the turn.
            var beginnings = 0
            /// Whether the last turn had commands that were no plain yes, so that this one may too.
            var hadOthers = false

            /// Whether the keys are taken to be free.
            var isPlain: Bool {
                beginnings == 1 && !hadOthers && !batch.mustLoad && batch.commands.allSatisfy(\.needsOnlyTheAccount)
            }
        }

        private let state: Lock<State>
        private let queue: TurnQueue?

        init(_ batch: Batch, from queue: TurnQueue?) {
            state = Lock(State(batch: batch))
            self.queue = queue
        }

        var current: Batch { state.withLock(\.batch) }

        /// Takes in that a turn has ended.
        func end(_ turn: Turn) {
            state.withLock { state in
                state.hadOthers = turn.verdict.changes.count < state.batch.commands.count
                state.batch = turn.verdict.rest ?? Batch(customer: state.batch.customer, commands: [])
                state.beginnings = 0
            }
        }

        /// Takes in that a turn has ended with a fault.
        func note(_ error: StoreError) {
            state.withLock { state in
                state.batch.note(error)
                state.beginnings = 0
            }
        }

        /// Returns them all, and leaves none.
        func take() -> Batch {
            state.withLock { state in
                defer { state.batch = Batch(customer: state.batch.customer, commands: []) }
                return state.batch
            }
        }

        /// Returns those that wait to be in the turn, as many as a turn has.
        func takeWaiting() -> Batch {
            state.withLock { state in
                Batch(customer: state.batch.customer, commands: (queue?.join(queue?.largestGroup ?? 0) ?? [])[...])
            }
        }

        /// Returns what is to be loaded for them and for whatever has come meanwhile.
        ///
        /// As in a group, their keys are first taken to be free where the account is all else that they need; one that was
        /// used before cannot be written again, and then the store begins anew and is asked for them. Those that have been
        /// tried before are not mixed with others: it may not be known what became of them.
        func item(at now: Timestamp) -> LoadRequest.Item {
            state.withLock { state in
                if let queue, !state.batch.mustLoad, state.beginnings == 0 {
                    state.batch.commands += queue.join(queue.largestGroup - state.batch.commands.count)
                }
                state.beginnings += 1
                guard state.isPlain else { return state.batch.loadItem(knownRevision: nil, at: now) }
                return LoadRequest.Item(customer: state.batch.customer)
            }
        }

        /// The commands, and whether their keys are taken to be free.
        var toBeDecided: (batch: Batch, isPlain: Bool) { state.withLock { ($0.batch, $0.isPlain) } }
    }

    /// What turns at an account led to.
    private struct Turns {
        /// The account as it was left, where that is known.
        var latest: AccountCache.Memory?
        /// Whether it was found as it was left the last time.
        var metNobody = false
    }

    /// Answers commands in one turn, or in more where facts turn out to be missing.
    private func takeTurns(_ commands: TurnCommands, at revision: Int64?) async -> Turns {
        var turns = Turns()
        var (found, faults) = (Int64?.none, 0)
        for _ in 0..<Self.maximumRounds {
            do throws(StoreError) {
                try await clock.confirm()
                let begin = clock.now()
                let turn = try await takeTurn(commands, examiningAt: found)
                found = turn.base
                if turns.latest == nil { turns.metNobody = turn.base == revision }
                turns.latest = turn.verdict.state.map { AccountCache.Memory(state: $0, confirmedAt: begin) }
                commands.end(turn)
                if turn.verdict.hasNotices { didCommitNotices() }
                for reply in turn.replies { reply.give() }
                if turn.verdict.rest == nil { return turns }
            } catch {
                faults += 1
                turns = Turns()
                commands.note(error)
                if error.isTransient, faults < Self.maximumFaults { continue }
                let batch = commands.take()
                guard error.isOfData, batch.commands.count > 1 else {
                    batch.fail(error)
                    // Whoever waits would meet the same: where the store does not come to ask for them, they would wait for
                    // as long as it fails. What others do with the account is worth waiting for, and nobody has waited for
                    // that as long as the first.
                    if error.isOfStore { commands.takeWaiting().fail(error.ofWhatWasNotSent) }
                    return turns
                }
                // One bad member must not fail the others.
                for part in Self.halves(of: [batch]) {
                    var half = Batch(customer: batch.customer, commands: part[...])
                    if let unknown = batch.unknown { half.note(unknown) }
                    _ = await takeTurns(TurnCommands(half, from: nil), at: nil)
                }
                return turns
            }
        }
        commands.take().fail(Self.contention)
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
    ///
    /// For an examination the journal is read before the turn begins, because nothing can wait in it, and up to where the
    /// account was found before. Where it is at another revision by then, the examination is left for the next turn.
    private func takeTurn(_ commands: TurnCommands, examiningAt revision: Int64?) async throws(StoreError) -> Turn {
        let batch = commands.current
        var examination: Examination?
        if let first = batch.commands.first, let revision {
            examination = try await self.examination(for: first, at: revision)
        }
        let known = examination.map { (revision, $0) }
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
        let outcome = try await store.update(batch.customer) {
            commands.item(at: self.clock.now())
        } deciding: { loaded in
            let turn = self.turn(commands, on: loaded, catalogs: extra, examining: known)
            latest.withLock { $0 = turn }
            return turn.verdict.isToBeCommitted ? turn.verdict.commitItem : nil
        }
        let turn = latest.withLock { $0 }
        guard let outcome, outcome != .committed else { return turn }
        return Turn(verdict: Verdict(rest: commands.current.again(after: outcome)), base: turn.base)
    }

    /// Decides what there is to be decided in a turn.
    private func turn(
        _ commands: TurnCommands,
        on loaded: LoadedAccount,
        catalogs: [Catalog.Version: Catalog],
        examining known: (revision: Int64?, examination: Examination)?
    ) -> Turn {
        let (batch, isPlain) = commands.toBeDecided
        let now = clock.now()
        let base = loaded.account ?? Account(customer: batch.customer)
        var turn = Turn(base: base.revision)
        if isPlain {
            turn.verdict = decideAtOnce(
                batch,
                on: AccountCache.Memory(state: AccountState(base, dueAt: loaded.dueAt), confirmedAt: now),
                with: Account.Facts(catalogs: self.catalogs.earlierCatalogs),
                at: now,
                in: self.catalogs.current,
                replies: &turn.replies
            )
            return turn
        }
        if batch.hasExamination, known?.revision != base.revision {
            turn.verdict.rest = batch.again(after: .conflict)
            return turn
        }
        var decisions = Decisions(batch, on: base, with: loaded, catalogs: catalogs, at: now)
        for (index, command) in zip(batch.commands.indices, batch.commands) {
            guard
                decisions.take(command, at: index, against: known?.examination, by: self, replies: &turn.replies)
            else { break }
        }
        turn.verdict = decisions.end(by: self)
        return turn
    }
}
