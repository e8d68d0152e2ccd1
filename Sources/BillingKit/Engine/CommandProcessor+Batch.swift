extension CommandProcessor {
    /// The commands of one customer that are decided together.
    struct Batch: Sendable {
        let customer: CustomerID
        /// A slice, which for most is one of the whole group's.
        var commands: ArraySlice<PendingCommand>
        /// Facts that decisions have turned out to need.
        var needs: [Account.Facts.Need] = []
        /// Whether what the store has must be asked for before anything is decided.
        var mustLoad = false
        /// The fault after which it is not known whether the commands are written, until it has been looked up.
        var unknown: StoreError?
        /// How often another server was faster, or had the account locked.
        var losses = 0
        /// How often what it asks the store beyond its account has met with a fault.
        private var faults = 0

        init(
            customer: CustomerID,
            commands: ArraySlice<PendingCommand>,
            needs: [Account.Facts.Need] = [],
            mustLoad: Bool = false
        ) {
            self.customer = customer
            self.commands = commands
            self.needs = needs
            self.mustLoad = mustLoad
        }

        /// Whether an account is to be examined, or what was found mended.
        var hasExamination: Bool { commands.contains { $0.examination != nil } }

        /// Where those end that are decided together: an examination is decided by itself.
        ///
        /// So nothing that follows one has been tried before what precedes it is answered.
        var endOfFirst: Int {
            guard let first = commands.first, first.examination == nil else {
                return min(commands.startIndex + 1, commands.endIndex)
            }
            return commands.firstIndex { $0.examination != nil } ?? commands.endIndex
        }

        /// Whether nobody asks for anything, and only time is caught up with.
        var isOnlySettled: Bool {
            commands.allSatisfy { if case .settle = $0.command.action { true } else { false } }
        }

        /// Returns commands by customer, each customer's in the order they came.
        static func sorted(_ commands: [PendingCommand]) -> [Batch] {
            var batches: [Batch] = []
            batches.reserveCapacity(commands.count)
            var places: [CustomerID: Int] = [:]
            if commands.count > 1 { places.reserveCapacity(commands.count) }
            var index = commands.startIndex
            while index < commands.endIndex {
                let customer = commands[index].customer
                // Commands on one account often come together, and then nothing has to be looked up or copied.
                let end = commands[index...].firstIndex { $0.customer != customer } ?? commands.endIndex
                let run = commands[index..<end]
                if let place = places.updateValue(batches.count, forKey: customer) {
                    places[customer] = place
                    batches[place].commands += run
                } else {
                    batches.append(Batch(customer: customer, commands: run))
                }
                index = end
            }
            return batches
        }

        /// Returns the commands from a place on, which are decided on what the store has.
        func remainder(from index: Int, needs: [Account.Facts.Need]) -> Batch {
            var rest = Batch(customer: customer, commands: commands[index...], needs: needs, mustLoad: true)
            // What became of the first decides what became of them all.
            if index == commands.startIndex { rest.unknown = unknown }
            return rest
        }

        /// Returns all the commands for another round, after the store has written nothing of them this time.
        func again(after outcome: CommitOutcome) -> Batch {
            var again = remainder(from: commands.startIndex, needs: needs)
            again.losses = losses
            if outcome == .conflict || outcome == .locked { again.losses += 1 }
            return again
        }

        /// Whether it is to wait for its turn at the account, instead of trying to be faster than others.
        ///
        /// Not at once: most who meet do not meet again, and what waits for turns is not written together with other
        /// accounts.
        var isToTakeTurns: Bool { losses >= 3 }

        /// Returns the commands from a place on for another try at what met with a fault, or `nil` where there is no
        /// sense in one.
        func retry(from index: Int, after error: any Error) -> Batch? {
            guard let error = error as? StoreError, error.isTransient, faults + 1 < maximumFaults else { return nil }
            var rest = remainder(from: index, needs: needs)
            rest.unknown = unknown
            rest.faults = faults + 1
            return rest
        }

        /// What a caller is told who can be told nothing better than an error.
        func failure(_ error: any Error) -> Result<Account.Answer, any Error> {
            // A later fault must not say that nothing was written when an earlier one left it open.
            .failure(unknown ?? error)
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
            for command in commands { command.answer(failure(error)) }
        }
    }

    /// What a caller is told.
    struct Reply: Sendable {
        let command: PendingCommand
        let result: Result<Account.Answer, any Error>

        func give() { command.answer(result) }
    }

    /// A batch beside what mentions it.
    private final class BatchBox: Sendable {
        let batch: Batch

        init(_ batch: Batch) {
            self.batch = batch
        }
    }

    /// What was decided for one customer.
    struct Verdict: Sendable {
        /// The account as it is from now on.
        var state: AccountState?
        /// When the account is due as far as the store knows.
        var storedDueAt: Timestamp?
        /// Whether it was settled, and nothing was to be done, though the store had it as due.
        var isRescheduled = false
        var changes: [Account.Change] = []
        /// Keys that were taken to be free, apart from those of the changes.
        var assumedKeys: [Account.Key] = []
        var settlements: [DeliverySettlement] = []
        /// Which of the round's replies are to be given.
        var replies = 0..<0
        /// What is left for another round; seldom anything, and large where it is.
        var rest: Batch? {
            get { boxedRest?.batch }
            set { boxedRest = newValue.map(BatchBox.init) }
        }

        private var boxedRest: BatchBox?

        /// Creates the verdict that nothing was decided.
        ///
        /// - Parameter rest: What is left for another round.
        init(rest: Batch? = nil) {
            boxedRest = rest.map(BatchBox.init)
        }

        /// Whether hosts want to hear of something in it.
        var hasNotices: Bool { changes.contains { !$0.notices.isEmpty } }

        /// Whether there is something to write.
        var isToBeCommitted: Bool { !changes.isEmpty || isRescheduled }

        var commitItem: CommitRequest.Item? {
            state.map { state in
                CommitRequest.Item(
                    state,
                    changes: changes,
                    setsDueAt: state.dueAt != storedDueAt || isRescheduled,
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
            orders: references.filter { $0.kind == .order } + needs.subscriptions.map(\.providerReference),
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

    /// The subscriptions whose orders are needed.
    var subscriptions: [Subscription.Key] {
        compactMap { if case .orders(of: let key) = $0 { key } else { nil } }
    }

    func contains(all others: [Account.Facts.Need]) -> Bool {
        others.allSatisfy(contains)
    }
}
