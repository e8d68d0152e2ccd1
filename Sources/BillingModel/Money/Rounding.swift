/// A way to make a whole number of a fraction.
///
/// There is no default anywhere: a bill that two systems compute must say which rounding it means.
public enum Rounding: String, Hashable, Sendable, CaseIterable, Codable {
    /// To the whole number that is nearer to zero: 1.9 to 1, −1.9 to −1.
    case towardZero
    /// To the whole number that is further from zero: 1.1 to 2, −1.1 to −2.
    case awayFromZero
    /// To the whole number below: 1.9 to 1, −1.1 to −2.
    case down
    /// To the whole number above: 1.1 to 2, −1.9 to −1.
    case up
    /// To the nearest, and upward from halfway between two: 2.5 to 3, −2.5 to −2.
    case halfUp
    /// To the nearest, and to the even one from halfway between two: 2.5 to 2, 3.5 to 4.
    ///
    /// It favours neither side over many lines. Also known as banker's rounding.
    case halfEven
    /// To the nearest, and away from zero from halfway between two: 2.5 to 3, −2.5 to −3.
    ///
    /// What trade usually means by rounding, and what some libraries call "half up".
    case halfAwayFromZero

    /// Returns a quotient as a whole number.
    ///
    /// - Parameters:
    ///   - dividend: Any number.
    ///   - divisor: A number above zero, which is the caller's to see to; the quotient by any other is 0.
    /// - Returns: The quotient. It is exact when nothing is left over.
    package func quotient(_ dividend: Int128, by divisor: Int128) -> Int128 {
        guard divisor > 0 else { return 0 }
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        guard rest != 0 else { return whole }
        // A rest means a divisor of at least 2, so `whole` is far from the ends of its range.
        let away = dividend < 0 ? whole - 1 : whole + 1
        // Compared this way because twice the rest may be beyond 128 bits.
        let (near, far) = (rest.magnitude, divisor.magnitude - rest.magnitude)
        switch self {
        case .towardZero: return whole
        case .awayFromZero: return away
        case .down: return min(whole, away)
        case .up: return max(whole, away)
        case .halfUp, .halfEven, .halfAwayFromZero: break
        }
        guard near == far else { return near < far ? whole : away }
        switch self {
        case .halfUp: return max(whole, away)
        case .halfEven: return whole.isMultiple(of: 2) ? whole : away
        default: return away
        }
    }
}
