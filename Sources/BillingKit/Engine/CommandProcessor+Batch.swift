extension CommandProcessor {
    /// The commands of one customer that are decided together.
    struct Batch: Sendable {
        let customer: CustomerID
        var items: [Mailbox.Item]
        /// Facts that decisions have turned out to need.
        var needs: [Account.Facts.Need] = []

        /// Whether an account is to be examined, or what was found mended.
        var hasExamination: Bool { items.contains { $0.examination != nil } }

        /// Whether nobody asks for anything, and only time is caught up with.
        var isOnlySettled: Bool {
            items.allSatisfy { if case .settle = $0.command.action { true } else { false } }
        }

        static func sorted(_ items: [Mailbox.Item]) -> [Batch] {
            var batches: [Batch] = []
            var places: [CustomerID: Int] = [:]
            for item in items {
                if let place = places[item.customer] {
                    batches[place].items.append(item)
                } else {
                    places[item.customer] = batches.count
                    batches.append(Batch(customer: item.customer, items: [item]))
                }
            }
            return batches
        }

        func loadItem(knownRevision: Int64?, at now: Timestamp) -> LoadRequest.Item {
            LoadRequest.Item(
                for: items.map(\.command),
                of: customer,
                knownRevision: knownRevision,
                needs: needs,
                at: now
            )
        }

        func fail(_ error: any Error) {
            for item in items { item.answer.resume(throwing: error) }
        }
    }

    /// What was decided for one customer.
    struct Verdict {
        var account: Account?
        /// When the account is due from now on.
        var dueAt: Timestamp?
        /// Whether it was settled, and nothing was to be done, though the store had it as due.
        var isRescheduled = false
        var changes: [Account.Change] = []
        var settlements: [DeliverySettlement] = []
        var answers: [(Mailbox.Item, Result<Account.Answer, any Error>)] = []
        var unanswered: Batch?

        /// Whether there is something to write.
        var isToBeCommitted: Bool { !changes.isEmpty || isRescheduled }

        var commitItem: CommitRequest.Item? {
            account.map { account in
                CommitRequest.Item(account: account, changes: changes, dueAt: dueAt, settlements: settlements)
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
