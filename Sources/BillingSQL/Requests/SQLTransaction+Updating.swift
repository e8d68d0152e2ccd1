package import BillingKit

extension SQLTransaction<CommitOutcome?> {
    /// Locks an account, waiting for whoever has it, loads it, has its changes decided, and writes those, in a database
    /// where others write at the same time.
    ///
    /// - Parameters:
    ///   - customer: The customer.
    ///   - ask: Says what is to be loaded, once the account is locked.
    ///   - decide: Decides the changes; `nil` when there is nothing to write.
    /// - Returns: The transaction. It takes keys to be free that were not asked for, and has a careful form that does not.
    ///   Both fail with `unique` where another one makes the same account, or claims the same name, at the same time.
    package static func updating(
        _ customer: CustomerID,
        asking ask: @escaping @Sendable () -> LoadRequest.Item,
        deciding decide: @escaping @Sendable (LoadedAccount) -> CommitRequest.Item?
    ) -> SQLTransaction {
        @Sendable func stage(isHasty: Bool) -> Stage {
            .run([AccountLocks.step(for: customer)]) { (locked) throws(StoreError) in
                let item = ask()
                return try SQLTransaction<[LoadedAccount]>.loadingWhole(item).first.then {
                    (loaded) throws(StoreError) in
                    guard let account = loaded.first else {
                        throw StoreError(.corrupt, "No account came for a question.")
                    }
                    // Nobody had it to be locked, and then it was read while others may have written to it.
                    if locked.first?.rows.isEmpty ?? true, account.account?.isNew != true {
                        throw StoreError(.unique, "The account was made after nobody had it.")
                    }
                    return try writing(decide(account), of: account, asFor: item, isHasty: isHasty)
                }
            }
        }
        return SQLTransaction(stage(isHasty: true)) { SQLTransaction(stage(isHasty: false)) }
    }

    private static func writing(
        _ changes: CommitRequest.Item?,
        of account: LoadedAccount,
        asFor item: LoadRequest.Item,
        isHasty: Bool
    ) throws(StoreError) -> Stage {
        guard let changes else { return .done(nil) }
        let request = CommitRequest(items: [changes])
        // Nobody else has written since the account was loaded, so what was asked then need not be asked again.
        // Of a new one it has to be asked whether it is only lost.
        guard changes.isWritable, changes.baseRevision > 0, changes.follows(account, asFor: item, isHasty: isHasty)
        else {
            return try SQLTransaction<[CommitOutcome]>.asking(request).first.then { (outcomes) throws(StoreError) in
                .done(outcomes.first)
            }
        }
        return .finish(CommitSteps(request.items, heldGrants: [:]).steps) { _ throws(StoreError) in .committed }
    }
}

extension CommitRequest.Item {
    /// Returns whether it is known of an account that was loaded and is locked that these changes can be made.
    ///
    /// - Parameters:
    ///   - loaded: What was loaded.
    ///   - item: What was asked for.
    ///   - isHasty: Whether keys that were not asked for are taken to be free.
    /// - Returns: Whether nothing has to be asked any more.
    fileprivate func follows(_ loaded: LoadedAccount, asFor item: LoadRequest.Item, isHasty: Bool) -> Bool {
        guard loaded.account?.revision == baseRevision else { return false }
        if isHasty, item.keys.isEmpty { return true }
        let asked = Set(item.keys)
        return !hasOneKeyTwice && keys.allSatisfy { asked.contains($0) && loaded.precedents[$0] == nil }
    }
}
