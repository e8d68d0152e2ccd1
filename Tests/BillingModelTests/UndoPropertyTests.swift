import BillingModel
import SeededTesting
import Testing

/// What was set for later and taken back within the period leaves no trace.
@Suite struct UndoPropertyTests {
    private typealias Wish = Account.Command.SubscriptionChange.Wish

    /// What can be seen of a customer, but for versions, the names that hang on revisions, and the thresholds that were told
    /// of, which hang on when somebody looked.
    private struct Seen: Equatable {
        let tier: Tier
        let access: [Timestamp?]
        let reason: Account.Access.Reason
        let subscription: SubscriptionSnapshot?
        let meters: [Account.Overview.Line]
        let credits: [Account.Overview.CreditLine]
        let grants: [[Int64]]

        init(_ page: Account.Overview) {
            tier = page.tier
            access = [page.accessSince, page.accessUntil]
            reason = page.accessReason
            subscription = page.subscription?.replacing(version: Fixture.version(Fixture.opening))
            meters = page.meters
            credits = page.credits
            grants = page.grants.map { grant in
                [grant.amount, grant.used, grant.remaining, grant.span.start.microseconds, grant.span.end.microseconds]
            }
        }
    }

    /// A wish, and what takes it back.
    private static func wish(using generator: inout SeededGenerator) -> (name: String, Wish, undo: Wish) {
        let tier = [Tier.ID.free, .pro, .enterprise, nil].randomElement(using: &generator) ?? nil
        let terms = Account.Command.SubscriptionChange.Terms(tier: tier, cycle: .year, quantity: 3)
        let all: [(String, Wish, Wish)] = [
            ("cancel", .cancel(.periodEnd), .undoCancellation),
            ("pause", .pause(until: nil), .undoCancellation), ("pause", .pause(until: Fixture.day(60)), .resume),
            ("change", .change(to: terms, .periodEnd), .dropPendingChange),
        ]
        return all[Int.random(in: 0..<all.count, using: &generator)]
    }

    @Test(arguments: 0..<4)
    func `undone, it is as if it had never been done`(part: Int) throws {
        let seed = SeededGenerator.seed(for: "undo restores, part \(part)") &+ UInt64(part)
        var generator = SeededGenerator(seed: seed)
        var counts: [String: Int] = [:]
        let period = Fixture.days(0, 31)
        for _ in 0..<100 {
            var (plain, changed) = (try Ledger(catalog: Lab.catalog()), try Ledger(catalog: Lab.catalog()))
            let tier = [Tier.ID.pro, .enterprise].randomElement(using: &generator) ?? .pro
            let first = Fixture.subscription(tier, period: period, quantity: 2)
            for word in [first] {
                try plain.take(word, at: period.start)
                try changed.take(word, at: period.start)
            }
            var open: [Wish] = []
            func ask(_ wish: Wish, at now: Timestamp) throws -> Bool {
                guard let plan = try changed.preview(wish, at: now).plan else { return false }
                try changed.take(plan.asked, at: now)
                return true
            }
            let instants = (0..<Int.random(in: 4...20, using: &generator)).map { _ in
                period.start + .minutes(Int64.random(in: 1..<(31 * 24 * 60 - 60), using: &generator))
            }.sorted()
            for now in instants {
                switch Int.random(in: 0..<6, using: &generator) {
                case 0, 1:
                    let (name, wish, undo) = Self.wish(using: &generator)
                    guard try ask(wish, at: now) else {
                        counts["refused", default: 0] += 1
                        continue
                    }
                    counts[name, default: 0] += 1
                    // A newer change takes the place of an older one, and one word takes both back.
                    if undo != .dropPendingChange || !open.contains(.dropPendingChange) { open.append(undo) }
                case 2 where !open.isEmpty:
                    let undo = open.remove(at: Int.random(in: open.indices, using: &generator))
                    #expect(try ask(undo, at: now), "\(seed): what was set can be taken back")
                    // It takes back whatever would end the subscription.
                    if undo == .undoCancellation { open.removeAll { $0 != .dropPendingChange } }
                    counts["undone", default: 0] += 1
                default:
                    let units = Int64.random(in: 1...30, using: &generator)
                    let meter: Meter.ID = Bool.random(using: &generator) ? .documents : .searches
                    let answers = (
                        try plain.consume(units, of: meter, at: now), try changed.consume(units, of: meter, at: now)
                    )
                    #expect(answers.0.isApplied == answers.1.isApplied, "\(seed): a limit differs while it is set")
                    counts[answers.0.isApplied ? "used" : "denied", default: 0] += 1
                }
            }
            while !open.isEmpty {
                let undo = open.remove(at: Int.random(in: open.indices, using: &generator))
                if undo == .undoCancellation { open.removeAll { $0 != .dropPendingChange } }
                #expect(try ask(undo, at: period.end - .minutes(30)), "\(seed): what was set can be taken back")
                counts["undone", default: 0] += 1
            }
            for instant in [period.end - .minutes(1), period.end, period.end + .days(2), period.end + .days(5)] {
                let (one, other) = (try plain.overview(at: instant), try changed.overview(at: instant))
                guard Seen(one) == Seen(other) else {
                    Issue.record("\(seed), at \(instant): \(Seen(one))\nnot\n\(Seen(other))")
                    return
                }
            }
            let renewal = Fixture.subscription(tier, period: Fixture.days(31, 59), at: Fixture.day(36), quantity: 2)
            for day in [36, 40] as [Int64] {
                try plain.take(renewal, at: Fixture.day(day))
                try changed.take(renewal, at: Fixture.day(day))
                #expect(
                    Seen(try plain.overview(at: Fixture.day(day))) == Seen(try changed.overview(at: Fixture.day(day)))
                )
            }
            changed.audit.check(changed.account)
        }
        print("undo, part \(part): \(counts.sorted { $0.key < $1.key })")
        for kind in ["cancel", "pause", "change", "refused", "undone", "used", "denied"] {
            #expect(counts[kind, default: 0] >= 20, "the lives are too dull: \(counts)")
        }
    }
}
