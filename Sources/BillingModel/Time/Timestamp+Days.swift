extension Timestamp {
    /// Returns how many days are left until an instant, for people to read.
    ///
    /// While time is left it is at least 1, whatever the rounding: "0 days left" is what a trial that is over
    /// says. Days are 86,400 seconds.
    ///
    /// - Parameters:
    ///   - end: When it is over.
    ///   - now: The instant to count from.
    ///   - rounding: How a part of a day becomes a whole number of days. ``Rounding/up`` says "3 days" for
    ///     anything over two, ``Rounding/down`` only when all three are left.
    /// - Returns: The days, 0 from the end on.
    public static func daysLeft(until end: Timestamp, at now: Timestamp, rounding: Rounding) -> Int64 {
        guard now < end else { return 0 }
        let microseconds = Int128(end.microseconds) - Int128(now.microseconds)
        let days = rounding.quotient(microseconds, by: 86_400 * Int128(microsecondsPerSecond))
        return max(1, Int64(clamping: days))
    }

    /// Returns the midnight at which the instant's day began, by a calendar that is ahead of UTC.
    ///
    /// An anchor for periods that begin at midnight.
    ///
    /// - Parameter offsetSeconds: How many seconds the calendar is ahead of UTC, at most
    ///   ``Recurrence/maximumOffsetSeconds`` either way; a number beyond becomes the bound.
    /// - Returns: The midnight, or the first instant of all where that lies before it.
    public func startOfDay(offsetSeconds: Int = 0) -> Timestamp {
        let bound = Recurrence.maximumOffsetSeconds
        let offset = Int128(min(max(-bound, offsetSeconds), bound)) * Int128(Self.microsecondsPerSecond)
        let day = 86_400 * Int128(Self.microsecondsPerSecond)
        let midnight = (Int128(microseconds) + offset).flooredQuotient(by: day) * day - offset
        return Timestamp(microseconds: Int64(clamping: midnight))
    }
}
