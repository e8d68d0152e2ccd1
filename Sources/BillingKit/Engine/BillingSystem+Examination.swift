extension BillingSystem {
    /// What became of a finding that was to be mended.
    public enum Repairing: Hashable, Sendable {
        /// It is mended, or was no longer there.
        case repaired
        /// No command mends it: a catalog has to be given that has what the account names.
        case needsCatalog
    }

    /// Writes down what time alone has changed, such as periods that have turned and a trial that is over.
    ///
    /// Every answer takes that into account anyway. What this adds is the notice of it, when it is due and not when
    /// the customer comes back.
    ///
    /// - Parameter customer: Whose account.
    /// - Throws: ``StoreError``; ``BillingError``; ``/BillingModel/Account/DecisionError``; `CancellationError` when
    ///   the task was cancelled before the command waited.
    public func settle(_ customer: CustomerID) async throws {
        switch try await answer(to: Account.Command(.settle), for: customer) {
        case .settled: return
        case let other: throw unexpected(other)
        }
    }

    /// Looks for contradictions in an account: in itself, with its catalogs, and with its journal.
    ///
    /// The kit makes none; a row that was changed by hand, a disk, or a catalog that lost a tier does. Each finding
    /// is told to observers as a notice too, and has a repair, see ``repair(_:of:by:)``. The account is read from
    /// the store, and the journal from its beginning, so this takes time in proportion to the customer's history.
    ///
    /// - Parameters:
    ///   - customer: Whose account.
    ///   - member: Who looks.
    /// - Returns: The findings; none for an account that is as it should be.
    /// - Throws: ``StoreError``, with ``StoreError/Code/archived`` where the journal's beginning is no longer kept;
    ///   ``BillingError``; ``/BillingModel/Account/DecisionError``; `CancellationError` when the task was cancelled before
    ///   the command waited.
    public func examine(_ customer: CustomerID, by member: MemberID? = nil) async throws -> [Account.Finding] {
        let examination = try await processor.examination(of: customer)
        let command = Account.Command(.examine(folded: examination.folded), member: member)
        return switch try await answer(to: command, for: customer, examination: examination) {
        case .examined(let findings): findings
        case let other: throw unexpected(other)
        }
    }

    /// Mends what an examination found.
    ///
    /// The account is examined again before, so a finding that is true no longer does no harm: it is left as it is.
    ///
    /// - Parameters:
    ///   - finding: What was found.
    ///   - customer: Whose account.
    ///   - member: Who mends it.
    /// - Returns: Whether the finding is gone, or needs a catalog.
    /// - Throws: As ``examine(_:by:)``.
    @discardableResult
    public func repair(
        _ finding: Account.Finding,
        of customer: CustomerID,
        by member: MemberID? = nil
    ) async throws -> Repairing {
        guard let repair = finding.repair else { return .needsCatalog }
        let examination = try await processor.examination(of: customer)
        let command = Account.Command(repair.action, member: member)
        return switch try await answer(to: command, for: customer, examination: examination) {
        case .repaired: .repaired
        case let other: throw unexpected(other)
        }
    }
}
