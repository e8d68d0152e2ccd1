import BillingKit

extension Book {
    /// What is known while one row is taken in.
    private struct Entry {
        let row: Account.Change
        let catalog: Catalog
        /// What ended work had set aside, which is drawn whatever comes before it by now.
        var setAside: [Account.Grant.ID?: Int64] = [:]
        /// The work that goes on with other units.
        var movedWork: Account.Hold.ID?
        /// The meters of which units were used that nothing covers.
        var uncovered: [Meter.ID] = []
        /// The meters, and their units, that were drawn.
        var drawn: [Meter.ID: Int64] = [:]
        var overage: [Meter.ID: Int64] = [:]
        var returned: [Meter.ID: Int64] = [:]
        var held: Int64 = 0
        var released: Int64 = 0
        var voided: Int64 = 0
    }

    /// Takes a row of the journal in, and holds it against what was there.
    mutating func take(_ row: Account.Change, catalog: Catalog) throws(Violation) {
        guard row.customer == customer else {
            throw Violation(.customersStayApart, "\(customer) has a row of \(row.customer).")
        }
        guard row.revision == revision + 1 else {
            throw Violation(.journalNeverChanges, "\(customer) r\(row.revision) follows r\(revision).")
        }
        if let instant, row.recordedAt < instant {
            throw Violation(.journalNeverChanges, "\(customer) r\(row.revision) was written before the row before it.")
        }
        if let key = row.key, let first = self.row(of: key) {
            throw Violation(
                .oneKeyOneEffect,
                "\(customer) r\(row.revision) uses '\(key)', as r\(first.revision) did."
            )
        }
        var entry = Entry(row: row, catalog: catalog)
        for effect in row.effects { try take(effect, &entry) }
        for event in row.events {
            if let before = counted[event], row.recordedAt < before.advanced(by: Self.eventMemory) {
                throw Violation(
                    .eventsCountOnce,
                    "\(customer) r\(row.revision) counts '\(event)', which was counted at \(before)."
                )
            }
            counted[event] = row.recordedAt
        }
        rows.append(row)
        if let key = row.key { rowOfKey[key] = rows.count - 1 }
        for (ordinal, notice) in row.notices.enumerated() {
            guard notice.customer == customer, notice.revision == row.revision, notice.ordinal == ordinal else {
                throw Violation(.noticesAreTold, "\(customer) r\(row.revision) has the notice \(Text.of(notice)).")
            }
            notices.insert(Text.of(notice))
            unheard.insert(Text.of(notice))
        }
        try checkBounds(after: row)
        try checkThatNothingWasLeft(entry)
        try check(row.receipt, of: entry)
    }

    private mutating func take(_ effect: Account.Effect, _ entry: inout Entry) throws(Violation) {
        switch effect {
        case .drawn(let draw): try take(draw, &entry)
        case .returned(let back): try take(back, &entry)
        case .held, .holdExtended, .holdEnded: try takeWork(effect, &entry)
        case .granted, .resized, .moved, .carried, .expired, .voided, .retired, .restored:
            try takeGrant(effect, &entry)
        case .tierEntered(let standing): self.standing = standing
        case .periodOpened(let period):
            tallies[period.subject] = Tally(span: period.span, used: period.used, uncovered: period.uncovered)
            allowances[period.subject] = nil
        case .periodExtended(let subject, let end): extend(subject, until: end)
        case .levelled(let meter, let units): levels[meter] = units == 0 ? nil : units
        // No part of these books: the account keeps them too, and nothing is reckoned from them here.
        case .opened, .windowOpened, .warned, .recovered, .trialChanged, .purchased, .overridden, .subscribed,
            .benefited, .subscriptionForgotten, .benefitForgotten, .upgraded, .upgradeForgotten, .ordered:
            break
        }
    }

    private mutating func extend(_ subject: Subject, until end: Timestamp) {
        guard let old = tallies[subject]?.span else { return }
        tallies[subject]?.span = TimeSpan(from: old.start, to: end)
        for lot in lots.values where lot.subject == subject && !retired.contains(lot.id) {
            let isOfPeriod = (lot.source == .rollover || lot.source == .renewal) && lot.expiry == old.end
            if lot.id == allowances[subject] || isOfPeriod { lots[lot.id]?.expiry = end }
        }
    }

    // MARK: Use

