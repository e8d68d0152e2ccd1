extension Account.Draft {
    /// Begins the trial that the catalog has: once for each customer, and not for one who has paid.
    mutating func startTrial(as command: Account.Command) throws(Account.DecisionError) -> Account.Decision {
        if let precedent = facts.precedent {
            guard precedent.fingerprint == command.fingerprint, let trial = account.trial else {
                throw keyReused(command.key)
            }
            return Account.Decision(answer: .trial(trial))
        }
        guard let offer = catalogs.current.trial else {
            throw Account.DecisionError(.noTrial, "Catalog version \(catalogs.current.version) has no trial.")
        }
        // Before anything else takes a name, as for every grant.
        let name = Account.Grant.ID(nextName())
        guard settle() != nil else { return Account.Decision(answer: .settled) }
        if let trial = account.trial { return Account.Decision(answer: .trialRefused(.alreadyTried(trial))) }
        if let instant = account.firstPurchaseAt {
            return Account.Decision(answer: .trialRefused(.alreadyPurchased(instant)))
        }
        let end = TimeSpan.trial(from: now, days: offer.days, firstPurchase: nil).end
        let gift: (subject: Account.Balance.Subject, units: Int64)? =
            switch offer.gives {
            case .tier: nil
            case .credits(let units, of: let pool): (.pool(pool), units)
            case .units(let units, of: let meter): (.meter(meter), units)
            }
        if let gift {
            try checkRoomForGrants()
            perform(
                .granted(
                    Account.Grant(
                        id: name,
                        subject: gift.subject,
                        source: .trial,
                        effective: now,
                        expiry: end,
                        amount: gift.units
                    )
                )
            )
        }
        let trial = Account.Trial(
            startedAt: now,
            days: offer.days,
            gift: offer.gives,
            catalog: catalogs.current.version,
            grant: gift.map { _ in name }
        )
        perform(.trialChanged(trial))
        guard let access = settle() else { return Account.Decision(answer: .settled) }
        if let gift { settle(gift.subject, under: access) }
        warn(under: access)
        return Account.Decision(answer: .trial(trial), change: change(of: command))
    }

    /// Reminds of the trial's end, and notices it.
    mutating func followTrial() {
        guard var trial = account.trial, let span = account.runningTrial else { return }
        if span.end <= now {
            trial.endedAt = span.end
            perform(.trialChanged(trial))
            notice(.trialEnded)
            // A first purchase ends it early, and what it gave with it.
            if let grant = account.grant(trial.grant), !grant.isOver(at: now) {
                perform(.voided(grant.id, amount: grant.remaining, at: now))
                closeIfFinished(grant.id)
            }
            return
        }
        let days = catalogs.current.trial?.reminderDays ?? []
        let due = days.filter { days in
            span.end.advanced(by: .seconds(-Int64(days) * 86_400)) <= now
                && trial.remindedDays.map { days < $0 } ?? true
        }
        // After a long sleep one reminder is enough.
        guard let nearest = due.min() else { return }
        trial.remindedDays = nearest
        perform(.trialChanged(trial))
        notice(.trialEnding(span.end, days: Int(Timestamp.daysLeft(until: span.end, at: now, rounding: .up))))
    }

    /// Notes that the customer has paid, at the earliest instant that is told of.
    mutating func notePurchase(at instant: Timestamp) {
        if account.firstPurchaseAt.map({ instant < $0 }) ?? true { perform(.purchased(instant)) }
    }
}

extension Account {
    /// Returns the earliest instant at which anything happens by time alone, reminders of a trial's end among it.
    ///
    /// - Parameter catalog: The current catalog, which says when reminders are due.
    /// - Returns: The instant, or `nil` when nothing will happen.
    public func dueAt(in catalog: Catalog) -> Timestamp? {
        guard let span = runningTrial else { return dueAt }
        let days = (catalog.trial?.reminderDays ?? []).filter { days in trial?.remindedDays.map { days < $0 } ?? true }
        let reminders = days.map { span.end.advanced(by: .seconds(-Int64($0) * 86_400)) }
        return (reminders + [dueAt].compactMap(\.self)).min()
    }
}
