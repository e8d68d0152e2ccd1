/// What was paid for, by all that is known.
///
/// A period that was shown as paid is taken to be paid, unless its own payment is known to have failed: for a payment is due
/// that is not another one's. So what is known of each period is one of three:
/// - Proved paid: an order for it is paid, or two days after its start it was still shown as paid.
/// - Proved unpaid: a payment is due that failed within two days of its start, or an order for it is on record that is not
///   paid.
/// - Neither: nothing is due, or what is due came later. It counts as paid.
extension Subscription {
    /// The newest period that has been paid, by all that is known: the one whose allowance may be used; `nil` when none has.
    ///
    /// A provider opens a period before it is paid. When that payment fails, the period gives nothing until it
    /// succeeds, and the one before goes on, where there was one.
    var metered: PaidPeriod? {
        guard asksForCharges else { return paid }
        return periods.indices.first { !isUnpaid($0) }.map { periods[$0] }
    }

    /// A Boolean value indicating whether the newest period is known not to be paid.
    var isNewestUnpaid: Bool { paid != nil && asksForCharges && isUnpaid(0) }

    /// How often the metered period is billed, as far as is known: a period that was begun within it may be of another cycle.
    var meteredCycle: Recurrence? {
        guard let span = metered?.span, snapshot.period.start > span.start else { return snapshot.cycle }
        return snapshot.period.start < span.end ? nil : snapshot.cycle
    }

    /// Returns whether a period is known from a report of a trial that the provider ran: one from before its end.
    func isTrial(_ period: PaidPeriod) -> Bool {
        snapshot.trialEnd.map { period.version.object < $0 } ?? false
    }

    /// Since when a payment is due.
    ///
    /// It is the earliest instant that any report since the newest payment says: what later ones have as their own time
    /// moves. An instant that is not after that payment contradicts it, and one after the report that says it is none
    /// that anybody can know; then the report's own instant counts.
    var dueSince: Timestamp { dues.first ?? snapshot.version.object }

    /// When it was first said, since the newest payment, that one is due.
    var dueHeardOf: Timestamp {
        let first = told.first { one in one.kind == .due && paid.map { $0.version.object < one.at } ?? true }
        return first?.at ?? snapshot.version.object
    }

    /// Returns whether a period's own payment is known to have failed.
    private func isUnpaid(_ place: Int) -> Bool {
        let period = periods[place]
        let span = period.span
        guard period.version.object < period.failsBefore, !isTrial(period), let failedAt = firstDue(after: place)
        else { return false }
        // What fails after it is the next one's, and so is what fails once another one has begun within it.
        if span.start < span.end, span.end <= failedAt { return false }
        if place == 0, isAnothers(failedAt, within: span) { return false }
        let own = charges(for: period)
        return !own.contains(where: \.isPaid) && (failedAt < period.failsBefore || !own.isEmpty)
    }

    /// When the period began whose payment is due, where that is not the metered one.
    var dueStart: Timestamp? {
        guard let paid else { return nil }
        if isNewestUnpaid { return paid.span.start }
        return isAnothers(dueSince, within: paid.span) ? snapshot.period.start : nil
    }

    /// Returns whether what failed at an instant is of the period of the newest report, which has begun within another one.
    private func isAnothers(_ failedAt: Timestamp, within span: TimeSpan) -> Bool {
        let next = snapshot.period.start
        return span.start < next && next < span.end && next <= failedAt
    }

    /// Returns since when a payment was due that was told after a period was shown as paid last, and before the next was.
    private func firstDue(after place: Int) -> Timestamp? {
        if place == 0 { return snapshot.status == .pastDue ? dueSince : dues.first }
        let (since, until) = (periods[place].version.object, periods[place - 1].version.object)
        return told.filter { [.due, .failed].contains($0.kind) && since < $0.at && $0.at <= until }.map(\.at).min()
    }
}

extension Subscription.PaidPeriod {
    /// The first instant at which its payment no longer fails, if it does: providers try within hours.
    var failsBefore: Timestamp { span.start.advanced(by: Subscription.renewalFailsWithin) }
}

extension Subscription {
    /// How long after a period's start its payment fails, if it does.
    static let renewalFailsWithin = Duration.seconds(2 * 86_400)
}
