extension BillingSystem {
    /// Returns whether this is the store that the system keeps everything in.
    package func isKept(in other: any BillingStore & AnyObject) -> Bool {
        (store as AnyObject) === other
    }

    /// Makes sure that this server's clock is not far ahead of the store's.
    ///
    /// - Parameter ask: Returns the store's time, asked for on the connection that is to be used anyway: whoever has that may
    ///   be who every other one waits for.
    /// - Throws: ``StoreError``, with ``StoreError/Code/clockAhead`` when it is.
    package func confirmTime(asking ask: () async throws(StoreError) -> Timestamp?) async throws(StoreError) {
        try await clock.confirm(asking: ask)
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
        var command = try HostedCommand(command, for: customer, by: self)
        while true {
            let loaded = try transaction.load(command.request())
            var catalogs: [Catalog.Version: Catalog] = [:]
            for version in command.catalogVersions { catalogs[version] = try transaction.catalog(version) }
            guard let verdict = try command.decide(on: loaded, catalogs) else { continue }
            if let commit = verdict.commit { try verdict.confirm(try transaction.commit(commit)) }
            return verdict.answer
        }
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
        let command = try command(use, by: member, reference: reference, key: key)
        return try consumption(try answer(to: command, for: customer, inside: transaction))
    }

    /// Gives units inside a transaction that somebody else has opened.
    package func grant(
        _ granting: Account.Command.Granting,
        to customer: CustomerID,
        by member: MemberID?,
        key: Key,
        inside transaction: some OpenTransaction
    ) throws -> Granting {
        let command = try command(granting, by: member, key: key)
        return try self.granting(try answer(to: command, for: customer, inside: transaction), to: command)
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
