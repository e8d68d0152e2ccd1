extension CommandProcessor {
    /// The commands of one customer that are decided together.
    struct Batch: Sendable {
        let customer: CustomerID
        var commands: [PendingCommand]
        /// Facts that decisions have turned out to need.
        var needs: [Account.Facts.Need] = []
        /// Whether what the store has must be asked for before anything is decided.
        var mustLoad = false
        /// The fault after which it is not known whether the commands are written, until it has been looked up.
        var unknown: StoreError?

        /// Whether an account is to be examined, or what was found mended.
        var hasExamination: Bool { commands.contains { $0.examination != nil } }

        /// Whether nobody asks for anything, and only time is caught up with.
        var isOnlySettled: Bool {
            commands.allSatisfy { if case .settle = $0.command.action { true } else { false } }
        }

        static func sorted(_ commands: [PendingCommand]) -> [Batch] {
            var batches: [Batch] = []
            var places: [CustomerID: Int] = [:]
            for command in commands {
                let customer = command.customer
                // Commands on one account often come together, and then nothing has to be looked up.
                if let last = batches.indices.last, batches[last].customer == customer {
                    batches[last].commands.append(command)
                } else if let place = places[customer] {
                    batches[place].commands.append(command)
                } else {
                    places[customer] = batches.count
                    batches.append(Batch(customer: customer, commands: [command]))
                }
            }
            return batches
        }

        /// Returns the commands from a place on, which are decided on what the store has.
        func remainder(from index: Int, needs: [Account.Facts.Need]) -> Batch {
            Batch(customer: customer, commands: Array(commands[index...]), needs: needs, mustLoad: true)
        }

        func loadItem(knownRevision: Int64?, at now: Timestamp) -> LoadRequest.Item {
            LoadRequest.Item(
                for: commands.map(\.command),
                of: customer,
                knownRevision: knownRevision,
                needs: needs,
                at: now
            )
        }

        /// Takes in that a round ended with a fault.
        mutating func note(_ error: StoreError) {
            mustLoad = true
            if error.code == .outcomeUnknown { unknown = error }
        }

        /// Gives the callers an error.
        func fail(_ error: any Error) {
            // A later fault must not say that nothing was written when an earlier one left it open.
            for command in commands { command.answer(.failure(unknown ?? error)) }
        }
    }

    /// What was decided for one customer.
    struct Verdict: Sendable {
        var account: Account?
        /// When the account is due from now on.
        var dueAt: Timestamp?
        /// When the account is due as far as the store knows.
        var storedDueAt: Timestamp?
        /// Whether it was settled, and nothing was to be done, though the store had it as due.
        var isRescheduled = false
        var changes: [Account.Change] = []
        /// Keys that were taken to be free, apart from those of the changes.
        var assumedKeys: [Account.Key] = []
        var settlements: [DeliverySettlement] = []
        var answers: [(PendingCommand, Result<Account.Answer, any Error>)] = []
        /// What is left for another round.
        var rest: Batch?

        /// Whether there is something to write.
        var isToBeCommitted: Bool { !changes.isEmpty || isRescheduled }

        var commitItem: CommitRequest.Item? {
            account.map { account in
                CommitRequest.Item(
                    account: account,
                    changes: changes,
                    dueAt: dueAt,
                    setsDueAt: dueAt != storedDueAt || isRescheduled,
                    assumedKeys: assumedKeys,
                    settlements: settlements
                )
            }
        }
    }
}

extension LoadRequest.Item {
    /// Creates the question for everything that decisions about commands of one customer have to know.
    ///
    /// - Parameters:
    ///   - commands: The commands.
    ///   - customer: Whose account they are about.
    ///   - knownRevision: The revision that the caller already has.
    ///   - needs: Facts that decisions have turned out to need.
    ///   - now: The instant of the decisions.
    init(
        for commands: [Account.Command],
        of customer: CustomerID,
        knownRevision: Int64? = nil,
        needs: [Account.Facts.Need],
        at now: Timestamp
    ) {
        let references = commands.flatMap(\.references)
        self.init(
            customer: customer,
            knownRevision: knownRevision,
            keys: commands.compactMap(\.key),
            orders: references.filter { $0.kind == .order },
            references: references,
            usage: needs.usageQuestions,
            spending: commands.compactMap(\.spendingKey),
            events: commands.flatMap(\.events),
            eventsSince: now.advanced(by: .zero - Account.eventMemory)
        )
    }
}

extension [Account.Facts.Need] {
    var usageQuestions: [Account.Facts.UsageQuestion] {
        compactMap { if case .usage(let question) = $0 { question } else { nil } }
    }

    func contains(all others: [Account.Facts.Need]) -> Bool {
        others.allSatisfy(contains)
    }
}
