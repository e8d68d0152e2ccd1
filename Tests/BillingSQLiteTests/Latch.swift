#if SQLite
import Synchronization

/// Holds a thread that is not the tasks' until it is opened.
final class Latch: Sendable {
    private let isOpen = Atomic(false)

    func open() {
        isOpen.store(true, ordering: .releasing)
    }

    func waitUntilOpen() {
        while !isOpen.load(ordering: .acquiring) {}
    }
}
#endif
