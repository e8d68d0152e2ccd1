/// How long to wait before something that failed is tried again: longer each time, and never in step.
struct Backoff: Sendable {
    /// The longest first wait, in microseconds.
    let first: Int64
    /// The longest wait of all, in microseconds.
    let longest: Int64
    /// The most tries.
    let attempts: Int

    /// Two seconds at first, an hour at most, twenty tries: five hours on average, nine at most.
    static let standard = Backoff(first: 2_000_000, longest: 3_600_000_000, attempts: 20)

    /// Returns when to try again after a number of tries, or `nil` when they were enough.
    ///
    /// The wait is drawn evenly from nothing to a bound that doubles ("full jitter"), so that what failed
    /// together does not come back together.
    func next(after attempt: Int, from now: Timestamp, entropy: some BillingEntropy) -> Timestamp? {
        guard attempt < attempts else { return nil }
        let doublings = min(max(0, attempt - 1), 40)
        let bound = first > longest >> doublings ? longest : first << doublings
        let wait = Int64(entropy.next() % UInt64(max(1, bound)))
        return now.advanced(by: .microseconds(wait))
    }
}
