/// A question for a page of one customer's journal, oldest first.
public struct JournalQuery: Hashable, Sendable {
    /// The customer.
    public let customer: CustomerID

    /// The last revision of the page before; 0 for the first page.
    public let after: Int64

    /// The most changes in the page, 1 to 1,000.
    public let limit: Int

    /// Creates a question.
    public init(customer: CustomerID, after: Int64 = 0, limit: Int = 1_000) {
        self.customer = customer
        self.after = after
        self.limit = min(max(1, limit), 1_000)
    }
}
