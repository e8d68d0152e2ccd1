extension BillingSystem {
    /// Returns whether this is the store that the system keeps everything in.
    package func isKept(in other: any BillingStore & AnyObject) -> Bool {
        (store as AnyObject) === other
    }

    /// Performs a command inside a transaction that somebody else has opened, and will commit or roll back.
    ///
    /// What is remembered of the account is neither used nor changed. Once it is committed, or may be, whoever opened the
    /// transaction says so to ``accountsWereCommitted(_:)``.
    ///
    /// - Throws: ``StoreError``; ``BillingError``, with `shutDown` where the mailbox would not accept the command either;
    ///   ``/BillingModel/Account/DecisionError``. Of this command nothing is written then, where the transaction keeps
    ///   its word.
    package func answer(
        to command: Account.Command,
        for customer: CustomerID,
        inside transaction: some OpenTransaction
    ) throws -> Account.Answer {
        switch command.action {
        case .examine, .repair:
            throw BillingError(
                .notInTransaction,
                "The command reads the customer's whole journal, and everybody would wait for it; use the billing system."
            )
        default: break
        }
        guard mailbox.accepts(command, for: customer) else { throw BillingError.shutDown }
        var needs: [Account.Facts.Need] = []
        while true {
            let now = clock.now()
            let item = LoadRequest.Item(for: [command], of: customer, needs: needs, at: now)
            guard
                let loaded = try transaction.load(LoadRequest(items: [item], precedesCommit: true)).first,
                var account = loaded.account
            else { throw StoreError(.corrupt, "The store gave no answer for an account.") }
            let facts = CommandProcessor.KnownFacts(loaded, for: [command])
                .facts(for: command, catalogs: try catalogs(for: needs, inside: transaction))
            let decision: Account.Decision
            do throws(Account.DecisionError) {
                decision = try account.decide(command, facts: facts, at: now, in: catalog)
            } catch {
                guard case .missing(let missing) = error.code, !needs.contains(all: missing) else { throw error }
                needs += missing
                continue
            }
            guard let change = decision.change else { return decision.answer }
            account.apply(change)
            let dueAt = processor.dueAt(of: account, at: now)
            let outcomes = try transaction.commit(
                CommitRequest(items: [.init(account: account, changes: [change], dueAt: dueAt)])
            )
            guard outcomes == [.committed] else {
                throw StoreError(
                    .corrupt,
                    "Inside one transaction, revision \(change.revision) of '\(customer)' met another: \(outcomes)."
                )
            }
            return decision.answer
        }
    }

    private func catalogs(
        for needs: [Account.Facts.Need],
        inside transaction: some OpenTransaction
    ) throws -> [Catalog.Version: Catalog] {
        var found = processor.catalogs.earlierCatalogs
        for case .catalog(let version) in needs where found[version] == nil && version != catalog.version {
            guard let catalog = try transaction.catalog(version) else {
                throw BillingError.catalogMissing(version)
            }
            found[version] = catalog
        }
        return found
    }

    /// Uses units up inside a transaction that somebody else has opened.
    package func consume(
        _ use: Account.Command.Consumption,
        for customer: CustomerID,
        by member: MemberID?,
        reference: String?,
        key: Key,
        inside transaction: some OpenTransaction
    ) throws -> Consumption {
        let command = try command(.consume(use), by: member, reference: reference, key: key)
        return switch try answer(to: command, for: customer, inside: transaction) {
        case .applied(let receipt), .repeated(let receipt): .consumed(receipt)
        case .denied(let denial): .denied(denial)
        case let other: throw unexpected(other)
        }
    }

    /// Gives units inside a transaction that somebody else has opened.
    package func grant(
        _ granting: Account.Command.Granting,
        to customer: CustomerID,
        by member: MemberID?,
        key: Key,
        inside transaction: some OpenTransaction
    ) throws -> Granting {
        let command = try command(.grant(granting), by: member, key: key)
        return switch try answer(to: command, for: customer, inside: transaction) {
        case .granted(let receipt, let id): .granted(receipt, id)
        case .repeated(let receipt): .granted(receipt, receipt.grant)
        case .alreadyGranted: .alreadyGranted
        case let other: throw unexpected(other)
        }
    }

    /// Forgets customers on whose accounts somebody else has committed, or may have.
    ///
    /// What is remembered of them would be older than it says: nobody has confirmed it since.
    package func accountsWereCommitted(_ customers: Set<CustomerID>) {
        for customer in customers { mailbox.cache(of: customer).forget(CollectionOfOne(customer)) }
    }

    /// Sees to it that notices are told which somebody else has committed.
    package func noticesWereCommitted() {
        notices.wake()
    }
}
