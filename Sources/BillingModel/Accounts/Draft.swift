extension Account {
    /// A decision in the making: the state as it would be, and the effects that lead there.
    struct Draft {
        /// The state with the effects so far applied.
        private(set) var account: Account
        let facts: Facts
        let catalogs: Catalogs
        /// The decision's instant: the clock's, or the account's last one where the clock stands before it.
        let now: Timestamp
        /// When what is drawn counts.
        let effectiveAt: Timestamp
        private(set) var effects: [Effect] = []
        private(set) var notices: [Notice] = []
        private(set) var needs: [Facts.Need] = []
        private var ordinal = 0

        init(_ account: Account, for command: Command? = nil, facts: Facts, now: Timestamp, catalog: Catalog) {
            self.account = account
            self.facts = facts
            self.catalogs = Catalogs(current: catalog, others: facts.catalogs)
            self.now = max(now, account.instant)
            effectiveAt =
                if case .capture(let capture)? = command?.action { min(capture.reservedAt, self.now) } else { self.now }
        }

        /// The revision that the change makes.
        var revision: Int64 { account.revision + 1 }

        /// Adds an effect and takes it in.
        mutating func perform(_ effect: Effect) {
            effects.append(effect)
            account.apply(effect, effectiveAt: effectiveAt)
        }

        mutating func notice(_ kind: Notice.Kind) {
            notices.append(
                Notice(customer: account.customer, revision: revision, ordinal: notices.count, kind: kind, at: now)
            )
        }

        mutating func need(_ need: Facts.Need) {
            if !needs.contains(need) { needs.append(need) }
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
            references: [ProviderReference] = []
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
                references: references
            )
        }
    }
}