    private mutating func take(_ draw: Account.Draw, _ entry: inout Entry) throws(Violation) {
        let subject = draw.subject
        drawn[entry.row.revision, default: [:]][subject, default: 0] += draw.amount
        count(draw, 1)
        // What credits cover is set aside as credits, and told by the draws of the pool.
        let expected = draw.cover == .credits ? 0 : min(entry.setAside[draw.grant] ?? 0, draw.amount)
        entry.setAside[draw.grant, default: 0] -= expected
        let fresh = draw.amount - expected
        if draw.pool == nil { entry.drawn[draw.meter, default: 0] += draw.amount }
        switch draw.cover {
        case .grant(let id, _):
            if fresh > 0 { try checkOrder(drawing: id, entry) }
            lots[id]?.used += draw.amount
        case .credits:
            if entry.setAside.isEmpty, available(.meter(draw.meter), at: entry.row.recordedAt) > 0 {
                throw Violation(.burnOrder, "\(customer) r\(entry.row.revision) takes credits before own units.")
            }
        case .nothing:
            if draw.pool == nil { entry.overage[draw.meter, default: 0] += draw.amount }
            if fresh > 0 { entry.uncovered.append(draw.meter) }
        }
    }

    private mutating func take(_ back: Account.Return, _ entry: inout Entry) throws(Violation) {
        let subject = back.draw.subject
        if let use = back.revision {
            returned[use, default: [:]][subject, default: 0] += back.draw.amount
            let (used, given) = (drawn[use]?[subject] ?? 0, returned[use]?[subject] ?? 0)
            guard given <= used else {
                throw Violation(
                    .refundsNeverExceedUse,
                    "\(customer) r\(entry.row.revision) brings \(given) \(subject) back of \(used) used in r\(use)."
                )
            }
        }
        if let id = back.draw.grant { lots[id]?.used -= back.draw.amount }
        count(back.draw, -1)
        // What is before all time is part of no count, and of no receipt.
        if back.draw.pool == nil, back.draw.at.microseconds > .min {
            entry.returned[back.draw.meter, default: 0] += back.draw.amount
        }
    }

    private mutating func count(_ draw: Account.Draw, _ sign: Int64) {
        guard let tally = tallies[draw.subject], draw.at >= tally.span.start else { return }
        tallies[draw.subject]?.used += sign * draw.amount
        if draw.cover == .nothing { tallies[draw.subject]?.uncovered += sign * draw.amount }
    }

    /// Makes sure that nothing which comes before a grant has anything left.
    private func checkOrder(drawing id: Account.Grant.ID, _ entry: Entry) throws(Violation) {
        let (row, now) = (entry.row, entry.row.recordedAt)
        guard let lot = lots[id], !retired.contains(id), lot.isUsable(at: now) else {
            throw Violation(.grantsStayWithinBounds, "\(customer) r\(row.revision) draws on \(id) out of its time.")
        }
        let skipped = lots.values.filter { other in
            other.subject == lot.subject && other.left > 0 && other.isUsable(at: now) && other.comes(before: lot)
        }
        guard skipped.isEmpty else {
            throw Violation(
                .burnOrder,
                "\(customer) r\(row.revision) draws on \(id) before \(skipped.map(\.id).min().map { "\($0)" } ?? "")."
            )
        }
    }

    // MARK: Work

    private mutating func takeWork(_ effect: Account.Effect, _ entry: inout Entry) throws(Violation) {
        let revision = entry.row.revision
        switch effect {
        case .held(let hold):
            let isNew = entry.movedWork != hold.id
            if isNew, works[hold.id] != nil || endedWorks.contains(hold.id) {
                throw Violation(.holdsEndOnce, "\(customer) r\(revision) begins work \(hold.id) again.")
            }
            let work = Work(hold: hold, lapsesAt: hold.lapsesAt)
            works[hold.id] = work
            workKeys.insert(hold.key)
            endedWorks.remove(hold.id)
            for part in work.parts {
                if isNew, let id = part.grant { try checkOrder(drawing: id, entry) }
                if let id = part.grant { lots[id]?.held += part.amount }
            }
            if isNew {
                entry.held += work.units
                if hold.parts.contains(where: { $0.grant == nil }) { entry.uncovered.append(hold.meter) }
            }
            entry.movedWork = nil
        case .holdExtended(let id, let end):
            guard let work = works[id], work.lapsesAt < end else {
                throw Violation(.holdsEndOnce, "\(customer) r\(revision) gives \(id) more time, which it had.")
            }
            works[id]?.lapsesAt = end
        case .holdEnded(let id, let end):
            guard let work = works.removeValue(forKey: id), endedWorks.insert(id).inserted else {
                throw Violation(.holdsEndOnce, "\(customer) r\(revision) ends \(id), which is not live.")
            }
            for part in work.parts {
                if let grant = part.grant { lots[grant]?.held -= part.amount }
                if end == .captured { entry.setAside[part.grant, default: 0] += part.amount }
            }
            if end == .released { entry.released += work.units }
            if end == .moved { entry.movedWork = id }
            if end == .lapsed, work.lapsesAt > entry.row.recordedAt {
                throw Violation(.holdsEndOnce, "\(customer) r\(revision) lets \(id) lapse before its time.")
            }
        default: break
        }
    }

