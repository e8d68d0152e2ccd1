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
        return .run(revisionSteps(for: open)) { (rows) throws(StoreError) in
            var won: Set<CustomerID> = []
            for row in rows.flatMap(\.rows) {
                var reader = SQLRowReader(row)
                won.insert(CustomerID(try reader.text()))
            }
            let outcomes = request.items.indices.map { index -> CommitOutcome in
                if let reference = taken[index] { return .claimedByAnother(reference) }
                return won.contains(request.items[index].account.customer) ? .committed : .conflict
            }
            let winners = request.items.indices.filter { outcomes[$0] == .committed }.map { request.items[$0] }
            let steps = CommitSteps(winners).steps
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
            steps.append(table.step(insertion, rows: new.map(\.account.row)))
        }
        let known = items.filter { $0.baseRevision != 0 }
        if !known.isEmpty {
            let update = SQLStatement(
                """
                UPDATE billing_accounts SET revision = ?3, instant = ?4, tier = ?5, \
                tier_catalog_version = ?6, tier_ends_at = ?7, anchor = ?8 \
                WHERE customer = ?1 AND revision = ?2 RETURNING customer
                """
            )
            steps.append(
                SQLStep(
                    update,
                    [
                        .texts(known.map(\.account.customer.rawValue)),
                        .integers(known.map(\.baseRevision)),
                        .integers(known.map(\.account.revision)),
                        .integers(known.map(\.account.instant.microseconds)),
                        .texts(known.map(\.account.tier?.rawValue)),
                        .integers(known.map(\.account.standing?.catalog.number)),
                        .integers(known.map(\.account.standing?.until?.microseconds)),
                        .integers(known.map(\.account.anchor.microseconds)),
                    ]
                )
            )
        }
        return steps
    }
}
