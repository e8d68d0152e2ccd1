import BillingKit
import Synchronization

/// A host's observer: here it remembers what it heard.
final class Listener: BillingObserver {
    private let notices = Mutex<[Account.Notice]>([])

    func hear(_ notice: Account.Notice) async throws {
        notices.withLock { $0.append(notice) }
    }

    var heard: [Account.Notice] {
        notices.withLock { $0 }.sorted { $0.revision < $1.revision }
    }

    /// Waits until the last notice of the journal was heard, by this run or the one before.
    func waitForLast(in world: World) async throws {
        let journal = try await world.store.journal(JournalQuery(customer: Recruiting.acme))
        guard let last = journal.flatMap(\.notices).last else { return }
        for _ in 0..<200 where !heard.contains(last) {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