    // MARK: Grants

    private mutating func takeGrant(_ effect: Account.Effect, _ entry: inout Entry) throws(Violation) {
        let place = "\(customer) r\(entry.row.revision)"
        switch effect {
        case .granted(let grant):
            guard lots.updateValue(Lot(grant), forKey: grant.id) == nil else {
                throw Violation(.grantsEndOnce, "\(place) gives \(grant.id) again.")
            }
            if grant.source == .allowance { allowances[grant.subject] = grant.id }
        case .restored(let grant):
            guard retired.remove(grant.id) != nil, lots[grant.id] == Lot(grant) else {
                throw Violation(.grantsEndOnce, "\(place) brings \(grant.id) back other than it left.")
            }
        case .resized(let id, let delta): lots[id]?.amount += delta
        case .moved(let subject, let source, let target, let amount):
            if let source { lots[source]?.used -= amount } else { tallies[subject]?.uncovered -= amount }
            if let target { lots[target]?.used += amount } else { tallies[subject]?.uncovered += amount }
        case .carried(let id, let amount): lots[id]?.moved += amount
        case .expired(let id, let amount):
            lots[id]?.expired += amount
            forget(id)
        case .voided(let id, let amount, let instant):
            if entry.row.kind == .void, amount > 0, !voided.insert(id).inserted {
                throw Violation(.grantsEndOnce, "\(place) takes \(id) back again.")
            }
            entry.voided += amount
            lots[id]?.voided += amount
            if let lot = lots[id] { lots[id]?.expiry = min(lot.expiry ?? instant, instant) }
        case .retired(let grant):
            guard lots[grant.id] == Lot(grant), grant.held == 0, lots[grant.id]?.left == 0,
                retired.insert(grant.id).inserted
            else { throw Violation(.grantsEndOnce, "\(place) retires \(grant.id) with something left, or again.") }
            forget(grant.id)
        default: break
        }
    }

    private mutating func forget(_ grant: Account.Grant.ID) {
        for subject in allowances.keys where allowances[subject] == grant { allowances[subject] = nil }
    }

    // MARK: Checks of a whole row

    private func checkBounds(after row: Account.Change) throws(Violation) {
        for lot in lots.values.sorted(by: { $0.id < $1.id }) {
            let numbers = [lot.amount, lot.used, lot.held, lot.expired, lot.voided, lot.moved, lot.left]
            if numbers.contains(where: { $0 < 0 }) {
                throw Violation(.grantsStayWithinBounds, "\(customer) r\(row.revision) leaves \(lot.id) at \(numbers).")
            }
        }
        for subject in tallies.keys.sorted() {
            guard let tally = tallies[subject] else { continue }
            if tally.uncovered < 0 || tally.uncovered > tally.used {
                throw Violation(
                    .balanceIsSumOfEntries,
                    "\(customer) r\(row.revision) counts \(tally.used) of \(subject), \(tally.uncovered) uncovered."
                )
            }
        }
        for meter in levels.keys.sorted() where levels[meter] ?? 0 < 0 {
            throw Violation(.balanceIsSumOfEntries, "\(customer) r\(row.revision) leaves \(meter) below nothing.")
        }
    }

