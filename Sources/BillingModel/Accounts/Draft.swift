extension Account {
    /// A decision in the making: the state as it would be, and the effects that lead there.
    struct Draft {
        /// The state as it was.
        let base: Account
        /// The state with the effects so far applied.
        private(set) var account: Account
        let facts: Facts
        let catalogs: Catalogs
        /// The decision's instant: the clock's, or the account's last one where the clock stands before it.
        ///
        /// While the account catches up it is the instant of what is being written down.
        var now: Timestamp
        /// When the command counts: now, or for the end of work its beginning, unless its hold has lapsed.
        let effectiveAt: Timestamp
        private(set) var effects: [Effect] = []
        private(set) var notices: [Notice] = []
        private(set) var needs: [Facts.Need] = []
        /// The balances that the command has looked at, which may have run low.
        var touched: Set<Account.Balance.Subject> = []
        private var ordinal = 0

        init(_ account: Account, for command: Command? = nil, facts: Facts, now: Timestamp, catalog: Catalog) {
            base = account
            self.account = account
            self.facts = facts
            self.catalogs = Catalogs(current: catalog, others: facts.catalogs)
            self.now = max(now, account.instant)
            let hold: Hold? =
                if case .capture(let capture)? = command?.action {
                    account.holds.first { $0.id == capture.hold }
                } else {
                    nil
                }
            let instant = self.now
            let beginning = hold.flatMap { instant < $0.lapsesAt ? $0.reservedAt : nil }
            effectiveAt = min(beginning ?? instant, instant)
        }

        /// The revision that the change makes.
        var revision: Int64 { account.revision + 1 }

        /// The instant at which something counts that is drawn now: within its running period, even
        /// where the provider's clock is ahead of this one and says that the period is yet to begin.
        func countingInstant(of subject: Account.Balance.Subject) -> Timestamp {
            account.period(of: subject).map { max(now, $0.span.start) } ?? now
        }

        /// Adds an effect and takes it in.
        mutating func perform(_ effect: Effect) {
            effects.append(effect)
            account.apply(effect)
        }

        mutating func notice(_ kind: Notice.Kind) {
            notices.append(
                Notice(customer: account.customer, revision: revision, ordinal: notices.count, kind: kind, at: now)
            )
        }

        mutating func need(_ need: Facts.Need) {
            if !needs.contains(need) { needs.append(need) }
        }

        /// Returns the answer to an applied command, after telling of what has run low.
        mutating func applied(
            _ receipt: Receipt,
            to command: Command,
            under access: Access,
            takingKey: Bool = true,
            events: [Account.EventID] = [],
            reason: String? = nil
        ) -> Decision {
            warn(under: access)
            let change = change(of: command, takingKey: takingKey, receipt: receipt, events: events, reason: reason)
            return Decision(answer: .applied(receipt), change: change)
        }

        /// A name for something that this change makes, unique within the customer.
        mutating func nextName() -> String {
            defer { ordinal += 1 }
            return "\(revision).\(ordinal)"
        }

        /// The change that the effects so far make.
        func change(
            of command: Command,
            kind: Change.Kind? = nil,
            takingKey: Bool = true,
            receipt: Receipt? = nil,
            references: [ProviderReference] = [],
            events: [Account.EventID] = [],
            reason: String? = nil
        ) -> Change {
            Change(
                customer: account.customer,
                revision: revision,
                kind: kind ?? command.kind,
                key: takingKey ? command.key : nil,
                fingerprint: command.fingerprint,
                member: command.member,
                recordedAt: now,
                effectiveAt: effectiveAt,
                receipt: receipt,
                effects: effects,
                notices: notices,
                references: references,
                events: events,
                reason: reason
            )
        }
    }
}
