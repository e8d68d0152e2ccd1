import BillingKit

extension SQLTransaction<[CommitOutcome]> {
    /// Writes changes: whom the claimed names belong to, then the revisions, compared and set, then the rest of
    /// those accounts that won.
    static func committing(_ request: CommitRequest) -> SQLTransaction {
        let claims = request.items.flatMap { $0.changes.flatMap(\.references) }
        guard !claims.isEmpty else { return SQLTransaction(comparing(request, owners: [:])) }
        return SQLTransaction(
            .run([JournalTables.ownerStep(for: claims)]) { (rows) throws(StoreError) in
                comparing(request, owners: try JournalTables.owners(from: rows.first))
            }
        )
    }

    private static func comparing(_ request: CommitRequest, owners: [ProviderReference: CustomerID]) -> Stage {
        // Of two that claim a free name the first has it, as if they came one after the other.
        var owners = owners
        let taken = request.items.map { item -> ProviderReference? in
            let claims = item.changes.flatMap(\.references)
            let customer = item.account.customer
            if let lost = claims.first(where: { owners[$0].map { $0 != customer } ?? false }) { return lost }
            for claim in claims { owners[claim] = customer }
            return nil
        }
        let open = request.items.indices.filter { taken[$0] == nil }.map { request.items[$0] }
        let revisions = revisionSteps(for: open)
        let endings = HoldEndings(open)
        return .run(revisions + endings.steps) { (rows) throws(StoreError) in
            var won: Set<CustomerID> = []
            for row in rows.prefix(revisions.count).flatMap(\.rows) {
                var reader = SQLRowReader(row)
                won.insert(CustomerID(try reader.text()))
            }
            let outcomes = request.items.indices.map { index -> CommitOutcome in
                if let reference = taken[index] { return .claimedByAnother(reference) }
                return won.contains(request.items[index].account.customer) ? .committed : .conflict
            }
            let winners = request.items.indices.filter { outcomes[$0] == .committed }.map { request.items[$0] }
            let grants = try HoldEndings.grants(in: rows.dropFirst(revisions.count))
            let steps = CommitSteps(winners, heldGrants: grants).steps
            guard !steps.isEmpty else { return .done(outcomes) }
            return .run(steps) { _ throws(StoreError) in .done(outcomes) }
        }
    }

    /// The steps that set revisions; each gives back the customers whose revision was the expected one.
    private static func revisionSteps(for items: [CommitRequest.Item]) -> [SQLStep] {
        var steps: [SQLStep] = []
        let table = AccountTables.accounts
        let new = items.filter { $0.baseRevision == 0 }
        if !new.isEmpty {
            let insertion = SQLStatement("\(table.insertion.text) ON CONFLICT DO NOTHING RETURNING customer")
            steps.append(table.step(insertion, rows: new.map(\.row)))
        }
        let known = items.filter { $0.baseRevision != 0 }
        if !known.isEmpty {
            let names = table.columns.map(\.name)
            let assignments = names.enumerated().dropFirst().map { "\($1) = ?\($0 + 1)" }.joined(separator: ", ")
            let update = SQLStatement(
                """
                UPDATE billing_accounts SET \(assignments) WHERE customer = ?1 AND revision = ?\(names.count + 1) \
                RETURNING customer
                """
            )
            let step = table.step(update, rows: known.map(\.row))
            steps.append(SQLStep(update, step.columns + [.integers(known.map(\.baseRevision))]))
        }
        return steps
    }
}

/// The holds that changes end: what they set aside is written in the rows that are stored of them, and nowhere else.
private struct HoldEndings {
    private let holds: [(customer: CustomerID, id: Account.Hold.ID)]

    init(_ items: [CommitRequest.Item]) {
        holds = items.flatMap { item in
            item.changes.flatMap(\.effects).compactMap { effect in
                if case .holdEnded(let id, _) = effect { (item.account.customer, id) } else { nil }
            }
        }
    }

    /// The step that asks for the grants; none where no hold ends.
    var steps: [SQLStep] {
        guard !holds.isEmpty else { return [] }
        let statement = SQLStatement(
            """
            SELECT customer, grant_id FROM billing_holds WHERE customer = ?1 AND hold_id = ?2 AND grant_id IS NOT NULL
            """
        )
        return [SQLStep(statement, [.texts(holds.map(\.customer.rawValue)), .texts(holds.map(\.id.rawValue))])]
    }

    /// Reads the answer.
    static func grants(in rows: ArraySlice<SQLRows>) throws(StoreError) -> [CustomerID: Set<Account.Grant.ID>] {
        var grants: [CustomerID: Set<Account.Grant.ID>] = [:]
        for row in rows.flatMap(\.rows) {
            var reader = SQLRowReader(row)
            grants[CustomerID(try reader.text()), default: []].insert(Account.Grant.ID(try reader.text()))
        }
        return grants
    }
}
