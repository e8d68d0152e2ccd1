/// When hosts were told of attempts that nothing came of, which stays with the attempts that they were told of.
///
/// Attempts are made anew with each word, and what was one may turn out to be two, or another's. What was told is of the
/// attempt that was going on at its instant, as everything else is; where a checkout is another's, so is what was told of it.
struct AbandonmentBook {
    private struct Notice {
        let key: Upgrade.Key
        let at: Timestamp
    }

    private var byFamily: [Upgrade.Key: [Notice]] = [:]
    private var byCheckout: [String: [Notice]] = [:]

    init(_ upgrades: [Upgrade]) {
        for upgrade in upgrades {
            guard let instant = upgrade.abandonedAt else { continue }
            let family = upgrade.key.family
            let notice = Notice(key: upgrade.key, at: instant)
            byFamily[family, default: []].append(notice)
            for checkout in upgrade.checkouts {
                byCheckout[checkout.id, default: []].append(notice)
            }
        }
    }

    /// Gives attempts what hosts were told of each.
    ///
    /// - Parameter attempts: The attempts, in the order in which they began.
    /// - Returns: The attempts; the newest notice counts where there were two of what is one now.
    /// - Complexity: O(attempts + what was told).
    func telling(_ attempts: [Upgrade]) -> [Upgrade] {
        guard !byFamily.isEmpty else { return attempts }
        var attempts = attempts
        // From the newest on, so that when the next of a family begins is known.
        var nexts: [Upgrade.Key: Timestamp] = [:]
        for index in attempts.indices.reversed() {
            let attempt = attempts[index]
            let family = attempt.key.family
            let isFirst = attempt.key == family
            // Nobody is told of one name twice, though what the first notice was about has become another's.
            let own = (byFamily[family] ?? []).filter { notice in
                (isFirst || attempt.begunAt <= notice.at || notice.key == attempt.key)
                    && nexts[family].map { notice.at < $0 } ?? true
            }
            let moved = attempt.checkouts.flatMap { byCheckout[$0.id] ?? [] }.filter { $0.key.family != family }
            attempts[index].abandonedAt = (own + moved).map(\.at).max()
            nexts[family] = attempt.begunAt
        }
        return attempts
    }
}
