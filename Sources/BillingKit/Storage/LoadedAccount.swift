/// A store's answer for one account.
public struct LoadedAccount: Sendable {
    /// The account, or `nil` when it is at the revision that the caller has.
    ///
    /// A customer of whom nothing is stored has a new account at revision 0.
    public let account: Account?

    /// When the account is due, as it was last committed; also where the account itself is left out.
    public let dueAt: Timestamp?

    /// What each key that was asked about was used for; keys that are free are left out.
    public let precedents: [Account.Key: Account.Facts.Precedent]

    /// The orders that were asked for and are known.
    public let orders: [ProviderReference: Account.Order]

    /// The owners of the names that were asked about; names without one are left out.
    public let owners: [ProviderReference: CustomerID]

    /// The answers to the questions about the past, one for each question.
    public let usage: [Account.Facts.UsageQuestion: Account.Facts.Usage]

    /// What was used under the keys that were asked about; keys under which nothing was are left out.
    public let spending: [Account.Key: Account.Facts.Spending]

    /// Those of the events that were asked about and were counted.
    public let knownEvents: Set<Account.EventID>

    /// Creates an answer.
    public init(
        account: Account?,
        dueAt: Timestamp?,
        precedents: [Account.Key: Account.Facts.Precedent] = [:],
        orders: [ProviderReference: Account.Order] = [:],
        owners: [ProviderReference: CustomerID] = [:],
        usage: [Account.Facts.UsageQuestion: Account.Facts.Usage] = [:],
        spending: [Account.Key: Account.Facts.Spending] = [:],
        knownEvents: Set<Account.EventID> = []
    ) {
        self.account = account
        self.dueAt = dueAt
        self.precedents = precedents
        self.orders = orders
        self.owners = owners
        self.usage = usage
        self.spending = spending
        self.knownEvents = knownEvents
    }
}
