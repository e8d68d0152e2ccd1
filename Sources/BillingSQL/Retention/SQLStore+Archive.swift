public import BillingKit

extension SQLStore {
    /// Hands records that may go to the host, and deletes those that the host has taken.
    ///
    /// ```swift
    /// let retention = try SQLRetention(deliveryDays: 90, noticeDays: 30, eventDays: 40)
    /// try await store.archive(retention) { batch in
    ///     try await bucket.put(lines(of: batch))  // returns once it is kept
    /// }
    /// ```
    ///
    /// It goes batch by batch: read, handed over, and only when the host's closure has returned, exactly those rows deleted
    /// in one transaction. Whatever ends it in between, a crash too, a batch may be handed over again and nothing is
    /// deleted that was not: at least once. Commits go on meanwhile, and the room becomes free for them; a SQLite file does
    /// not get smaller by it. Let one server do this, now and then.
    ///
    /// What is lost in the database: a provider's repeat of a webhook that has left is taken for a new one, and found to
    /// be without effect by its key in the journal; a change in the journal no longer lists the notices and event ids that
    /// have left. Nothing is decided otherwise. What the end of the journal's beginning means, ``SQLRetention/journalDays``
    /// says.
    ///
    /// - Parameters:
    ///   - retention: What may go.
    ///   - now: The present instant, from which the days are counted back. When left out the database's clock says it, where
    ///     that has one of its own, else the machine's.
    ///   - archive: Keeps a batch. Where it throws, the batch stays and nothing more is done.
    /// - Returns: How much has left.
    /// - Throws: What the closure throws; ``/BillingKit/StoreError``; `CancellationError` between two batches. What was
    ///   deleted before stays deleted.
    @discardableResult
    public func archive(
        _ retention: SQLRetention,
        at now: Timestamp? = nil,
        to archive: (SQLRetention.Batch) async throws -> Void
    ) async throws -> SQLRetention.Summary {
        let now = if let now { now } else { try await presentInstant() }
        var summary = SQLRetention.Summary()
        let limit = retention.batchSize
        if let days = retention.deliveryDays {
            let shelf = DeliveryShelf(end: SQLRetention.end(of: days, before: now), limit: limit)
            summary.deliveries = try await clear(shelf) { try await archive(.deliveries($0)) }
        }
        if let days = retention.noticeDays {
            let shelf = NoticeShelf(end: SQLRetention.end(of: days, before: now), limit: limit)
            summary.notices = try await clear(shelf) { try await archive(.notices($0)) }
        }
        if let days = retention.eventDays {
            let shelf = EventShelf(end: SQLRetention.end(of: days, before: now), limit: limit)
            summary.events = try await clear(shelf) { try await archive(.events($0)) }
        }
        if let days = retention.journalDays {
            let shelf = JournalShelf(end: SQLRetention.end(of: days, before: now), limit: limit)
            summary.changes = try await clear(shelf) { try await archive(.changes($0)) }
        }
        return summary
    }

    /// What leaves is gone for good, so no machine's clock says so where there is one for all.
    private func presentInstant() async throws(StoreError) -> Timestamp {
        try await time() ?? SystemClock().now()
    }

    /// Takes the beginnings of all journals that may go, and returns how many changes that was.
    private func clear(
        _ shelf: JournalShelf,
        _ archive: ([Account.Change]) async throws -> Void
    ) async throws -> Int {
        var count = 0
        var last: CustomerID?
        while true {
            let customers = try await database.read(shelf.customers(after: last))
            guard let end = customers.last else { return count }
            for customer in customers { count += try await clear(shelf, of: customer, archive) }
            last = end
        }
    }

    private func clear(
        _ shelf: JournalShelf,
        of customer: CustomerID,
        _ archive: ([Account.Change]) async throws -> Void
    ) async throws -> Int {
        var count = 0
        while true {
            try Task.checkCancellation()
            guard let span = try await database.read(shelf.span(of: customer)) else { return count }
            let query = JournalQuery(customer: customer, after: span.after, limit: shelf.limit)
            try await archive(try await journal(query).filter { $0.revision <= span.last })
            let removed = try await database.write(shelf.removal(of: span, of: customer))
            // Something that was not there before has to stay, such as a refund into a grant that was over.
            guard removed > 0 else { return count }
            count += removed
        }
    }

    /// Takes everything that may go from a shelf, and returns how much it was.
    private func clear<Shelf: RetentionShelf>(
        _ shelf: Shelf,
        _ archive: ([Shelf.Record]) async throws -> Void
    ) async throws -> Int {
        var count = 0
        var last: Shelf.Record?
        while true {
            try Task.checkCancellation()
            let records = try await database.read(shelf.page(after: last))
            guard let end = records.last else { return count }
            try await archive(records)
            count += try await database.write(shelf.removal(of: records))
            last = end
        }
    }
}
