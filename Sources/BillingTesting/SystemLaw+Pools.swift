import BillingInMemory
import BillingKit

extension SystemLaw {
    static let pools: [SystemLaw] = [
        SystemLaw("credits that two meters share are never overdrawn, by however many at once") { trial in
            let servers = try await trial.servers()
            let consume: @Sendable (Meter.ID, Int) async throws -> Bool = { meter, number in
                let answer = try await servers[number % 2].consume(
                    of: meter,
                    for: "org_acme",
                    key: .request("\(meter)-\(number)")
                )
                if case .consumed = answer { return true }
                return false
            }
            async let pageCount = trial.count(100) { try await consume(Fixture.pages, $0) }
            async let imageCount = trial.count(100) { try await consume(Fixture.images, $0) }
            let (pages, images) = (Int64(try await pageCount), Int64(try await imageCount))
            let spent = pages * 5 + (images - 10) * 2
            let overview = try await servers[0].overview(of: "org_acme")
            trial.judge.expectEqual(overview[Fixture.credits]?.used, spent, "the credits used")
            trial.judge.expectEqual(overview[Fixture.credits]?.remaining, 100 - spent, "the credits left")
            trial.judge.expect((0...1).contains(100 - spent), "an image is refused only when no 2 credits are left")
            trial.judge.expectEqual(overview[Fixture.images]?.used, images, "the images used")
            trial.judge.expectEqual(overview[Fixture.pages]?.used, pages, "the pages used")
            var drawn: Int64 = 0
            for change in try await trial.store.journal(JournalQuery(customer: "org_acme")) {
                for case .drawn(let draw) in change.effects where draw.pool != nil { drawn += draw.amount }
            }
            trial.judge.expectEqual(drawn, spent, "the credits in the journal")
        },
        SystemLaw("credits are given to a pool, by name, and a denial says which pack would help") { trial in
            let billing = try await trial.servers()[0]
            let denied = try await billing.consume(21, of: Fixture.pages, for: "org_acme", key: .request("1"))
            guard case .denied(let denial) = denied else {
                return trial.judge.expect(false, "100 credits pay for 20 pages")
            }
            trial.judge.expectEqual(denial.remaining, 20, "the pages that credits pay for")
            trial.judge.expectEqual(denial.unlockedByPacks, [Fixture.hundred], "the packs that unlock it")
            let given = try await billing.grant(
                5,
                of: Fixture.credits,
                to: "org_acme",
                from: .promotion,
                key: .request("gift")
            )
            guard case .granted(let receipt, let grant) = given else {
                return trial.judge.expect(false, "credits can be given")
            }
            trial.judge.expectEqual(receipt.subject, .pool(Fixture.credits), "what was given")
            trial.judge.expectEqual(receipt.remaining, .units(105), "the credits left")
            let again = try await billing.grant(
                5,
                of: Fixture.credits,
                to: "org_acme",
                from: .promotion,
                key: .request("gift")
            )
            trial.judge.expectEqual(again, given, "the answer to a retry")
            let used = try await billing.consume(21, of: Fixture.pages, for: "org_acme", key: .request("1"))
            if case .denied = used { trial.judge.expect(false, "105 credits pay for 21 pages") }
            let over = try await billing.void(grant, of: "org_acme", key: .request("void"))
            trial.judge.expectEqual(over, .alreadyOver, "the answer when nothing is left of it")
        },
        SystemLaw("a pack is given once for its order, and ends with its life") { trial in
            let servers = try await trial.servers()
            let given = try await trial.count(40) { number in
                let answer = try await servers[number % 2].grant(
                    pack: Fixture.hundred,
                    to: "org_acme",
                    for: ("polar", "ord_1"),
                    key: .request("\(number)")
                )
                return answer != .alreadyGranted
            }
            trial.judge.expectEqual(given, 1, "the times that the pack was given")
            let overview = try await servers[0].overview(of: "org_acme")
            trial.judge.expectEqual(overview[Fixture.credits]?.remaining, 200, "the credits left")
            let other = await trial.code {
                try await servers[1].grant(
                    pack: Fixture.hundred,
                    to: "org_other",
                    for: ("polar", "ord_1"),
                    key: .once
                )
            }
            trial.judge.expectEqual(other, .belongsToAnother, "another customer's claim to the same order")
            let unknown = await trial.code {
                try await servers[1].grant(pack: Pack.ID("none"), to: "org_acme", for: ("polar", "ord_2"), key: .once)
            }
            trial.judge.expectEqual(unknown, .unknownPack, "the error for a pack that is not in the catalog")
            let end = StoreTrial.start.advanced(by: .seconds(90 * 86_400))
            for (instant, credits) in [(end.advanced(by: .microseconds(-1)), 200), (end, 100)] as [(Timestamp, Int64)] {
                trial.clock.set(to: instant)
                let line = try await servers[0].overview(of: "org_acme")[Fixture.credits]
                trial.judge.expectEqual(line?.remaining, credits, "the credits left at \(instant)")
            }
        },
    ]
}
