extension CommandProcessor {
    /// What an account is held against when it is examined, and before what was found is mended.
    ///
    /// A reference, because every command in the mailbox has room for one and few have it.
    final class Examination: Sendable {
        /// The account that the journal folds to, as far as it was read.
        let folded: Account
        /// The catalogs that were ever kept: a meter that the current one has no longer is no fault.
        let catalogs: [Catalog.Version: Catalog]

        init(folded: Account, catalogs: [Catalog.Version: Catalog]) {
            self.folded = folded
            self.catalogs = catalogs
        }
    }

    /// Reads what a customer's account is to be held against.
    ///
    /// The journal may be long, so it is read before the command waits; what is committed in the meantime is little.
    func examination(of customer: CustomerID) async throws -> Examination {
        let versions = try await store.catalogVersions().filter { $0 != catalogs.current.version }
        var folded = Account(customer: customer)
        try await fold(&folded) { _ in true }
        return Examination(folded: folded, catalogs: try await catalogs.facts(for: versions.map { .catalog($0) }))
    }

    /// Returns what a command's account is held against, brought up to where the account is, so that what others did
    /// in between is not taken for a contradiction.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - revision: The revision that the account is at.
    /// - Returns: What it is held against, or `nil` for a command of another kind.
    /// - Throws: ``StoreError``.
    func examination(
        for command: PendingCommand,
        at revision: Int64
    ) async throws(StoreError) -> Examination? {
        guard let examination = command.examination else { return nil }
        var folded = examination.folded
        try await fold(&folded) { $0.revision <= revision }
        return Examination(folded: folded, catalogs: examination.catalogs)
    }

    /// Decides a command.
    func decide(
        _ command: Account.Command,
        on account: borrowing Account,
        facts: Account.Facts,
        against examination: Examination?,
        at now: Timestamp
    ) throws(Account.DecisionError) -> Account.Decision {
        guard let examination else {
            return try account.decide(command, facts: facts, at: now, in: catalogs.current)
        }
        var facts = facts
        facts.catalogs.merge(examination.catalogs) { known, _ in known }
        var command = command
        switch command.action {
        case .examine:
            command = Account.Command(.examine(folded: examination.folded), member: command.member)
        case .repair(let finding):
            // What was found a while ago may be true no longer, and its mending would do harm.
            let findings = account.findings(against: examination.folded, facts: facts, in: catalogs.current)
            guard findings.contains(finding) else { return Account.Decision(answer: .repaired) }
        default: break
        }
        return try account.decide(command, facts: facts, at: now, in: catalogs.current)
    }
}
