extension [Upgrade.Act] {
    /// What is remembered of an attempt's acts, oldest first: at most ``Upgrade/maximumActs``.
    ///
    /// Of each kind they are the oldest and the newest, so that every stage and its time are exact; and beside them what
    /// the first that said so said of the member, of the refusal and of where the customer came from, and the end of the
    /// offer that lasts longest. An act that is none of these never becomes one by anything that is told later: so what is
    /// remembered depends on what was done, and not on when it was told.
    var remembered: [Upgrade.Act] {
        var kept: Set<Int> = []
        for kind in Upgrade.Act.Kind.allCases {
            let own = indices.filter { self[$0].kind == kind }
            kept.formUnion(own.prefix(kind.oldest))
            kept.formUnion(own.suffix(kind.newest))
        }
        guard kept.count < count else { return self }
        let start = firstIndex { $0.isBeginning && $0.member != nil }
        let denial = firstIndex { $0.denial != nil }
        let visit = firstIndex { $0.attribution != nil }
        let offer = longestOffer
        return indices.compactMap { index in
            if kept.contains(index) { return self[index] }
            guard [start, denial, visit, offer].contains(index) else { return nil }
            // Nothing else of it: that would depend on whether it was told before others or after them.
            let act = self[index]
            return Upgrade.Act(
                act.kind,
                at: act.at,
                member: index == start ? act.member : nil,
                denial: index == denial ? act.denial : nil,
                attribution: index == visit ? act.attribution : nil,
                expiresAt: index == offer ? act.expiresAt : act.at
            )
        }
    }

    private var longestOffer: Int? {
        let offers = indices.filter { self[$0].kind == .locked || self[$0].kind == .successSeen }
        guard let last = offers.map({ self[$0].end }).max() else { return nil }
        return offers.first { self[$0].end == last }
    }
}

extension Upgrade.Act {
    fileprivate var end: Timestamp { expiresAt ?? Timestamp(microseconds: .max) }
}

extension Upgrade.Act.Kind {
    /// How many of the oldest are remembered in full.
    fileprivate var oldest: Int {
        switch self {
        case .locked, .cancelled: 3
        case .clicked: 4
        case .successSeen: 1
        }
    }

    /// How many of the newest are: with the oldest, and one for each of what four others may be the first to say, all
    /// that an attempt may have.
    fileprivate var newest: Int {
        switch self {
        case .locked: 3
        case .clicked: 8
        case .cancelled: 5
        case .successSeen: 1
        }
    }
}
