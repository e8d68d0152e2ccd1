extension BillingSystem {
    /// Returns a customer's standing: tier, balances, subscription, attempts to buy.
    ///
    /// It is read from the store, so it is as new as anyone's answer. A customer who has done nothing yet
    /// stands on the fallback tier.
    ///
    /// - Throws: ``StoreError``; ``BillingError``; ``/BillingModel/Account/DecisionError``.
    public func overview(of customer: CustomerID) async throws -> Account.Overview {
        try await processor.overview(of: customer)
    }

    /// Returns a customer's standing as it was at an instant.
    ///
    /// For the page that explains a bill, and for the question what somebody could have known when. It is what the
    /// journal says: what was written down later does not show, even where it counts from before, such as a
    /// purchase that was told late. The terms are those of the catalog version that the customer then stood on.
    ///
    /// The journal is read from its beginning, so this takes time in proportion to the customer's history.
    ///
    /// - Parameters:
    ///   - customer: Whose standing.
    ///   - instant: The instant; what was decided at it shows. Before the customer's first change it is the standing
    ///     of one who has done nothing yet; at one to come, what is due by then has happened.
    /// - Returns: The standing.
    /// - Throws: ``StoreError``, ``StoreError/Code/corrupt`` where the journal has a gap, and
    ///   ``StoreError/Code/archived`` where its beginning is no longer kept; ``BillingError``;
    ///   ``/BillingModel/Account/DecisionError``.
    public func overview(of customer: CustomerID, asOf instant: Timestamp) async throws -> Account.Overview {
        try await processor.overview(of: customer, asOf: instant)
    }
}
