extension Account.Draft {
    /// Follows a report about a benefit: gives the lot that it tells of, once, and takes back what is over.
    ///
    /// - Parameters:
    ///   - report: What the provider says.
    ///   - references: The names in the snapshot that nobody had a claim to before; a lot among them is new.
    /// - Throws: ``Account/DecisionError`` when there is no room for another benefit or grant.
    mutating func follow(
        _ report: BenefitSnapshot,
        claiming references: [ProviderReference]
    ) throws(Account.DecisionError) {
        let known = account.benefits.first { $0.key == report.key }
        if known == nil { try makeRoomForBenefit() }
        let merged = known?.merging(report) ?? Benefit(report)
        if merged != known { perform(.benefited(merged)) }
        if let lot = report.lot, references.contains(lot), let creditedAt = report.creditedAt,
            merged.keepsLot(creditedAt: creditedAt), case .units(let units, of: let subject, _) = report.gift
        {
            try checkRoomForGrants()
            perform(
                .granted(
                    Account.Grant(
                        id: Account.Grant.ID("\(lot.provider):\(lot.id)"),
                        subject: subject,
                        source: .order,
                        basis: .given,
                        // By a clock that is ahead it can be used all the same.
                        effective: min(creditedAt, now),
                        expiry: report.expiry,
                        amount: units
                    )
                )
            )
        }
        takeBackLots(of: merged)
    }

    /// Voids what is left of lots that were taken back, or that a newer one has taken the place of.
    private mutating func takeBackLots(of benefit: Benefit) {
        for grant in account.grants {
            guard let creditedAt = grant.id.instant(ofLotOf: benefit.key), !benefit.keepsLot(creditedAt: creditedAt),
                !grant.isOver(at: now)
            else { continue }
            perform(.voided(grant.id, amount: grant.remaining, at: now))
            if grant.held == 0 { retire(grant.id) }
        }
    }
}

extension Account.Grant.ID {
    /// Returns whether a grant is a lot of a benefit's.
    func isLot(of benefit: Benefit.Key) -> Bool { instant(ofLotOf: benefit) != nil }

    /// Returns when the lot was credited that a grant is, or `nil` where it is none of the benefit's.
    fileprivate func instant(ofLotOf benefit: Benefit.Key) -> Timestamp? {
        let prefix = "\(benefit.provider):\(benefit.id)@"
        guard rawValue.utf8.starts(with: prefix.utf8) else { return nil }
        return Int64(String(rawValue.dropFirst(prefix.count))).map { Timestamp(microseconds: $0) }
    }
}
