import BillingModel
import SeededTesting
import Testing

@Suite struct MoneyAllocationTests {
    private func cents(_ amount: Int64, by weights: [Int64]) throws -> [Int64] {
        try MoneyTests.dollars(amount).allocated(by: weights).map(\.minorUnits)
    }

    @Test(
        arguments: [
            (100, 3, [34, 33, 33]), (-100, 3, [-34, -33, -33]), (2, 4, [1, 1, 0, 0]), (0, 3, [0, 0, 0]), (7, 1, [7]),
            (2_900, 3, [967, 967, 966]),
        ] as [(Int64, Int, [Int64])]
    )
    func `equal parts differ by one minor unit, the larger ones first`(amount: Int64, parts: Int, expected: [Int64])
        throws
    {
        #expect(try MoneyTests.dollars(amount).allocated(into: parts).map(\.minorUnits) == expected)
    }

    @Test func `the largest remainder gets the unit that is left, and among equals the earlier one`() throws {
        #expect(try cents(100, by: [1, 1, 1]) == [34, 33, 33])
        #expect(try cents(10, by: [5, 3, 3]) == [4, 3, 3])  // 4.54…, 2.72…, 2.72…
        #expect(try cents(10, by: [3, 5, 3]) == [3, 4, 3])
        #expect(try cents(1, by: [0, 1, 1]) == [0, 1, 0])
        #expect(try cents(5, by: [0, 0, 7]) == [0, 0, 5])
    }

    @Test func `no minor unit is lost, and no part is a whole one away from its share`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "allocations"))
        var withRemainder = 0
        for round in 0..<3_000 {
            let bound: Int64 = [3, 100, 1_000_000, .max][round % 4]
            let amount = Int64.random(in: (round % 5 == 0 ? .min : -bound)...bound, using: &generator)
            var weights = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                Int64.random(in: 0...bound, using: &generator)
            }
            weights[0] = max(1, weights[0])
            let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
            let parts = try cents(amount, by: weights)
            #expect(parts.reduce(Int128(0)) { $0 + Int128($1) } == Int128(amount))
            for (part, weight) in zip(parts, weights) {
                let share = Int128(amount) * Int128(weight)
                // Within one unit of the exact share, whose own rounding this shares no code with.
                #expect(Int128(part) >= Rounding.down.quotient(share, by: total))
                #expect(Int128(part) <= Rounding.up.quotient(share, by: total))
                #expect(weight != 0 || part == 0)
            }
            if weights.contains(where: { Int128(amount) * Int128($0) % total != 0 }) { withRemainder += 1 }
        }
        #expect(withRemainder > 1_000)
    }

    @Test func `a refund is allocated as the charge was`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "refunds"))
        for _ in 0..<1_000 {
            let amount = Int64.random(in: 0...100_000, using: &generator)
            let weights = (0..<7).map { _ in Int64.random(in: 1...9, using: &generator) }
            #expect(try cents(-amount, by: weights) == cents(amount, by: weights).map { -$0 })
        }
    }

    @Test func `the ends of the range are allocated without a trap`() throws {
        for amount in [Int64.min, .max] {
            let weights: [[Int64]] = [
                [1], [.max], [.max, .max, .max], [.max, 1], [0, .max], Array(repeating: .max, count: 10_000),
            ]
            for weights in weights {
                #expect(try cents(amount, by: weights).reduce(Int128(0)) { $0 + Int128($1) } == Int128(amount))
            }
            #expect(try MoneyTests.dollars(amount).allocated(into: 10_000).count == 10_000)
        }
    }

    @Test func `parts and weights have their bounds`() {
        for parts in [Int.min, -1, 0, 10_001, .max] {
            let error = #expect(throws: MoneyError.self) { try MoneyTests.dollars(1).allocated(into: parts) }
            #expect(error?.code == .outOfBounds)
        }
        for weights in [[], [0], [0, 0], [1, -1], [.min], Array(repeating: 1, count: 10_001)] as [[Int64]] {
            let error = #expect(throws: MoneyError.self) { try cents(1, by: weights) }
            #expect(error?.code == .outOfBounds)
        }
    }

    @Test func `what is used and what is unused are the amount, at any instant`() {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "splits"))
        let span = Fixture.days(0, 30)
        for round in 0..<2_000 {
            let amount = MoneyTests.dollars(Int64.random(in: -100_000...100_000, using: &generator))
            let rounding = Rounding.allCases[round % Rounding.allCases.count]
            let instant = Timestamp(
                microseconds: Int64.random(
                    in: Fixture.day(-1).microseconds...Fixture.day(31).microseconds,
                    using: &generator
                )
            )
            let (used, unused) = amount.split(at: instant, of: span, rounding: rounding)
            #expect(used.minorUnits + unused.minorUnits == amount.minorUnits)
            #expect(unused.minorUnits.magnitude <= amount.minorUnits.magnitude)
            #expect(used.minorUnits.magnitude <= amount.minorUnits.magnitude)
        }
    }

    @Test func `before a span nothing is used, and from its end on everything is`() throws {
        let (amount, none) = (MoneyTests.dollars(3_000), MoneyTests.dollars(0))
        let span = Fixture.days(0, 30)
        #expect(amount.split(at: Fixture.day(-1), of: span, rounding: .up) == (none, amount))
        #expect(amount.split(at: span.start, of: span, rounding: .up) == (none, amount))
        #expect(amount.split(at: span.start + .tick, of: span, rounding: .up).used == MoneyTests.dollars(1))
        #expect(amount.split(at: Fixture.day(10), of: span, rounding: .halfEven).unused == MoneyTests.dollars(2_000))
        #expect(amount.split(at: span.end - .tick, of: span, rounding: .down).used == MoneyTests.dollars(2_999))
        #expect(amount.split(at: span.end, of: span, rounding: .down) == (amount, none))
        #expect(amount.split(at: span.start, of: Fixture.days(0, 0), rounding: .down) == (amount, none))
    }

    /// Each change gives back the unused part, which pays for the rest of the same period.
    @Test func `any chain of changes pays out what was paid in`() throws {
        var generator = SeededGenerator(seed: SeededGenerator.seed(for: "chains of changes"))
        for round in 0..<500 {
            let paid = MoneyTests.dollars(Int64.random(in: 0...50_000, using: &generator))
            let rounding = Rounding.allCases[round % Rounding.allCases.count]
            let end = Fixture.day(30)
            var (start, rest, lines) = (Fixture.day(0), paid, [Money]())
            for _ in 0..<10 {
                // Also twice at the same instant.
                let step = Duration.microseconds(Int64.random(in: 0...3, using: &generator) * 86_400_000_000 + 1)
                let instant = Bool.random(using: &generator) ? start : start.advanced(by: step)
                let (used, unused) = rest.split(at: instant, of: TimeSpan(from: start, to: end), rounding: rounding)
                lines.append(used)
                (start, rest) = (instant, unused)
            }
            #expect(try Money.sum(of: lines + [rest], in: .usd) == paid)
            #expect(try rest >= .zero(.usd))
        }
    }

    @Test func `the longest span and the largest amount are split without a trap`() throws {
        let ends = [Int64.min, 0, .max].map { Timestamp(microseconds: $0) }
        for amount in [Int64.min, -1, 0, 1, .max] {
            for rounding in Rounding.allCases {
                let span = try #require(TimeSpan(start: ends[0], end: ends[2]))
                for instant in ends + [ends[2] - .tick] {
                    let (used, unused) = MoneyTests.dollars(amount).split(at: instant, of: span, rounding: rounding)
                    #expect(used.minorUnits + unused.minorUnits == amount)
                }
            }
        }
    }
}
