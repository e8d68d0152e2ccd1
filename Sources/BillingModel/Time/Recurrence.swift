/// A repeating interval, such as every month or every three days.
///
/// Boundary *n* is always the anchor plus *n* intervals, with the day clamped to the length of the month,
/// and never computed from the boundary before it: from the 31st of January the months begin on the 28th of
/// February and on the 31st of March again.
///
/// Instants are UTC, but which day of the month an instant is on depends on where one looks. A recurrence may
/// look from a fixed offset (``offsetSeconds``): the anchor's date and time of day are read there, the months
/// or years are added there, and the boundary is the instant at which that date and time of day come there.
/// So every boundary has the anchor's time of day in that offset, and months that are anchored at its midnight
/// begin at its midnight. The offset is the same in summer and winter, so no interval is an hour shorter or
/// longer for it. Units up to the week are lengths of time, and an offset makes no difference to them.
public struct Recurrence: Hashable, Sendable {
    /// A unit of the calendar or of the clock.
    public enum Unit: String, Sendable, Hashable, CaseIterable, Codable {
        /// One second.
        case second
        /// Sixty seconds.
        case minute
        /// 3,600 seconds.
        case hour
        /// 86,400 seconds; UTC knows no daylight saving.
        case day
        /// Seven days.
        case week
        /// One month of the Gregorian calendar.
        case month
        /// Twelve months.
        case year
    }

    /// The unit that is repeated.
    public let unit: Unit

    /// The number of units in one interval, from 1 to ``maximumCount``.
    public let count: Int

    /// How many seconds the calendar is ahead of UTC, at most ``maximumOffsetSeconds`` either way.
    ///
    /// Negative to the west: −18,000 for UTC−05:00. The default is 0.
    public let offsetSeconds: Int

    /// The largest number of units in one interval.
    public static let maximumCount = 10_000

    /// The largest offset from UTC, either way: 18 hours.
    public static let maximumOffsetSeconds = 64_800

    /// Creates a recurrence of a number of units.
    ///
    /// - Parameters:
    ///   - count: The units in one interval, from 1 to ``maximumCount``; a number beyond becomes the bound.
    ///   - unit: The unit.
    ///   - offsetSeconds: How many seconds the calendar is ahead of UTC, at most ``maximumOffsetSeconds``
    ///     either way; a number beyond becomes the bound.
    public init(every count: Int, _ unit: Unit, offsetSeconds: Int = 0) {
        self.count = min(max(1, count), Self.maximumCount)
        self.unit = unit
        self.offsetSeconds = min(max(-Self.maximumOffsetSeconds, offsetSeconds), Self.maximumOffsetSeconds)
    }

    /// Returns the same interval, by a calendar that is ahead of UTC.
    ///
    /// - Parameter seconds: How many seconds, at most ``maximumOffsetSeconds`` either way; a number beyond
    ///   becomes the bound.
    /// - Returns: The recurrence, in place of whatever offset this one has.
    public func offset(bySeconds seconds: Int) -> Recurrence {
        Recurrence(every: count, unit, offsetSeconds: seconds)
    }

    /// Returns a Boolean value indicating whether two recurrences have intervals of the same length, by
    /// whatever calendar.
    ///
    /// Seven days are as long as a week, and twelve months are as long as a year.
    public func hasSameLength(as other: Recurrence) -> Bool {
        switch (length, other.length) {
        case (.seconds(let seconds), .seconds(let others)):
            seconds * Int64(count) == others * Int64(other.count)
        case (.months(let months), .months(let others)):
            months * Int64(count) == others * Int64(other.count)
        case (.seconds, .months), (.months, .seconds):
            false
        }
    }

    /// Every minute.
    public static let minute = Recurrence(every: 1, .minute)
    /// Every hour.
    public static let hour = Recurrence(every: 1, .hour)
    /// Every day.
    public static let day = Recurrence(every: 1, .day)
    /// Every week.
    public static let week = Recurrence(every: 1, .week)
    /// Every month.
    public static let month = Recurrence(every: 1, .month)
    /// Every year.
    public static let year = Recurrence(every: 1, .year)

