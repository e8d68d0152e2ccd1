import BillingModel
import SeededTesting
import Testing

@Suite struct RoundingTests {
    /// The two whole numbers around a quotient, and how far it lies above the lower one, in `divisor`ths.
    private struct Place {
        let below: Int128
        let distance: Int128
        let divisor: Int128

        init(_ dividend: Int128, _ divisor: Int128) {
            var below = dividend / divisor
            while below * divisor > dividend { below -= 1 }
            self.below = below
            self.distance = dividend - below * divisor
            self.divisor = divisor
        }

        /// By the definition of each mode, from the two neighbours.
        func rounded(_ rounding: Rounding) -> Int128 {
            guard distance != 0 else { return below }
            let above = below + 1
            let (nearZero, farFromZero) = below >= 0 ? (below, above) : (above, below)
            let middle = distance * 2 == divisor
            let nearest = distance * 2 < divisor ? below : above
            return switch rounding {
            case .down: below
            case .up: above
            case .towardZero: nearZero
            case .awayFromZero: farFromZero
            case .halfUp: middle ? above : nearest
            case .halfEven: middle ? (below % 2 == 0 ? below : above) : nearest
            case .halfAwayFromZero: middle ? farFromZero : nearest
            }
        }
    }

    @Test(arguments: Rounding.allCases)
    func `every small quotient is rounded as its name says`(rounding: Rounding) {
        for divisor in 1...24 as ClosedRange<Int128> {
            for dividend in -120...120 as ClosedRange<Int128> {
                #expect(rounding.quotient(dividend, by: divisor) == Place(dividend, divisor).rounded(rounding))
            }
        }
    }

    @Test(arguments: Rounding.allCases)
    func `large quotients are rounded alike`(rounding: Rounding) {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "quotients, \(rounding)"))
        for round in 0..<5_000 {
            let divisor = Int128(Int64.random(in: 1 ... .max, using: &generator))
            var dividend =
                Int128(Int64.random(in: .min ... .max, using: &generator))
                * Int128(Int64.random(in: 0...1_000_000, using: &generator))
            // Halves do not come up by themselves.
            if round.isMultiple(of: 3) { dividend = (dividend / divisor) * divisor + divisor / 2 }
            #expect(rounding.quotient(dividend, by: divisor) == Place(dividend, divisor).rounded(rounding))
        }
    }

    /// Half of 2.5 and its neighbours, as the documentation of the cases has it.
    @Test(
        arguments: [
            (.towardZero, [-2, -1, -1, 1, 1, 2]), (.awayFromZero, [-3, -2, -2, 2, 2, 3]),
            (.down, [-3, -2, -2, 1, 1, 2]), (.up, [-2, -1, -1, 2, 2, 3]), (.halfUp, [-2, -2, -1, 1, 2, 3]),
            (.halfEven, [-2, -2, -1, 1, 2, 2]), (.halfAwayFromZero, [-3, -2, -1, 1, 2, 3]),
        ] as [(Rounding, [Int128])]
    )
    func `−2.5, −1.9, −1.1, 1.1, 1.9 and 2.5`(rounding: Rounding, expected: [Int128]) {
        #expect([-25, -19, -11, 11, 19, 25].map { rounding.quotient($0, by: 10) } == expected)
    }

    @Test(arguments: Rounding.allCases)
    func `the ends of 128 bits do not trap`(rounding: Rounding) {
        for dividend in [Int128.min, .min + 1, -1, 0, 1, .max - 1, .max] {
            #expect(rounding.quotient(dividend, by: 1) == dividend)
            for divisor in [2, 3, .max - 1, .max] as [Int128] {
                let quotient = rounding.quotient(dividend, by: divisor)
                #expect(quotient >= dividend / divisor - 1 && quotient <= dividend / divisor + 1)
            }
            #expect(rounding.quotient(dividend, by: 0) == 0)
            #expect(rounding.quotient(dividend, by: .min) == 0)
        }
    }

    @Test func `the modes mirror and bound one another`() {
        for divisor in 1...12 as ClosedRange<Int128> {
            for dividend in -60...60 as ClosedRange<Int128> {
                func rounded(_ rounding: Rounding, _ dividend: Int128) -> Int128 {
                    rounding.quotient(dividend, by: divisor)
                }
                #expect(rounded(.up, dividend) == -rounded(.down, -dividend))
                for symmetric in [Rounding.towardZero, .awayFromZero, .halfEven, .halfAwayFromZero] {
                    #expect(rounded(symmetric, -dividend) == -rounded(symmetric, dividend))
                }
                for rounding in Rounding.allCases {
                    let number = rounded(rounding, dividend)
                    #expect((rounded(.down, dividend)...rounded(.up, dividend)).contains(number))
                    // The next step never rounds below this one.
                    #expect(rounded(rounding, dividend + 1) >= number)
                }
            }
        }
    }
}
