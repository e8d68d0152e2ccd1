extension TimeSpan {
    /// Returns the span of a trial: so many days, or until the first purchase if that comes before.
    ///
    /// It is computed from what is known and never stored as an end that someone has to move: a purchase that
    /// is heard of late ends the trial when it was made. At its end the trial is over.
    ///
    /// - Parameters:
    ///   - start: When the trial begins.
    ///   - days: Its length in days of 86,400 seconds; below zero counts as none.
    ///   - firstPurchase: When the customer first paid, or `nil` when that has not happened.
    /// - Returns: The span, empty when there are no days or the purchase was made before the start.
    public static func trial(from start: Timestamp, days: Int, firstPurchase: Timestamp?) -> TimeSpan {
        let (seconds, overflow) = Int64(max(0, days)).multipliedReportingOverflow(by: 86_400)
        let last = start.advanced(by: .seconds(overflow ? .max : seconds))
        return TimeSpan(from: start, to: firstPurchase.map { min($0, last) } ?? last)
    }

    /// Returns the instants at which to remind of the span's end.
    ///
    /// - Parameter distances: How long before the end. What would fall before the start, as three days do in a
    ///   trial of two, or on the end or after it, gives no reminder.
    /// - Returns: Instants within the span, the earliest first, each once.
    public func reminders(before distances: [Duration]) -> [Timestamp] {
        // Checked against the duration first: far before the end, `Timestamp` would answer its first instant.
        let near = distances.filter { $0 > .zero && $0 <= duration }
        return Set(near.map { end.advanced(by: .zero - $0) }).filter(contains).sorted()
    }
}
