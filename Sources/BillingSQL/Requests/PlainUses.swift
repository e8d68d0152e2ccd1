import BillingKit

/// Uses that draw on the grant of the running period and do nothing else, as nearly all do.
///
/// Their rows say little, so they have statements of their own, with few columns; and what such a use does to an account is
/// known without looking at the rest of it.
struct PlainUses {
    // Values are gathered column by column: a commit may be of hundreds of rows.
    private var accounts = Accounts()
    private var journal = Journal()
    /// The uses of the account that is being added.
    private var uses: [Use] = []

    /// The number of accounts.
    var count: Int { accounts.customers.count }

    /// Adds an account's changes if that is what they are, and returns whether they were.
    mutating func add(_ item: CommitRequest.Item) -> Bool {
        let account = item.account
        guard !item.changes.isEmpty, item.baseRevision > 0, account.windows.isEmpty else { return false }
        uses.removeAll(keepingCapacity: true)
        for change in item.changes {
            guard let use = Use(change), uses.isEmpty || use.isOnSameGrant(as: uses[0]) else { return false }
            uses.append(use)
        }
        var (amount, first) = (0 as Int64, uses[0].at)
        for use in uses {
            let (sum, isTooLarge) = amount.addingReportingOverflow(use.amount)
            guard !isTooLarge else { return false }
            (amount, first) = (sum, min(first, use.at))
        }
        guard let period = account.period(of: uses[0].meter, with: uses[0].grant, notAfter: first)
        else { return false }
        let customer = account.customer.rawValue
        accounts.add(account, customer, period, amount, uses)
        for use in uses { journal.add(use, of: customer) }
        return true
    }

    /// The step that advances the accounts; `nil` where there are none.
    var advanceStep: SQLStep? {
        count == 0
            ? nil
            : SQLStep(
                Self.advance,
                [
                    .texts(accounts.customers), .integers(accounts.revisions), .integers(accounts.instants),
                    .integers(accounts.changeCounts),
                ]
            )
    }

    /// The step that counts the uses in the balances; `nil` where there are none.
    var balanceStep: SQLStep? {
        count == 0
            ? nil
            : SQLStep(
                Self.count,
                [
                    .texts(accounts.customers), .texts(accounts.meters), .integers(accounts.amounts),
                    .integers(accounts.lastUses),
                ]
            )
    }

    /// The customers, kinds and names of the balances; `nil` where there are none.
    var places: [SQLColumn]? {
        let kinds = [String?](repeating: "meter", count: count)
        return count == 0 ? nil : [.texts(accounts.customers), .texts(kinds), .texts(accounts.meters)]
    }

    /// The step that writes them to the journal; `nil` where there are none.
    var journalStep: SQLStep? {
        count == 0
            ? nil
            : SQLStep(
                Self.record,
                [
                    .texts(journal.customers), .integers(journal.revisions), .texts(journal.kinds),
                    .texts(journal.keys), .integers(journal.fingerprints), .texts(journal.members),
                    .integers(journal.instants), .texts(journal.meters), .integers(journal.amounts),
                    .integers(journal.remainders), .texts(journal.grants), .texts(journal.sources),
                ]
            )
    }

    private static let advance = SQLStatement(
        updatingOneOf: AccountTables.accounts.name,
        set: "revision = ?2, instant = ?3",
        where: "customer = ?1 AND revision = ?2 - ?4"
    )

    /// By how much, and not what it comes to: then the columns hardly differ between the rows.
    private static let count = SQLStatement(
        updatingOneOf: AccountTables.balances.name,
        set: "used = used + ?3, last_used_at = ?4, grant_used = grant_used + ?3",
        where: "customer = ?1 AND subject_kind = 'meter' AND subject = ?2",
        .isLost
    )

    private static let record = SQLStatement(
        insertingInto: JournalTables.journal.name,
        values: [
            ("customer", "?1"), ("revision", "?2"), ("ordinal", "0"), ("kind", "?3"), ("key", "?4"),
            ("fingerprint", "?5"), ("member", "?6"), ("recorded_at", "?7"), ("effective_at", "?7"),
            ("receipt_subject_kind", "'meter'"), ("receipt_subject", "?8"), ("receipt_amount", "?9"),
            ("receipt_overage", "0"), ("receipt_is_late", "0"), ("receipt_skipped", "0"), ("receipt_remaining", "?10"),
            ("effect", "'drawn'"), ("meter", "?8"), ("grant_id", "?11"), ("amount", "?9"), ("used_at", "?7"),
            ("word", "?12"),
        ]
    )
}

