extension Money {
    /// Returns what an amount for a span pays up to an instant, and what it pays from then on.
    ///
    /// Time counts to the microsecond. The used part is rounded and the unused part is the rest, so the two are
    /// the amount whatever the rounding: a plan that is changed any number of times, also twice in one second,
    /// never gives back more than was paid. Before the span nothing is used, and from its end on everything is.
    ///
    /// - Parameters:
    ///   - instant: When the use ends.
    ///   - span: The span that the amount pays for.
    ///   - rounding: How the used part becomes whole minor units.
    /// - Returns: The two parts, each between nothing and the amount.
    public func split(
        at instant: Timestamp,
        of span: TimeSpan,
        rounding: Rounding
    ) -> (used: Money, unused: Money) {
        let whole = Int128(span.end.microseconds) - Int128(span.start.microseconds)
        let elapsed = Int128(min(max(instant, span.start), span.end).microseconds) - Int128(span.start.microseconds)
        // An empty span has an end that has come.
        guard elapsed < whole else { return (self, .zero(currency)) }
        // The product has 63 + 64 bits at most, and the quotient lies between nothing and the amount.
        let used = Int64(clamping: rounding.quotient(Int128(minorUnits) * elapsed, by: whole))
        return (
            Money(minorUnits: used, currency: currency),
            Money(minorUnits: minorUnits - used, currency: currency)
        )
    }
}
