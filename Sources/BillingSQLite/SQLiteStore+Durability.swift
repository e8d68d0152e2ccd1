#if SQLite
extension SQLiteStore {
    /// What is left of acknowledged commits when the machine loses its power.
    ///
    /// The end of the process alone, even by `kill -9`, costs nothing at any of them: what was written is in the
    /// system's hands by then.
    public enum Durability: Hashable, Sendable, CaseIterable {
        /// Nothing acknowledged is lost: each commit is flushed to the disk before it is answered.
        case full

        /// The latest commits may be lost, all those since some instant; the file stays sound.
        ///
        /// Only checkpoints flush (`synchronous = NORMAL`), so it may be as much as one log holds: the commits of
        /// minutes on a quiet server. A customer's receipt may then be gone that a customer has been shown, and a
        /// provider's webhook that was answered with success and is not sent again. Commits that wait together share a
        /// flush, so on a busy server it is hardly faster than ``full``.
        case losesLatestOnPowerLoss

        /// The file may be damaged beyond repair: nothing is ever flushed (`synchronous = OFF`).
        ///
        /// For tests, and for imports that can be run again from the beginning.
        case losesFileOnPowerLoss
    }
}
#endif
