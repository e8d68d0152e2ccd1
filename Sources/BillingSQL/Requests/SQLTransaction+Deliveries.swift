import BillingKit

extension LogTables {
    /// The step that settles leased deliveries; each row counts only while its lease is the newest.
    static func settlementStep(for settlements: [DeliverySettlement]) -> SQLStep {
        SQLStep(
            SQLStatement(
                updating: deliveries.name,
                set: "state = ?4, detail = ?5, due_at = ?6",
                where: "provider = ?1 AND id = ?2 AND attempts = ?3 AND state = 'processing'",
                returning: ["id"]
            ),
            [
                .texts(settlements.map(\.id.provider.rawValue)),
                .texts(settlements.map(\.id.id)),
                .integers(settlements.map { Int64($0.attempt) }),
                .texts(settlements.map(\.state.rawValue)),
                .texts(settlements.map(\.detail)),
                .integers(settlements.map { $0.retryAt?.microseconds }),
            ]
        )
    }

    /// The step that finds one delivery, which is to be leased.
    fileprivate static func findStep(for id: Delivery.ID) -> SQLStep {
        SQLStep(
            deliveries.finding(by: ["provider", "id"], locking: .wait),
            [.texts([id.provider.rawValue]), .texts([id.id])]
        )
    }

    /// The step that gives out leases on deliveries.
    fileprivate static func leaseStep(for ids: [Delivery.ID], until: Timestamp) -> SQLStep {
        SQLStep(
            SQLStatement(
                updating: deliveries.name,
                set: "state = 'processing', attempts = attempts + 1, due_at = ?3",
                where: "provider = ?1 AND id = ?2",
                returning: ["provider", "id", "body", "received_at", "attempts"]
            ),
            [
                .texts(ids.map(\.provider.rawValue)), .texts(ids.map(\.id)),
                .integers(ids.map { _ in until.microseconds }),
            ]
        )
    }

    fileprivate static func leases(from rows: SQLRows?) throws(StoreError) -> [DeliveryLease] {
        var leases: [DeliveryLease] = []
        for row in rows?.rows ?? [] {
            var reader = SQLRowReader(row)
            leases.append(
                DeliveryLease(
                    id: Delivery.ID(provider: ProviderID(try reader.text()), id: try reader.text()),
                    body: try reader.blob(),
                    receivedAt: try reader.timestamp(),
                    attempt: Int(clamping: try reader.integer())
                )
            )
        }
        return leases
    }
}

extension SQLTransaction<DeliveryRecording> {
    /// Adds a delivery to the log, or finds it there, and leases it where it is unfinished.
    static func recording(_ request: RecordDeliveryRequest) -> SQLTransaction {
        let table = LogTables.deliveries
        let row: [SQLValue] = [
            SQLValue(request.id.provider), .text(request.id.id), .blob(request.body), SQLValue(request.receivedAt),
            .text(Delivery.State.processing.rawValue), .text(""), .integer(0), .null,
        ]
        let find = LogTables.findStep(for: request.id)
        return SQLTransaction(
            .run([table.step(table.addition, rows: [row]), find]) { (rows) throws(StoreError) in
                guard let row = rows.last?.rows.first else {
                    throw StoreError(.corrupt, "A delivery is not in the log after it was added.")
                }
                let delivery = try Delivery(row: row)
                if delivery.state.isFinished { return .done(.finished(delivery.state, detail: delivery.detail)) }
                guard !delivery.isLeased(at: request.receivedAt) else { return .done(.inProgress) }
                let step = LogTables.leaseStep(for: [request.id], until: request.leasedUntil)
                return .run([step]) { (rows) throws(StoreError) in
                    guard let lease = try LogTables.leases(from: rows.first).first else {
                        throw StoreError(.corrupt, "A delivery is gone from the log.")
                    }
                    return .done(.leased(lease))
                }
            }
        )
    }
}

