import BillingKit

/// The notices that wait to be told, in the order that they were written.
struct NoticeQueue: Sendable {
    private struct Entry {
        let notice: Account.Notice
        var attempts = 0
        /// When it is due: at once, or when a lease ends or a retry comes; `nil` for one that is given up.
        var dueAt: Timestamp?
    }

    private var entries: [Entry] = []

    mutating func add(_ notice: Account.Notice) {
        // Due at once, even for a teller whose clock stands before the account's time.
        entries.append(Entry(notice: notice, dueAt: Timestamp(microseconds: .min)))
    }

    mutating func lease(_ request: LeaseRequest) -> [NoticeLease] {
        let due = entries.indices
            .filter { index in entries[index].dueAt.map { $0 <= request.now } ?? false }
            .sorted { Self.place(entries[$0].notice) < Self.place(entries[$1].notice) }
        return due.prefix(request.limit).map { index in
            entries[index].attempts += 1
            entries[index].dueAt = request.until
            return NoticeLease(notice: entries[index].notice, attempt: entries[index].attempts)
        }
    }

    mutating func settle(_ settlement: NoticeSettlement) {
        let lease = settlement.lease
        guard let index = entries.firstIndex(where: { Self.place($0.notice) == Self.place(lease.notice) }),
            entries[index].attempts == lease.attempt, entries[index].dueAt != nil
        else { return }
        switch settlement.outcome {
        case .delivered: entries.remove(at: index)
        case .retry(let at): entries[index].dueAt = at
        case .dead: entries[index].dueAt = nil
        }
    }

    private static func place(_ notice: Account.Notice) -> (Timestamp, CustomerID, Int64, Int) {
        (notice.at, notice.customer, notice.revision, notice.ordinal)
    }
}
