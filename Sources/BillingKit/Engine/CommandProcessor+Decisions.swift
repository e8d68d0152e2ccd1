extension CommandProcessor {
    /// The decisions about one customer's commands, each on the state that the ones before it leave.
    struct Decisions {
        private(set) var account: Account
        var verdict = Verdict()
        private let batch: Batch
        private let loaded: LoadedAccount
        private let catalogs: [Catalog.Version: Catalog]
        private let now: Timestamp
        private var known: KnownFacts
        private var isSettled = false

        /// Begins with an account as it is stored.
        ///
        /// - Parameters:
        ///   - batch: The commands that will be decided.
        ///   - base: The account.
        ///   - loaded: What the store said of it.
        ///   - catalogs: The earlier catalogs that the batch needs.
        ///   - now: The instant of the decisions.
        init(
            _ batch: Batch,
            on base: Account,
            with loaded: LoadedAccount,
            catalogs: [Catalog.Version: Catalog],
            at now: Timestamp
        ) {
            (account, self.batch, self.loaded, self.catalogs, self.now) = (base, batch, loaded, catalogs, now)
            known = KnownFacts(loaded, for: batch.commands.map(\.command), needs: batch.needs)
            verdict.storedDueAt = loaded.dueAt
        }

        /// Decides the next command.
        ///
        /// - Parameters:
        ///   - command: The command.
        ///   - index: Where it stands in the batch.
        ///   - examination: What the account is held against.
        ///   - processor: Who has the catalogs.
        ///   - replies: Where its answer is put, to be given once what was decided is written.
        /// - Returns: Whether the next one can be decided; otherwise this one and what follows is left for another round,
        ///   with more facts.
        mutating func take(
            _ command: PendingCommand,
            at index: Int,
            against examination: Examination?,
            by processor: CommandProcessor,
            replies: inout [Reply]
        ) -> Bool {
            do throws(Account.DecisionError) {
                let facts = known.facts(for: command.command, catalogs: catalogs)
                let decision = try processor.decide(
                    command.command,
                    on: account,
                    facts: facts,
                    against: examination,
                    at: now
                )
                if let change = decision.change {
                    account.apply(change)
                    known.note(change)
                    verdict.changes.append(change)
                    if let lease = command.lease {
                        verdict.settlements.append(DeliverySettlement(lease: lease, state: .done, detail: "applied"))
                    }
                }
                if case .settle = command.command.action { isSettled = true }
                replies.append(Reply(command: command, result: .success(decision.answer)))
            } catch {
                if case .missing(let needs) = error.code, !batch.needs.contains(all: needs) {
                    verdict.rest = batch.remainder(from: index, needs: batch.needs + needs)
                    return false
                }
                replies.append(Reply(command: command, result: .failure(error)))
            }
            return true
        }

        /// Returns what was decided.
        consuming func end(by processor: CommandProcessor) -> Verdict {
            verdict.isRescheduled =
                isSettled && verdict.changes.isEmpty && !account.isNew && loaded.dueAt.map { $0 <= now } ?? false
            let dueAt = verdict.isToBeCommitted ? processor.dueAt(of: account, at: now) : loaded.dueAt
            verdict.state = AccountState(account, dueAt: dueAt)
            return verdict
        }
    }
}