extension SQLTransaction<DeliveryLease?> {
    /// Leases one delivery that is not finished and not leased.
    static func leasing(_ request: LeaseDeliveryRequest) -> SQLTransaction {
        SQLTransaction(
            .run([LogTables.findStep(for: request.id)]) { (rows) throws(StoreError) in
                guard let row = rows.first?.rows.first else { return .done(nil) }
                let delivery = try Delivery(row: row)
                guard !delivery.state.isFinished, !delivery.isLeased(at: request.now) else { return .done(nil) }
                return .run([LogTables.leaseStep(for: [request.id], until: request.until)]) {
                    (rows) throws(StoreError) in .done(try LogTables.leases(from: rows.first).first)
                }
            }
        )
    }
}

extension SQLTransaction<[DeliveryLease]> {
    /// Leases the deliveries that are due, oldest first.
    ///
    /// The sign before a column keeps a database from looking for it: those that wait lie in the order that is wanted, and
    /// by when they are due they would all have to be sorted.
    static func leasingDeliveries(_ request: LeaseDeliveriesRequest) -> SQLTransaction {
        let due = SQLStep(
            SQLStatement(
                once: """
                    SELECT provider, id FROM billing_deliveries \
                    WHERE +due_at <= ?1 AND due_at IS NOT NULL AND provider = ?3 AND state IN ('failed', 'processing') \
                    ORDER BY received_at, provider, id LIMIT ?2
                    """,
                locking: .skip
            ),
            [
                .integers([request.lease.now.microseconds]), .integers([Int64(request.lease.limit)]),
                .texts([request.provider.rawValue]),
            ]
        )
        return SQLTransaction(
            .run([due]) { (rows) throws(StoreError) in
                var ids: [Delivery.ID] = []
                for row in rows.first?.rows ?? [] {
                    var reader = SQLRowReader(row)
                    ids.append(Delivery.ID(provider: ProviderID(try reader.text()), id: try reader.text()))
                }
                guard !ids.isEmpty else { return .done([]) }
                return .run([LogTables.leaseStep(for: ids, until: request.lease.until)]) { (rows) throws(StoreError) in
                    .done(try LogTables.leases(from: rows.first))
                }
            }
        )
    }
}

extension SQLTransaction<Bool> {
    /// Settles a leased delivery.
    static func settling(_ settlement: DeliverySettlement) -> SQLTransaction {
        SQLTransaction(
            .run([LogTables.settlementStep(for: [settlement])]) { rows throws(StoreError) in
                .done(rows.first?.rows.isEmpty == false)
            }
        )
    }
}

extension SQLTransaction<[Delivery]> {
    /// Reads a page of the log, newest first.
    static func deliveries(_ query: DeliveryQuery) -> SQLTransaction {
        let isOfAll = query.states.isEmpty || Set(query.states).count == Delivery.State.allCases.count
        // Each state lies in its own order, so as much of each is read as the page may be of it.
        let states = isOfAll ? [nil] : Delivery.State.allCases.filter(query.states.contains).map { Optional($0) }
        var columns: [SQLColumn] = [.integers([Int64(query.limit)])]
        if let last = query.after {
            columns += [
                .integers([last.receivedAt.microseconds]), .texts([last.id.provider.rawValue]), .texts([last.id.id]),
            ]
        }
        return SQLTransaction(
            .run([SQLStep](states.map { SQLStep(page(of: $0, isFirst: query.after == nil), columns) })) {
                (rows) throws(StoreError) in
                var page: [Delivery] = []
                for row in rows.flatMap(\.rows) { page.append(try Delivery(row: row)) }
                guard rows.count > 1 else { return .done(page) }
                page.sort { ($1.receivedAt, $1.id) < ($0.receivedAt, $0.id) }
                return .done(Array(page.prefix(query.limit)))
            }
        )
    }

    /// Returns the question for a page of the deliveries in a state, or of all.
    private static func page(of state: Delivery.State?, isFirst: Bool) -> SQLStatement {
        let conditions = [
            state.map { "state = '\($0.rawValue)'" }, isFirst ? nil : "(received_at, provider, id) < (?2, ?3, ?4)",
        ].compactMap(\.self)
        let place = conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
        return SQLStatement(
            once: """
                SELECT \(LogTables.deliveries.columnList) FROM billing_deliveries\(place) \
                ORDER BY received_at DESC, provider DESC, id DESC LIMIT ?1
                """
        )
    }
}