extension PlainUses {
    /// A use as its change tells it.
    private struct Use {
        let revision: Int64
        let kind: String
        let key: String?
        let fingerprint: Int64
        let member: String?
        let at: Timestamp
        let meter: Meter.ID
        let amount: Int64
        let remaining: Int64?
        let grant: Account.Grant.ID
        let source: Account.Grant.Source

        /// Reads a change; `nil` where it is anything else.
        init?(_ change: Account.Change) {
            let effects = change.effects
            guard effects.count == 1, case .drawn(let draw) = effects[0], draw.pool == nil,
                case .grant(let grant, let source) = draw.cover,
                let receipt = change.receipt, receipt.others.isEmpty, !receipt.isLate, receipt.skipped == 0
            else { return nil }
            let (line, instant) = (receipt.line, change.recordedAt)
            guard line.amount == draw.amount, line.overage == 0, case .meter(let meter) = line.subject,
                meter == draw.meter, change.effectiveAt == instant, draw.at == instant,
                change.notices.isEmpty, change.references.isEmpty, change.events.isEmpty, change.reason == nil
            else { return nil }
            revision = change.revision
            kind = change.kind.rawValue
            key = change.key?.rawValue
            fingerprint = change.fingerprint
            member = change.member?.rawValue
            at = instant
            self.meter = meter
            amount = draw.amount
            if case .units(let units) = line.remaining { remaining = units } else { remaining = nil }
            self.grant = grant
            self.source = source
        }

        func isOnSameGrant(as other: Use) -> Bool {
            meter == other.meter && grant == other.grant
        }
    }

    /// The accounts' rows, and those of their balances.
    private struct Accounts {
        var customers: [String?] = []
        var revisions: [Int64?] = []
        var instants: [Int64?] = []
        var changeCounts: [Int64?] = []
        var meters: [String?] = []
        var amounts: [Int64?] = []
        var lastUses: [Int64?] = []

        mutating func add(
            _ account: Account,
            _ customer: String,
            _ period: Account.Period,
            _ amount: Int64,
            _ uses: [Use]
        ) {
            customers.append(customer)
            revisions.append(account.revision)
            instants.append(account.instant.microseconds)
            changeCounts.append(Int64(uses.count))
            meters.append(uses[0].meter.rawValue)
            amounts.append(amount)
            lastUses.append(period.lastUsed?.microseconds)
        }
    }

    /// The journal's rows.
    private struct Journal {
        var customers: [String?] = []
        var revisions: [Int64?] = []
        var kinds: [String?] = []
        var keys: [String?] = []
        var fingerprints: [Int64?] = []
        var members: [String?] = []
        var instants: [Int64?] = []
        var meters: [String?] = []
        var amounts: [Int64?] = []
        var remainders: [Int64?] = []
        var grants: [String?] = []
        var sources: [String?] = []

        mutating func add(_ use: Use, of customer: String) {
            customers.append(customer)
            revisions.append(use.revision)
            kinds.append(use.kind)
            keys.append(use.key)
            fingerprints.append(use.fingerprint)
            members.append(use.member)
            instants.append(use.at.microseconds)
            meters.append(use.meter.rawValue)
            amounts.append(use.amount)
            remainders.append(use.remaining)
            grants.append(use.grant.rawValue)
            sources.append(use.source.rawValue)
        }
    }
}

extension Account {
    /// Returns the running period of a meter whose own grant uses have drawn on, all of them in it; else `nil`.
    fileprivate func period(of meter: Meter.ID, with grant: Grant.ID, notAfter first: Timestamp) -> Period? {
        for balance in balances {
            guard case .meter(meter) = balance.subject else { continue }
            guard let period = balance.period, period.grant == grant, period.span.start <= first else { return nil }
            return period
        }
        return nil
    }
}
