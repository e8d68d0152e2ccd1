extension TimeSpan {
    /// A Boolean value indicating whether the span ends where it starts, so that no instant is in it.
    public var isEmpty: Bool { start == end }

    /// The time from the start to the end, never negative.
    public var duration: Duration { end.duration(since: start) }

    /// Returns the time that has passed of the span at an instant: nothing before it, all of it from its end on.
    public func elapsed(at instant: Timestamp) -> Duration {
        clamped(instant).duration(since: start)
    }

    /// Returns the time that is left of the span at an instant: all of it before it, nothing from its end on.
    ///
    /// What has passed and what is left are always the whole duration together.
    public func remaining(at instant: Timestamp) -> Duration {
        end.duration(since: clamped(instant))
    }

    /// Returns the instants that are in both spans, or `nil` when there are none.
    ///
    /// Spans that touch have no instant in common, and an empty span has none at all.
    public func intersection(_ other: TimeSpan) -> TimeSpan? {
        let (latestStart, earliestEnd) = (max(start, other.start), min(end, other.end))
        guard latestStart < earliestEnd else { return nil }
        return TimeSpan(from: latestStart, to: earliestEnd)
    }

    /// Returns a Boolean value indicating whether an instant is in both spans.
    public func overlaps(_ other: TimeSpan) -> Bool {
        intersection(other) != nil
    }

    /// Returns the instant of the span, its end included, that is nearest to another one.
    private func clamped(_ instant: Timestamp) -> Timestamp {
        min(max(instant, start), end)
    }
}
