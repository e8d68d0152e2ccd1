import BillingKit

/// An observer that lets a law wait for what it hears.
struct Ear: BillingObserver {
    private let heard: AsyncStream<Account.Notice>
    private let mouth: AsyncStream<Account.Notice>.Continuation

    init() {
        (heard, mouth) = AsyncStream.makeStream()
    }

    func hear(_ notice: Account.Notice) async throws {
        mouth.yield(notice)
    }

    /// Waits until so many notices of a kind have been heard.
    func wait(for count: Int = 1, of kind: Account.Notice.Kind) async {
        var rest = count
        for await notice in heard where notice.kind == kind {
            rest -= 1
            if rest == 0 { return }
        }
    }
}
