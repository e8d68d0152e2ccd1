/// What a store keeps of an account beside its journal.
///
/// A reference, because an account has many parts, and each copy of it takes hold of all of them: the engine, what it
/// remembers, and a store in memory share one.
package final class AccountState: Sendable {
    package let account: Account

    /// When something happens to the account by time alone; `nil` for never.
    package let dueAt: Timestamp?

    package init(_ account: consuming Account, dueAt: Timestamp?) {
        self.account = account
        self.dueAt = dueAt
    }
}
