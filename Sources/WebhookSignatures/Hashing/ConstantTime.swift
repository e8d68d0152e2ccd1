/// Comparisons whose time tells nothing about where two values differ.
package enum ConstantTime {
    /// Returns whether two byte strings are the same.
    ///
    /// The lengths are public and are compared first. Of the bytes, every difference is collected into one value
    /// that is tested once at the end, so that the time depends on the length alone. The function is never inlined,
    /// so that no caller's knowledge of the bytes lets the compiler take a short cut.
    ///
    /// - Parameters:
    ///   - lhs: The bytes that were computed here.
    ///   - rhs: The bytes that were received.
    /// - Returns: Whether lengths and bytes agree. Two empty strings do.
    @inline(never)
    package static func areEqual(_ lhs: [UInt8], _ rhs: [UInt8]) -> Bool {
        guard lhs.count == rhs.count else {
            return false
        }
        var difference: UInt8 = 0
        for index in lhs.indices {
            difference |= lhs[index] ^ rhs[index]
        }
        return difference == 0
    }
}
