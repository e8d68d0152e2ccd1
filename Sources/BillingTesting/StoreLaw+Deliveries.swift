import BillingKit

extension StoreLaw {
    private static func seconds(_ seconds: Int64) -> Timestamp {
        StoreTrial.start.advanced(by: .seconds(seconds))
    }

    private static func request(now: Timestamp, until: Timestamp, limit: Int) -> LeaseDeliveriesRequest {
        LeaseDeliveriesRequest(provider: "polar", lease: LeaseRequest(now: now, until: until, limit: limit))
    }

    static let deliveries: [StoreLaw] = [
        StoreLaw("a delivery is kept byte for byte") { trial in
            let bodies: [[UInt8]] = [
                [], [0], [0xFF, 0xFE, 0x00, 0x80], Array("{\"é\":1}".utf8), .init(repeating: 7, count: 1 << 20),
            ]
            for (number, body) in bodies.enumerated() {
                let lease = try await trial.lease("d\(number)", body: body)
                trial.expectEqual(lease.body, body, "the body in the lease")
            }
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(Set(log.map(\.body)), Set(bodies), "the bodies in the log")
        },
        StoreLaw("a delivery that is being worked on is not given to another") { trial in
            _ = try await trial.lease("d1")
            trial.expectEqual(try await trial.record("d1", at: seconds(59)), .inProgress, "the repeat")
            trial.expectEqual(try await trial.store.deliveries(DeliveryQuery()).count, 1, "the log's length")
        },
        StoreLaw("of many records of one delivery exactly one is leased") { trial in
            let recordings = try await withThrowingTaskGroup(of: DeliveryRecording.self) { group in
                for _ in 0..<16 { group.addTask { try await trial.record("d1") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            trial.expectEqual(recordings.count { $0 != .inProgress }, 1, "the leases")
        },
        StoreLaw("a delivery that was left behind is leased again when its lease ends") { trial in
            let first = try await trial.lease("d1")
            trial.expectEqual(first.attempt, 1, "the first attempt")
            guard case .leased(let second) = try await trial.record("d1", at: seconds(60)) else {
                return trial.expect(false, "at the instant of its end a lease is over")
            }
            trial.expectEqual(second.attempt, 2, "the second attempt")
            trial.expectEqual(second.receivedAt, first.receivedAt, "when it was first received")
        },
        StoreLaw("a finished delivery stays finished") { trial in
            for (number, state) in [Delivery.State.done, .ignored].enumerated() {
                let lease = try await trial.lease("d\(number)")
                let settled = try await trial.store.settle(
                    DeliverySettlement(lease: lease, state: state, detail: "so")
                )
                trial.expectEqual(settled, true, "whether the newest lease settles")
                let again = try await trial.record("d\(number)", at: seconds(1_000))
                trial.expectEqual(again, .finished(state, detail: "so"), "the repeat")
            }
            let due = try await trial.store.leaseDeliveries(
                request(now: seconds(10_000), until: seconds(20_000), limit: 10)
            )
            trial.expectEqual(due.map(\.id.id), [], "the finished deliveries that are due")
        },
        StoreLaw("a failed or dead delivery is leased to its sender's repeat") { trial in
            for (number, state) in [Delivery.State.failed, .dead].enumerated() {
                let lease = try await trial.lease("d\(number)")
                _ = try await trial.store.settle(
                    DeliverySettlement(lease: lease, state: state, detail: "no", retryAt: seconds(500))
                )
                guard case .leased(let again) = try await trial.record("d\(number)", at: seconds(1)) else {
                    return trial.expect(false, "a \(state) delivery is tried anew when it comes again")
                }
                trial.expectEqual(again.attempt, 2, "the attempt")
            }
        },
        StoreLaw("a failed delivery is due at its time and not before, and a dead one never") { trial in
            let failed = try await trial.lease("failed")
            _ = try await trial.store.settle(
                DeliverySettlement(lease: failed, state: .failed, detail: "no", retryAt: seconds(10))
            )
            let dead = try await trial.lease("dead")
            _ = try await trial.store.settle(DeliverySettlement(lease: dead, state: .dead, detail: "no"))
            let early = try await trial.store.leaseDeliveries(
                request(now: seconds(9), until: seconds(99), limit: 10)
            )
            trial.expectEqual(early.map(\.id.id), [], "what is due before its time")
            let due = try await trial.store.leaseDeliveries(
                request(now: seconds(10), until: seconds(99), limit: 10)
            )
            trial.expectEqual(due.map(\.id.id), ["failed"], "what is due")
            let again = try await trial.store.leaseDeliveries(
                request(now: seconds(98), until: seconds(199), limit: 10)
            )
            trial.expectEqual(again.map(\.id.id), [], "what is leased and leased again")
            let later = try await trial.store.leaseDeliveries(
                request(now: seconds(99), until: seconds(199), limit: 10)
            )
            trial.expectEqual(later.map(\.attempt), [3], "the attempts of what was left behind")
        },
        StoreLaw("a person is given any delivery that is not finished and not leased") { trial in
            func ask(_ id: String, at now: Timestamp) async throws -> DeliveryLease? {
                try await trial.store.leaseDelivery(
                    LeaseDeliveryRequest(
                        id: Delivery.ID(provider: "polar", id: id),
                        now: now,
                        until: now.advanced(by: .seconds(60))
                    )
                )
            }
            trial.expectEqual(try await ask("unknown", at: seconds(0)), nil, "the lease of what was never received")
            for state in Delivery.State.allCases where state != .processing {
                let lease = try await trial.lease(state.rawValue)
                _ = try await trial.store.settle(
                    DeliverySettlement(
                        lease: lease,
                        state: state,
                        detail: "",
                        retryAt: state == .failed ? seconds(999) : nil
                    )
                )
                let given = try await ask(state.rawValue, at: seconds(1))
                trial.expectEqual(given?.attempt, state.isFinished ? nil : 2, "the attempt of a \(state) one")
            }
            _ = try await trial.lease("leased")
            trial.expectEqual(try await ask("leased", at: seconds(59)), nil, "the second lease of what is leased")
            trial.expectEqual(try await ask("leased", at: seconds(60))?.attempt, 2, "the attempt of one left behind")
        },
        StoreLaw("leases are given oldest first, and no more than asked for") { trial in
            for second in [3, 1, 2] as [Int64] { _ = try await trial.lease("d\(second)", at: seconds(second)) }
            let due = try await trial.store.leaseDeliveries(
                request(now: seconds(100), until: seconds(200), limit: 2)
            )
            trial.expectEqual(due.map(\.id.id), ["d1", "d2"], "what is due")
        },
        StoreLaw("a provider's worker is not given another provider's deliveries") { trial in
            _ = try await trial.record("d1", from: "polar")
            _ = try await trial.record("d2", from: "polar_sandbox")
            let due = try await trial.store.leaseDeliveries(
                request(now: seconds(100), until: seconds(200), limit: 10)
            )
            trial.expectEqual(due.map(\.id.id), ["d1"], "what is due")
        },
        StoreLaw("a worker that was overtaken settles nothing") { trial in
            let first = try await trial.lease("d1")
            _ = try await trial.record("d1", at: seconds(60))
            let settled = try await trial.store.settle(
                DeliverySettlement(lease: first, state: .dead, detail: "late")
            )
            trial.expectEqual(settled, false, "whether an older lease settles")
            trial.expectEqual(
                try await trial.store.deliveries(DeliveryQuery()).map(\.state),
                [.processing],
                "the state"
            )
        },
        StoreLaw("a delivery is settled in the commit of its effect, or not at all") { trial in
            let lease = try await trial.lease("d1")
            let settlement = DeliverySettlement(lease: lease, state: .done, detail: "applied")
            let stale = try trial.require(
                try await trial.commitItem(Fixture.purchase(), for: "org_acme", settling: [settlement]),
                "change"
            )
            try await trial.perform(Fixture.consume(key: "first"), for: "org_acme")
            _ = try await trial.store.commit(CommitRequest(items: [stale]))
            trial.expectEqual(
                try await trial.store.deliveries(DeliveryQuery()).map(\.state),
                [.processing],
                "the state after a commit that was not made"
            )
            try await trial.perform(Fixture.purchase(), for: "org_acme", settling: [settlement])
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(log.map(\.state), [.done], "the state after the commit")
            trial.expectEqual(log.map(\.detail), ["applied"], "the detail after the commit")
        },
        StoreLaw("the same id from two providers is two deliveries") { trial in
            _ = try await trial.record("d1", from: "polar")
            guard case .leased = try await trial.record("d1", from: "polar_sandbox") else {
                return trial.expect(false, "each provider account has its own ids")
            }
        },
        StoreLaw("the log comes in pages, newest first, each delivery once") { trial in
            for second in [2, 0, 1, 1, 2] as [Int64] {
                let count = try await trial.store.deliveries(DeliveryQuery()).count
                _ = try await trial.lease("d\(count)", at: seconds(second))
            }
            var pages: [[String]] = []
            var last: Delivery?
            for _ in 0..<5 {
                let page = try await trial.store.deliveries(DeliveryQuery(after: last, limit: 2))
                guard !page.isEmpty else { break }
                pages.append(page.map(\.id.id))
                last = page.last
            }
            trial.expectEqual(pages, [["d4", "d0"], ["d3", "d2"], ["d1"]], "the pages")
            let none = try await trial.store.deliveries(DeliveryQuery(states: [.dead, .failed]))
            trial.expectEqual(none.map(\.id.id), [], "what is dead or failed")
        },
    ]
}
