import BillingKit
import Measuring

/// What one caller asks, made before the clock runs.
struct RequestList: Sendable {
    private let customers: [CustomerID]
    private let keys: [String]
    /// The events of each batch; empty where each request is one use.
    private let events: [[Account.Command.Event]]

    init(of load: EngineLoad, count: Int, caller: Int, seed: UInt64) {
        var random = Xorshift(seed: seed &+ UInt64(caller) &* 0x9E37_79B9_7F4A_7C15)
        customers = (0..<count).map { _ in EngineLoad.customer(Int(random.next() % UInt64(load.accounts))) }
        let keys = (0..<count).map { index in
            switch load.keys {
            // Callers go forward side by side, so their keys do.
            case .ordered: Self.hex(seed << 40 | UInt64(index * load.callers + caller)) + Self.hex(random.next())
            case .random: Self.hex(random.next()) + Self.hex(random.next())
            }
        }
        self.keys = keys
        let names = load.batch == 1 ? [] : keys
        events = names.map { key in
            (0..<load.batch).map { number in
                Account.Command.Event(id: Account.EventID("\(key)-\(number)"), meter: EngineFixture.meter, amount: 1)
            }
        }
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Sends one request after the other; returns the microseconds that each took.
    func send(to billing: BillingSystem) async throws -> [UInt32] {
        let clock = ContinuousClock()
        var latencies: [UInt32] = []
        latencies.reserveCapacity(keys.count)
        for index in keys.indices {
            let start = clock.now
            if events.isEmpty {
                let answer = try await billing.consume(
                    of: EngineFixture.meter,
                    for: customers[index],
                    by: EngineFixture.member,
                    key: .request(keys[index])
                )
                guard case .consumed = answer else { throw Failure("A request was refused: \(answer).") }
            } else {
                _ = try await billing.record(
                    events[index],
                    for: customers[index],
                    by: EngineFixture.member,
                    key: .request(keys[index])
                )
            }
            let (seconds, attoseconds) = start.duration(to: clock.now).components
            latencies.append(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
        }
        return latencies
    }
}

/// A quick generator of numbers that only have to look disorderly.
struct Xorshift {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed == 0 ? 88_172_645_463_325_252 : seed
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
