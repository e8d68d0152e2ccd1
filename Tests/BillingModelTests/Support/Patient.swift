import BillingModel
import Testing

/// An account in which something was changed that no command has changed, with the journal that knows better.
struct Patient {
    private(set) var account: Account
    private var ledger: Ledger

    /// Creates the account of a ledger with other parts in the place of those that are given.
    init(
        _ ledger: Ledger,
        standing: Account.Standing? = nil,
        periods: [Account.Period]? = nil,
        grants: [Account.Grant]? = nil,
        holds: [Account.Hold]? = nil,
        levels: [Account.Level]? = nil,
        windows: [Account.Window]? = nil,
        overrides: [Account.Override]? = nil,
        trial: Account.Trial? = nil,
        firstPurchaseAt: Timestamp? = nil,
        subscriptions: [Subscription]? = nil
    ) {
        self.ledger = ledger
        let sound = ledger.account
        account = Account(
            customer: sound.customer,
            revision: sound.revision,
            instant: sound.instant,
            anchor: sound.anchor,
            standing: standing ?? sound.standing,
            periods: periods ?? sound.periods,
            grants: grants ?? sound.grants,
            holds: holds ?? sound.holds,
            levels: levels ?? sound.levels,
            windows: windows ?? sound.windows,
            warnings: sound.warnings,
            overrides: overrides ?? sound.overrides,
            trial: trial ?? sound.trial,
            firstPurchaseAt: firstPurchaseAt ?? sound.firstPurchaseAt,
            subscriptions: subscriptions ?? sound.subscriptions,
            benefits: sound.benefits,
            upgrades: sound.upgrades
        )
        journal = ledger.journal
    }

    private(set) var journal: [Account.Change]

    /// The account that the journal leads to.
    var folded: Account { Account(folding: journal, of: account.customer) }

    /// What is wrong in the account by itself.
    var faults: [Account.Finding.Fault] { account.findings(in: ledger.catalog).map(\.fault) }

    /// What is wrong in the account by itself and by its journal.
    var findings: [Account.Finding] { account.findings(against: folded, in: ledger.catalog) }

    @discardableResult
    mutating func send(_ command: Account.Command, at now: Timestamp) throws -> Account.Decision {
        let decision = try decide(command, at: now)
        if let change = decision.change {
            let isNext = account.apply(change)
            #expect(isNext)
            journal.append(change)
        }
        return decision
    }

    /// Decides a command with the usage that the journal had before anything was changed.
    private func decide(_ command: Account.Command, at now: Timestamp) throws -> Account.Decision {
        var facts = Account.Facts()
        for period in account.periods {
            let start = period.span.start
            facts.usage[.init(period.subject, since: start)] = ledger.usage(of: period.subject, since: start)
        }
        return try account.decide(command, facts: facts, at: now, in: ledger.catalog)
    }

    /// Applies the repair of a finding.
    mutating func repair(_ finding: Account.Finding) throws {
        let repair = try #require(finding.repair)
        #expect(try send(repair, at: account.instant).answer == .repaired)
    }

    /// Applies the repairs of all that is found, in the order in which it is found, until nothing is.
    mutating func mend() throws {
        for _ in 0..<3 { for finding in findings { try repair(finding) } }
        #expect(findings == [])
        #expect(account == folded, "the journal leads to what was mended")
    }
}
