package import BillingKit

extension SQLTransaction<CommitOutcome?> {
    /// Locks an account, waiting for whoever has it, loads it, has its changes decided, and writes those, in a database
    /// where others write at the same time.
    ///
    /// - Parameters:
    ///   - item: What is to be loaded.
    ///   - decide: Decides the changes; `nil` when there is nothing to write.
    /// - Returns: The transaction. It fails with `unique` where another one makes the same account, or claims the same
    ///   name, at the same time.
    package static func updating(
        _ item: LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) -> SQLTransaction {
        SQLTransaction(beginning: { () throws(StoreError) in
            try SQLTransaction<[LoadedAccount]>.lockingAndLoading(item).first.then { (loaded) throws(StoreError) in
                guard let account = loaded.first else { throw StoreError(.corrupt, "No account came for a question.") }
                guard let changes = decide(account) else { return .done(nil) }
                let request = CommitRequest(items: [changes])
                // Nobody else has written since the account was loaded, so what was asked then need not be asked again.
                guard changes.isWritable, changes.follows(account, asFor: item) else {
                    return try SQLTransaction<[CommitOutcome]>.asking(request).first.then {
                        (outcomes) throws(StoreError) in
                        .done(outcomes.first)
                    }
                }
                return .finish(CommitSteps(request.items, heldGrants: [:]).steps) { _ throws(StoreError) in .committed }
            }
        })
    }
}

extension CommitRequest.Item {
    /// Whether it is known of an account that was loaded and is locked that these changes can be made.
    fileprivate func follows(_ loaded: LoadedAccount, asFor item: LoadRequest.Item) -> Bool {
        guard loaded.account?.revision == baseRevision, !hasOneKeyTwice else { return false }
        return keys.allSatisfy { item.keys.contains($0) && loaded.precedents[$0] == nil }
    }
}
