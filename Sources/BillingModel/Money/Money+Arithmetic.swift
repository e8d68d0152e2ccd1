extension Money {
    /// Returns the sum of two amounts of one currency.
    public static func + (left: Money, right: Money) throws(MoneyError) -> Money {
        try check(left, right)
        return try Money(checking: Int128(left.minorUnits) + Int128(right.minorUnits), currency: left.currency)
    }

    /// Returns the difference between two amounts of one currency.
    public static func - (left: Money, right: Money) throws(MoneyError) -> Money {
        try check(left, right)
        return try Money(checking: Int128(left.minorUnits) - Int128(right.minorUnits), currency: left.currency)
    }

    /// Returns an amount a whole number of times.
    public static func * (amount: Money, count: Int64) throws(MoneyError) -> Money {
        try Money(checking: Int128(amount.minorUnits) * Int128(count), currency: amount.currency)
    }

    /// Returns the same amount the other way: a refund for a charge.
    ///
    /// - Throws: ``MoneyError`` for `Int64.min` minor units, which have no counterpart.
    public func negated() throws(MoneyError) -> Money {
        try Money(checking: -Int128(minorUnits), currency: currency)
    }

    /// Returns the sum of any number of amounts.
    ///
    /// Only the sum has to be within the range, not what comes up on the way, so the order makes no
    /// difference.
    ///
    /// - Parameters:
    ///   - amounts: The amounts, each rounded already.
    ///   - currency: The currency of every amount, and of the sum when there is none.
    /// - Returns: The sum.
    /// - Throws: ``MoneyError`` when an amount is in another currency or the sum is beyond the range.
    public static func sum(
        of amounts: some Sequence<Money>,
        in currency: Currency
    ) throws(MoneyError) -> Money {
        // 128 bits hold as many amounts as there can be in a sequence that ends.
        var sum: Int128 = 0
        for amount in amounts {
            try check(amount, .zero(currency))
            sum += Int128(amount.minorUnits)
        }
        return try Money(checking: sum, currency: currency)
    }

    /// Returns a fraction of the amount, such as 15 % of it.
    ///
    /// - Parameters:
    ///   - numerator: The upper number of the fraction.
    ///   - denominator: The lower number, 1 or more.
    ///   - rounding: How the result becomes whole minor units.
    /// - Returns: The fraction, rounded once.
    /// - Throws: ``MoneyError`` when the denominator is below 1 or the result is beyond the range.
    public func multiplied(
        by numerator: Int64,
        over denominator: Int64,
        rounding: Rounding
    ) throws(MoneyError) -> Money {
        guard denominator > 0 else {
            throw MoneyError(.outOfBounds, "\(denominator) cannot be the denominator of a fraction.")
        }
        let product = Int128(minorUnits) * Int128(numerator)
        return try Money(checking: rounding.quotient(product, by: Int128(denominator)), currency: currency)
    }

    static func check(_ left: Money, _ right: Money) throws(MoneyError) {
        guard left.currency == right.currency else {
            throw MoneyError(
                .differentCurrencies,
                "An amount in \(left.currency) and one in \(right.currency) have no sum, difference or order."
            )
        }
    }
}
