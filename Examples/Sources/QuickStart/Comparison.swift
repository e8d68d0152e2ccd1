import BillingKit
import Foundation

/// Two customers' databases that do the same, of which one hears from the provider in order and the other late,
/// shuffled and twice.
struct Comparison {
    private let folder: URL
    private let deliveries: PolarDeliveries
    private let transcript = Transcript()

    init(folder: URL, deliveries: PolarDeliveries) {
        self.folder = folder
        self.deliveries = deliveries
    }

    func show() async throws {
        transcript.chapter("Two more databases, one small job each on ten days, the same deliveries")
        let inOrder = try await run("in-order", deliveries.items.map { ($0, $0.sentAt) })
        let seed = UInt64.random(in: .min ... .max)
        let shuffled = try await run("shuffled", shuffledRetries(seed: seed))
        transcript.line("The first gets the deliveries as they were sent. The second was down all winter; then it gets")
        transcript.line("them shuffled (seed \(seed)), signed anew by their sender, every third one twice.")
        for (name, left, right) in zip3(inOrder, shuffled) {
            let isEqual = left == right
            transcript.line("\(isEqual ? "=" : "≠") \(name): \(left)\(isEqual ? "" : "  BUT  \(right)")")
        }
        guard inOrder.map(\.value) == shuffled.map(\.value) else {
            throw Surprise(description: "the order of the deliveries shows in the outcome")
        }
    }

    private func zip3(_ left: [(name: String, value: String)], _ right: [(name: String, value: String)]) -> [(
        String, String, String
    )] {
        zip(left, right).map { ($0.name, $0.value, $1.value) }
    }

    /// The deliveries as they come after a winter without a server: in any order, some twice.
    private func shuffledRetries(seed: UInt64) throws -> [(PolarDeliveries.Item, Timestamp)] {
        var generator = SplitMix64(state: seed)
        let twice = deliveries.items.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
        let end = deliveries.items.map(\.sentAt).max() ?? Story.opening
        return try (deliveries.items + twice).shuffled(using: &generator).enumerated().map { index, item in
            let now = end.advanced(by: .seconds(60 + index))
            return (try deliveries.retry(of: item, at: now), now)
        }
    }

    /// Lives through the winter on a fresh database and returns where the customer stands at its end.
    private func run(
        _ name: String,
        _ incoming: [(item: PolarDeliveries.Item, at: Timestamp)]
    ) async throws -> [(name: String, value: String)] {
        let file = folder.appendingPathComponent("\(name).sqlite")
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: file.path + suffix)
        }
        let world = try await World(database: file, secret: deliveries.secret, at: Story.opening)
        var waiting = incoming[...]
        for (number, work) in Self.work.enumerated() {
            while let next = waiting.first, next.at <= work.at {
                waiting.removeFirst()
                try await receive(next.item, in: world)
            }
            world.clock.set(to: work.at)
            try await work.body(world, number)
        }
        for next in waiting { try await receive(next.item, in: world) }
        world.clock.set(to: Self.end)
        let overview = try await world.billing.overview(of: Recruiting.acme)
        await world.store.close()
        return Self.standing(overview)
    }

    private func receive(_ item: PolarDeliveries.Item, in world: World) async throws {
        let answer = await world.receive(item)
        switch answer.outcome {
        case .applied, .stale, .ignored, .duplicate: break
        case let other: throw Surprise(description: "\(item.type) \(item.id) was \(other.words)")
        }
    }

    private struct Work: Sendable {
        let at: Timestamp
        let body: @Sendable (World, Int) async throws -> Void
    }

    /// Half a day after the last work, so that the last period's balances have something to say.
    private static let end = Story.opening.advanced(by: .seconds(89 * 86_400 + 43_200))

    /// What both databases do, at the same times: little enough for Free to allow it.
    private static let work: [Work] =
        [
            Work(at: Story.opening.advanced(by: .seconds(60))) { world, _ in
                _ = try await world.billing.startUpgrade(
                    to: .pro,
                    cycle: .month,
                    for: Recruiting.acme,
                    by: "ann",
                    reference: "job-123"
                )
            }
        ]
        + [1, 2, 14, 20, 31, 45, 62, 75, 82, 89].map { day in
            Work(at: Story.opening.advanced(by: .seconds(day * 86_400))) { world, number in
                for meter in [Meter.ID.jobDescriptions, .candidateScreenings] {
                    let answer = try await world.billing.consume(
                        of: meter,
                        for: Recruiting.acme,
                        key: .request("\(meter)-\(number)")
                    )
                    guard case .consumed = answer else {
                        throw Surprise(description: "work that Free allows was answered with \(answer)")
                    }
                }
            }
        }

    /// Where a customer stands, in words that name neither revisions nor ids that were counted up.
    private static func standing(_ overview: Account.Overview) -> [(name: String, value: String)] {
        let subscriptions = overview.subscriptions.map { subscription in
            "\(subscription.status), \(subscription.tier), as of \(subscription.version.object)"
        }
        let balances = overview.meters.map { line in
            "\(line.meter.name) \(line.used) used, \(line.remaining) left since \(line.period?.start.description ?? "–")"
        }
        let grants = overview.grants.map { grant in
            "\(grant.amount) of \(grant.subject) by \(grant.source.rawValue), \(grant.used) used, until \(grant.span.end)"
        }
        let upgrades = overview.upgrades.map { upgrade in
            "\(upgrade.reference ?? "–") \(upgrade.stage.rawValue) by order \(upgrade.order?.prefix(8) ?? "–")"
        }
        return [
            ("tier", overview.tier.name),
            ("status", subscriptions.joined(separator: "; ")),
            ("balances", balances.joined(separator: "; ")),
            ("grants", grants.sorted().joined(separator: "; ")),
            ("upgrade", upgrades.joined(separator: "; ")),
        ]
    }
}

/// A generator that a seed determines, so that an order can be had again.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
