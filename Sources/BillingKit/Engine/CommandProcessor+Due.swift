extension CommandProcessor {
    /// How long an account whose trial runs is not looked at by itself at most.
    private static let longestTrialSleep = Duration.seconds(86_400)

    /// Returns when an account is to be looked at though nobody asks, or `nil` for never.
    ///
    /// It is told to the store with every commit, under the catalog of that time. The one thing in it that is the
    /// catalog's to say is when a customer is reminded of a trial's end. A later catalog may say it otherwise, earlier
    /// too, and nobody commits every account anew for that: so while a trial runs its account is looked at once a day.
    func dueAt(of account: borrowing Account, at now: Timestamp) -> Timestamp? {
        let dueAt = account.dueAt(in: catalogs.current)
        guard let trial = account.trial, trial.endedAt == nil else { return dueAt }
        let look = now.advanced(by: Self.longestTrialSleep)
        return min(dueAt ?? look, look)
    }
}
