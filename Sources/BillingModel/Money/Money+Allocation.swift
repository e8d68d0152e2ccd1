extension Money {
    /// The most parts that an amount is allocated into.
    public static let maximumParts = 10_000

    /// Returns the amount in parts that differ by one minor unit at most and whose sum is the amount.
    ///
    /// - Parameter parts: How many, from 1 to ``maximumParts``. The earlier ones are the larger ones.
    /// - Returns: The parts.
    /// - Throws: ``MoneyError`` when the number of parts is not within its bounds.
    public func allocated(into parts: Int) throws(MoneyError) -> [Money] {
        try Self.checkParts(parts)
        return try allocated(by: Array(repeating: 1, count: parts))
    }

    /// Returns the amount in parts that are to one another as weights are, and whose sum is the amount.
    ///
    /// Each part is its exact share, rounded toward zero; the minor units that are left then go one each to
    /// the parts that lost most by it, and among equals to the earlier one (the largest remainder method). So a
    /// part is less than one minor unit away from its exact share, a weight of zero gets nothing, and a refund
    /// is allocated as the charge was.
    ///
    /// - Parameter weights: From 1 to ``maximumParts`` of them, none negative, not all zero.
    /// - Returns: One part for each weight, in the same order.
    /// - Throws: ``MoneyError`` when the weights are not within their bounds.
    /// - Complexity: O(*n* log *n*) for *n* weights.
    public func allocated(by weights: [Int64]) throws(MoneyError) -> [Money] {
        try Self.checkParts(weights.count)
        // 128 bits hold 10,000 weights of 63 bits, and an amount of 64 bits times one of them.
        var total: Int128 = 0
        for weight in weights {
            guard weight >= 0 else {
                throw MoneyError(.outOfBounds, "A weight of \(weight) is below zero.")
            }
            total += Int128(weight)
        }
        guard total > 0 else {
            throw MoneyError(.outOfBounds, "The weights are all zero, so nobody gets the money.")
        }
        let amount = Int128(minorUnits)
        let step: Int128 = amount < 0 ? -1 : 1
        var (parts, remainders, left) = ([Int128](), [UInt128](), amount)
        for weight in weights {
            let (part, remainder) = (amount * Int128(weight)).quotientAndRemainder(dividingBy: total)
            parts.append(part)
            remainders.append(remainder.magnitude)
            left -= part
        }
        // What is left is the sum of the remainders over the total, so fewer units than parts with a remainder.
        if left != 0 {
            let order = parts.indices.sorted { first, second in
                remainders[first] != remainders[second] ? remainders[first] > remainders[second] : first < second
            }
            for index in order.prefix(Int(left.magnitude)) { parts[index] += step }
        }
        var allocated: [Money] = []
        for part in parts { allocated.append(try Money(checking: part, currency: currency)) }
        return allocated
    }

    private static func checkParts(_ count: Int) throws(MoneyError) {
        guard (1...maximumParts).contains(count) else {
            throw MoneyError(.outOfBounds, "Money is allocated into 1 to \(maximumParts) parts, not \(count).")
        }
    }
}