    /// Makes sure that units which nothing covers were used only where nothing was left, and the tier lets them.
    private func checkThatNothingWasLeft(_ entry: Entry) throws(Violation) {
        guard [.consume, .record, .capture, .reserve].contains(entry.row.kind) else { return }
        for meter in entry.uncovered {
            let allowance = allowance(of: meter, in: entry.catalog)
            if allowance == .unlimited { continue }
            let own = available(.meter(meter), at: entry.row.recordedAt)
            let draw = entry.catalog.meters.first { $0.id == meter }?.draw
            let credits = draw.map { available(.pool($0.pool), at: entry.row.recordedAt) / $0.cost } ?? 0
            guard own == 0, credits == 0 else {
                throw Violation(
                    .burnOrder,
                    "\(customer) r\(entry.row.revision) goes beyond the limit of \(meter) with \(own + credits) left."
                )
            }
            guard entry.row.kind == .consume || entry.row.kind == .reserve else { continue }
            guard case .limited(_, _, .counted(let most), _) = allowance, tallies[.meter(meter)]?.uncovered ?? 0 <= most
            else {
                throw Violation(
                    .nothingBeyondTheLimit,
                    "\(customer) r\(entry.row.revision) was let beyond the limit of \(meter)."
                )
            }
        }
    }

    private func allowance(of meter: Meter.ID, in catalog: Catalog) -> Allowance {
        let tier = catalog.tiers.first { $0.id == standing?.tier ?? catalog.fallback }
        return tier?.allowances[meter] ?? .none
    }

    /// Holds a receipt against what its row did, so that a row which is not whole is noticed.
    private func check(_ receipt: Account.Receipt?, of entry: Entry) throws(Violation) {
        guard let receipt else { return }
        let row = entry.row
        guard receipt.revision == row.revision, receipt.at == row.recordedAt else {
            throw Violation(.answeredMeansWritten, "\(customer) r\(row.revision) has the receipt of another row.")
        }
        for line in [receipt.line] + receipt.others {
            let (done, overage) = done(line, entry)
            guard done == line.amount, overage == line.overage else {
                throw Violation(
                    .answeredMeansWritten,
                    "\(customer) r\(row.revision) says \(line.amount) \(line.subject) and \(line.overage) beyond, and did "
                        + "\(done) and \(overage)."
                )
            }
            let left = left(line.subject, at: row.recordedAt, in: entry.catalog)
            guard left == line.remaining else {
                throw Violation(
                    .balanceIsSumOfEntries,
                    "\(customer) r\(row.revision) says that \(line.remaining) of \(line.subject) are left; \(left) are."
                )
            }
        }
    }

    /// What a row did to one balance, and how much of it was beyond the limit.
    private func done(_ line: Account.Receipt.Line, _ entry: Entry) -> (Int64, Int64) {
        guard case .meter(let meter) = line.subject else {
            return (given(line.subject, in: entry.row), 0)
        }
        let isFree = allowance(of: meter, in: entry.catalog) == .unlimited
        let overage = isFree ? 0 : entry.overage[meter] ?? 0
        return switch entry.row.kind {
        case .consume, .record, .capture: (entry.drawn[meter] ?? 0, overage)
        case .correct: ((entry.drawn[meter] ?? 0) + (entry.returned[meter] ?? 0), overage)
        case .refund: (entry.returned[meter] ?? 0, 0)
        case .reserve: (entry.held, 0)
        case .release: (entry.released, 0)
        case .void: (entry.voided, 0)
        case .setLevel, .raise, .lower: (levels[meter] ?? 0, line.overage)
        default: (given(line.subject, in: entry.row), 0)
        }
    }

    private func given(_ subject: Subject, in row: Account.Change) -> Int64 {
        if row.kind == .void {
            return row.effects.reduce(0) { sum, effect in
                if case .voided(_, let amount, _) = effect { sum + amount } else { sum }
            }
        }
        // What is given for something of the provider's is named by that.
        let reason = row.references.first { $0.kind == .grant }
        let name = Account.Grant.ID(reason.map { "\($0.provider):\($0.id)" } ?? "\(row.revision).0")
        for case .granted(let grant) in row.effects where grant.id == name && grant.subject == subject {
            return grant.amount
        }
        return 0
    }

    /// What is left of a meter or a pool.
    private func left(_ subject: Subject, at instant: Timestamp, in catalog: Catalog) -> Account.Remaining {
        guard case .meter(let meter) = subject else { return .units(available(subject, at: instant)) }
        switch allowance(of: meter, in: catalog) {
        case .unlimited: return .unlimited
        case .level(let most, _): return .units(max(0, most - (levels[meter] ?? 0)))
        case .none, .limited: break
        }
        let draw = catalog.meters.first { $0.id == meter }?.draw
        let credits = draw.map { available(.pool($0.pool), at: instant) / $0.cost } ?? 0
        return .units(available(subject, at: instant) + credits)
    }
}
