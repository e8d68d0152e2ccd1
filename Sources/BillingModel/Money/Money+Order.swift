// Not `Comparable`: its operators cannot throw, and amounts of two currencies have no order.
extension Money {
    /// Returns whether the first amount is less than the second, of one currency.
    public static func < (left: Money, right: Money) throws(MoneyError) -> Bool {
        try check(left, right)
        return left.minorUnits < right.minorUnits
    }

    /// Returns whether the first amount is more than the second, of one currency.
    public static func > (left: Money, right: Money) throws(MoneyError) -> Bool {
        try right < left
    }

    /// Returns whether the first amount is at most the second, of one currency.
    public static func <= (left: Money, right: Money) throws(MoneyError) -> Bool {
        try !(right < left)
    }

    /// Returns whether the first amount is at least the second, of one currency.
    public static func >= (left: Money, right: Money) throws(MoneyError) -> Bool {
        try !(left < right)
    }
}
