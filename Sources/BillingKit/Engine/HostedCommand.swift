/// A command that is performed inside a transaction which somebody else has opened, and will commit or roll back.
///
/// It calls nothing: whoever has the transaction loads what ``request()`` asks for, gives it to ``decide(on:_:)``, and
/// writes what comes out. So one loop serves a connection that blocks and one that is waited for.
///
/// What is remembered of the account is neither used nor changed. Once it is committed, or may be, whoever opened the
/// transaction says so to ``BillingSystem/accountsWereCommitted(_:)``.
package struct HostedCommand {
    /// An answer, and what has to be written for it to hold.
    package struct Verdict {
        /// The answer.
        package let answer: Account.Answer
        /// The changes, or `nil` when there are none.
        package let commit: CommitRequest?

        /// Makes sure that the changes were written.
        package func confirm(_ outcomes: [CommitOutcome]) throws(StoreError) {
            guard outcomes == [.committed] else {
                throw StoreError(.corrupt, "Inside one transaction an account met another revision: \(outcomes).")
            }
        }
    }

    private let command: Account.Command
    private let customer: CustomerID
    private let billing: BillingSystem
    private var needs: [Account.Facts.Need] = []
    private var now: Timestamp

    /// Creates a command.
    ///
    /// - Throws: ``BillingError``: `notInTransaction` when it is one that cannot be part of a transaction, `shutDown` where
    ///   the mailbox would not accept it either.
    package init(_ command: Account.Command, for customer: CustomerID, by billing: BillingSystem) throws(BillingError) {
        switch command.action {
        case .examine, .repair:
            throw BillingError(
                .notInTransaction,
                "The command reads the customer's whole journal, and everybody would wait for it; use the billing system."
            )
        default: break
        }
        self.command = command
        self.customer = customer
        self.billing = billing
        now = billing.clock.now()
        guard billing.mailbox.accepts(command, for: customer) else { throw BillingError.shutDown }
    }

    /// Returns what is to be loaded, as of now.
    package mutating func request() -> LoadRequest {
        now = billing.clock.now()
        let item = LoadRequest.Item(for: [command], of: customer, needs: needs, at: now)
        return LoadRequest(items: [item], precedesCommit: true)
    }

    /// The versions of catalogs that are to be loaded too.
    package var catalogVersions: [Catalog.Version] {
        let known = billing.processor.catalogs.earlierCatalogs
        return needs.compactMap { need in
            guard case .catalog(let version) = need, known[version] == nil, version != billing.catalog.version else {
                return nil
            }
            return version
        }
    }

    /// Decides the command.
    ///
    /// - Parameters:
    ///   - loaded: What was asked for.
    ///   - catalogs: The catalogs that were asked for.
    /// - Returns: The answer; `nil` when more has to be known, and everything is to be asked for again.
    /// - Throws: ``/BillingModel/Account/DecisionError``; ``BillingError`` when a catalog is missing; ``StoreError``.
    package mutating func decide(
        on loaded: [LoadedAccount],
        _ catalogs: [Catalog.Version: Catalog]
    ) throws -> Verdict? {
        guard let loaded = loaded.first, var account = loaded.account else {
            throw StoreError(.corrupt, "The store gave no answer for an account.")
        }
        if let version = catalogVersions.first(where: { catalogs[$0] == nil }) {
            throw BillingError.catalogMissing(version)
        }
        let known = billing.processor.catalogs.earlierCatalogs.merging(catalogs) { earlier, _ in earlier }
        let facts = CommandProcessor.KnownFacts(loaded, for: [command], needs: needs)
            .facts(for: command, catalogs: known)
        let decision: Account.Decision
        do throws(Account.DecisionError) {
            decision = try account.decide(command, facts: facts, at: now, in: billing.catalog)
        } catch {
            guard case .missing(let missing) = error.code, !needs.contains(all: missing) else { throw error }
            needs += missing
            return nil
        }
        guard let change = decision.change else { return Verdict(answer: decision.answer, commit: nil) }
        account.apply(change)
        let dueAt = billing.processor.dueAt(of: account, at: now)
        let request = CommitRequest(items: [.init(account: account, changes: [change], dueAt: dueAt)])
        return Verdict(answer: decision.answer, commit: request)
    }
}

extension BillingSystem {
    /// Returns the command that uses units up.
    package func command(
        _ use: Account.Command.Consumption,
        by member: MemberID?,
        reference: String?,
        key: Key
    ) throws(Account.DecisionError) -> Account.Command {
        try command(.consume(use), by: member, reference: reference, key: key)
    }

    /// Returns what the answer to the use of units says.
    package func consumption(_ answer: Account.Answer) throws(BillingError) -> Consumption {
        switch answer {
        case .applied(let receipt), .repeated(let receipt): .consumed(receipt)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }

    /// Returns the command that gives units.
    package func command(
        _ granting: Account.Command.Granting,
        by member: MemberID?,
        key: Key
    ) throws(Account.DecisionError) -> Account.Command {
        try command(.grant(granting), by: member, key: key)
    }

    /// Returns what the answer to a command that gives units says.
    package func granting(
        _ answer: Account.Answer,
        to command: Account.Command
    ) throws(BillingError) -> Granting {
        switch answer {
        case .granted(let receipt, let id): .granted(receipt, id)
        case .repeated(let receipt): .granted(receipt, command.action.grant(by: receipt))
        case .alreadyGranted: .alreadyGranted
        case let other: throw unexpected(other)
        }
    }

    /// Where everything is kept.
    package var keptIn: any BillingStore { store }
}
