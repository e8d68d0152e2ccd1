extension CommandProcessor {
    /// Returns a customer's overview, from the store and not from memory.
    func overview(of customer: CustomerID) async throws -> Account.Overview {
        try await clock.confirm()
        var needs: [Account.Facts.Need] = []
        while true {
            let item = LoadRequest.Item(customer: customer, usage: needs.usageQuestions)
            let (account, loaded) = try await load(item)
            let facts = Account.Facts(usage: loaded.usage, catalogs: try await catalogs.facts(for: needs))
            do throws(Account.DecisionError) {
                return try account.overview(facts: facts, at: clock.now(), in: catalogs.current)
            } catch {
                needs = try more(needs, after: error)
            }
        }
    }

    /// Returns a customer's overview as it was at an instant, from the journal alone.
    ///
    /// What the store knows of the past it knows as of today, so everything that the overview asks about is counted
    /// here, up to the instant.
    func overview(of customer: CustomerID, asOf instant: Timestamp) async throws -> Account.Overview {
        var needs: [Account.Facts.Need] = []
        while true {
            var account = Account(customer: customer)
            var usage = Dictionary(needs.usageQuestions.map { ($0, Account.Facts.Usage()) }) { first, _ in first }
            let isWhole = try await fold(&account) { change in
                guard change.recordedAt <= instant else { return false }
                usage.note(change)
                return true
            }
            guard isWhole else {
                throw StoreError(.corrupt, "A change is missing in the journal after revision \(account.revision).")
            }
            let facts = Account.Facts(usage: usage, catalogs: try await catalogs.facts(for: needs))
            let catalog = try await catalogs.catalog(account.standing?.catalog ?? catalogs.current.version)
            do throws(Account.DecisionError) {
                return try account.overview(facts: facts, at: instant, in: catalog)
            } catch {
                needs = try more(needs, after: error)
            }
        }
    }

    /// Decides a command on what the store has, without committing anything.
    func decision(about command: Account.Command, for customer: CustomerID) async throws -> Account.Decision {
        try await withFacts(for: command, of: customer) { account, facts, now, catalog throws(Account.DecisionError) in
            try account.decide(command, facts: facts, at: now, in: catalog)
        }
    }

    /// Loads a customer's account with all facts that an answer about a command turns out to need.
    func withFacts<Answer>(
        for command: Account.Command,
        of customer: CustomerID,
        _ answer: (Account, Account.Facts, Timestamp, Catalog) throws(Account.DecisionError) -> Answer
    ) async throws -> Answer {
        try await clock.confirm()
        var needs: [Account.Facts.Need] = []
        while true {
            let now = clock.now()
            let (account, loaded) = try await load(
                LoadRequest.Item(for: [command], of: customer, needs: needs, at: now)
            )
            let known = KnownFacts(loaded, for: [command], needs: needs)
            let facts = known.facts(for: command, catalogs: try await catalogs.facts(for: needs))
            do throws(Account.DecisionError) {
                return try answer(account, facts, now, catalogs.current)
            } catch {
                needs = try more(needs, after: error)
            }
        }
    }

    /// Goes on folding a customer's journal.
    ///
    /// - Parameters:
    ///   - account: The account that the journal folds to as far as it was read.
    ///   - isWanted: Whether the next change is to be taken in; at the first that is not, the fold ends.
    /// - Returns: Whether each change followed the one before it.
    /// - Throws: ``StoreError``.
    @discardableResult
    func fold(
        _ account: inout Account,
        while isWanted: (Account.Change) -> Bool
    ) async throws(StoreError) -> Bool {
        var isOver = false
        while !isOver {
            let query = JournalQuery(customer: account.customer, after: account.revision)
            let page = try await store.journal(query)
            isOver = page.count < query.limit
            for change in page {
                guard isWanted(change) else {
                    isOver = true
                    break
                }
                guard account.apply(change) else { return false }
            }
            // Where a hand has changed it, it may come to anything; and that must not trap.
            guard account.isCountable else {
                throw StoreError(
                    .corrupt,
                    "The journal of '\(account.customer)' adds up to numbers beyond what can be counted."
                )
            }
        }
        return true
    }

    private func load(_ item: LoadRequest.Item) async throws(StoreError) -> (Account, LoadedAccount) {
        guard let loaded = try await store.load(LoadRequest(items: [item])).first, let account = loaded.account
        else { throw StoreError(.corrupt, "The store gave no answer for an account.") }
        return (account, loaded)
    }

    private func more(
        _ needs: [Account.Facts.Need],
        after error: Account.DecisionError
    ) throws(Account.DecisionError) -> [Account.Facts.Need] {
        guard case .missing(let missing) = error.code, !needs.contains(all: missing) else { throw error }
        return needs + missing
    }
}
