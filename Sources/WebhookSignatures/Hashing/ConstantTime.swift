/// Comparisons whose time tells nothing about where two values differ.
package enum ConstantTime {
    /// Returns whether two digests are the same.
    ///
    /// Every difference is collected into one value that is tested once, at the end, without a jump. The function is
    /// never inlined, so that no caller's knowledge of the words lets the compiler take a short cut. A test reads the
    /// machine code of the release build and finds no conditional jump in it.
    ///
    /// - Parameters:
    ///   - lhs: The words that were computed here.
    ///   - rhs: The words that were received.
    /// - Returns: Whether all eight words agree.
    @inline(never)
    package static func areEqual(_ lhs: SIMD8<UInt32>, _ rhs: SIMD8<UInt32>) -> Bool {
        let difference = lhs ^ rhs
        var collected: UInt32 = 0
        for index in difference.indices {
            collected |= difference[index]
        }
        return collected == 0
    }
}