    /// Returns the instant at which interval `n` begins, counted from an anchor.
    ///
    /// Results beyond the range of ``Timestamp`` become the end of that range.
    public func boundary(_ n: Int64, from anchor: Timestamp) -> Timestamp {
        let (units, overflow) = n.multipliedReportingOverflow(by: Int64(count))
        guard !overflow else { return Timestamp(microseconds: n < 0 ? .min : .max) }
        switch length {
        case .seconds(let seconds):
            // 128 bits, because two instants can lie further apart than an `Int64` of microseconds reaches.
            let distance = Int128(units) * Int128(seconds) * Int128(Timestamp.microsecondsPerSecond)
            return Timestamp(microseconds: Int64(clamping: Int128(anchor.microseconds) + distance))
        case .months(let months):
            let (total, overflow) = units.multipliedReportingOverflow(by: months)
            guard !overflow, total.magnitude < 12 * 600_000 else {
                return Timestamp(microseconds: n < 0 ? .min : .max)
            }
            return adding(months: total, to: anchor)
        }
    }

    /// Returns the interval that an instant falls into, counted from an anchor.
    ///
    /// The last interval that ``Timestamp`` can name ends with its range.
    ///
    /// - Complexity: O(1).
    public func span(containing instant: Timestamp, from anchor: Timestamp) -> TimeSpan {
        let n = index(of: instant, from: anchor)
        return TimeSpan(from: boundary(n, from: anchor), to: boundary(n + 1, from: anchor))
    }

    /// Returns the number of the interval that an instant falls into, counted from an anchor.
    func index(of instant: Timestamp, from anchor: Timestamp) -> Int64 {
        var n = estimate(of: instant, from: anchor)
        // The estimate counts calendar months without looking at the day, so it is off by one at most each way.
        while boundary(n, from: anchor) > instant { n -= 1 }
        while case let next = boundary(n + 1, from: anchor), next <= instant, next.microseconds < .max { n += 1 }
        return n
    }

    private enum Length {
        case seconds(Int64)
        case months(Int64)
    }

    private var length: Length {
        switch unit {
        case .second: .seconds(1)
        case .minute: .seconds(60)
        case .hour: .seconds(3_600)
        case .day: .seconds(86_400)
        case .week: .seconds(604_800)
        case .month: .months(1)
        case .year: .months(12)
        }
    }

    private func estimate(of instant: Timestamp, from anchor: Timestamp) -> Int64 {
        switch length {
        case .seconds(let seconds):
            let distance = Int128(instant.microseconds) - Int128(anchor.microseconds)
            let interval = Int128(seconds) * Int128(count) * Int128(Timestamp.microsecondsPerSecond)
            return Int64(clamping: distance.flooredQuotient(by: interval))
        case .months(let months):
            let from = civil(anchor).date
            let to = civil(instant).date
            let distance = (to.year - from.year) * 12 + to.month - from.month
            return distance.flooredQuotient(by: months * Int64(count))
        }
    }

    private static let microsecondsPerDay = 86_400 * Int128(Timestamp.microsecondsPerSecond)

    private var offset: Int128 { Int128(offsetSeconds) * Int128(Timestamp.microsecondsPerSecond) }

    /// The date and the time of day that an instant has in the offset.
    private func civil(_ instant: Timestamp) -> (date: CivilDate, microsecondOfDay: Int128) {
        // 128 bits, because the first and the last instant have dates in every offset too.
        let local = Int128(instant.microseconds) + offset
        let days = local.flooredQuotient(by: Self.microsecondsPerDay)
        return (CivilDate(daysSinceEpoch: Int64(days)), local - days * Self.microsecondsPerDay)
    }

    private func adding(months: Int64, to anchor: Timestamp) -> Timestamp {
        let (date, microsecondOfDay) = civil(anchor)
        let monthIndex = date.year * 12 + date.month - 1 + months
        let year = monthIndex.flooredQuotient(by: 12)
        let month = monthIndex - year * 12 + 1
        let day = min(date.day, CivilDate.daysInMonth(month, of: year))
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let local = Int128(days) * Self.microsecondsPerDay + microsecondOfDay
        return Timestamp(microseconds: Int64(clamping: local - offset))
    }
}
