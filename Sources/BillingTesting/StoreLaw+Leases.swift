import BillingKit

extension StoreLaw {
    private static func seconds(_ seconds: Int64) -> Timestamp {
        StoreTrial.start.advanced(by: .seconds(seconds))
    }

    private static func lease(from now: Int64, until: Int64, limit: Int = 10) -> LeaseRequest {
        LeaseRequest(now: seconds(now), until: seconds(until), limit: limit)
    }

    static let leases: [StoreLaw] = [
        StoreLaw("a delivery's lease ends by the clock of whoever asks, also one that goes back") { trial in
            func attempts(at now: Int64, until end: Int64) async throws -> [Int] {
                let request = LeaseDeliveriesRequest(provider: "polar", lease: lease(from: now, until: end))
                return try await trial.store.leaseDeliveries(request).map(\.attempt)
            }
            _ = try await trial.lease("d1", at: seconds(100))
            trial.expectEqual(try await attempts(at: -9_999, until: 999), [], "what is due by a clock far behind")
            trial.expectEqual(try await attempts(at: 159, until: 999), [], "what is due before the lease ends")
            trial.expectEqual(try await attempts(at: 160, until: 170), [2], "what is due when the lease ends")
            trial.expectEqual(try await attempts(at: 150, until: 999), [], "what is due by a clock that went back")
            trial.expectEqual(try await attempts(at: 170, until: 120), [3], "what is due when the next lease ends")
            trial.expectEqual(
                try await attempts(at: 119, until: 999),
                [],
                "what is due before a lease that ended early"
            )
            trial.expectEqual(try await attempts(at: 120, until: 180), [4], "what is due when that lease has ended")
            trial.expectEqual(try await trial.record("d1", at: seconds(100)), .inProgress, "a repeat by a clock behind")
        },
        StoreLaw("a notice's lease ends by the clock of whoever asks, also one that goes back") { trial in
            try await trial.perform(Fixture.consume(3, of: Fixture.searches, key: "all"), for: "org_acme")
            func attempts(at now: Int64, until end: Int64) async throws -> Set<Int> {
                Set(try await trial.store.leaseNotices(lease(from: now, until: end)).map(\.attempt))
            }
            trial.expectEqual(try await attempts(at: -9_999, until: 60), [1], "what is due by a clock far behind")
            trial.expectEqual(try await attempts(at: 59, until: 999), [], "what is due before the lease ends")
            trial.expectEqual(try await attempts(at: 60, until: 70), [2], "what is due when the lease ends")
            trial.expectEqual(try await attempts(at: 50, until: 999), [], "what is due by a clock that went back")
            trial.expectEqual(try await attempts(at: 70, until: 20), [3], "what is due when the next lease ends")
            trial.expectEqual(try await attempts(at: 20, until: 30), [4], "what is due after a lease that ended early")
        },
        StoreLaw("a lease that has ended settles its delivery while nobody has a newer one") { trial in
            let first = try await trial.lease("d1")
            let settlement = DeliverySettlement(lease: first, state: .done, detail: "late, and the only one")
            trial.expectEqual(try await trial.store.settle(settlement), true, "whether the newest lease settles")
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(log.map(\.detail), [settlement.detail], "what came of the delivery")
        },
        StoreLaw("of all the leases of a delivery only the newest settles it") { trial in
            var leases = [try await trial.lease("d1")]
            for number in 1...3 as ClosedRange<Int64> {
                let recording = try await trial.record("d1", at: seconds(60 * number))
                guard case .leased(let lease) = recording else {
                    return trial.expect(false, "lease \(number) has ended, so the delivery is not \(recording)")
                }
                leases.append(lease)
            }
            trial.expectEqual(leases.map(\.attempt), [1, 2, 3, 4], "the attempts")
            for lease in leases.dropLast() {
                let settled = try await trial.store.settle(
                    DeliverySettlement(lease: lease, state: .dead, detail: "by attempt \(lease.attempt)")
                )
                trial.expectEqual(settled, false, "whether attempt \(lease.attempt) settles")
            }
            // In the commit of an effect an old lease holds nothing back, and settles nothing.
            let old = DeliverySettlement(lease: leases[2], state: .done, detail: "by a commit")
            try await trial.perform(Fixture.consume(key: "a"), for: "org_acme", settling: [old])
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(log.map(\.state), [.processing], "the state")
            trial.expectEqual(log.map(\.attempts), [4], "the attempts in the log")
            let newest = DeliverySettlement(lease: leases[3], state: .done, detail: "so")
            trial.expectEqual(try await trial.store.settle(newest), true, "whether the newest lease settles")
        },
        StoreLaw("a delivery that was settled is not settled again by the same lease") { trial in
            let lease = try await trial.lease("d1")
            for (state, wanted) in [(Delivery.State.done, true), (.dead, false)] {
                let settlement = DeliverySettlement(lease: lease, state: state, detail: "\(state)")
                trial.expectEqual(try await trial.store.settle(settlement), wanted, "whether it settles as \(state)")
            }
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(log.map(\.state), [.done], "the state")
        },
        StoreLaw("what nobody received is not settled, and appears nowhere") { trial in
            let lease = DeliveryLease(
                id: .init(provider: "polar", id: "unknown"),
                body: [],
                receivedAt: seconds(0),
                attempt: 1
            )
            let settled = try await trial.store.settle(DeliverySettlement(lease: lease, state: .done, detail: ""))
            trial.expectEqual(settled, false, "whether it settles")
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(log.map(\.id.id), [], "the log")
        },
        StoreLaw("a notice that was settled stays settled, whatever an older lease says") { trial in
            try await trial.perform(Fixture.consume(3, of: Fixture.searches, key: "all"), for: "org_acme")
            let old = try await trial.store.leaseNotices(lease(from: 0, until: 60))
            let new = try await trial.store.leaseNotices(lease(from: 60, until: 120))
            trial.expectEqual(new.map(\.notice), old.map(\.notice), "the notices that are leased again")
            try await trial.store.settle(new.map { NoticeSettlement(lease: $0, outcome: .dead) })
            try await trial.store.settle(old.map { NoticeSettlement(lease: $0, outcome: .retry(at: seconds(0))) })
            try await trial.store.settle(new.map { NoticeSettlement(lease: $0, outcome: .retry(at: seconds(0))) })
            let rest = try await trial.store.leaseNotices(lease(from: 9_999, until: 99_999))
            trial.expectEqual(rest, [], "what is leased after it was given up")
        },
        StoreLaw("of many that lease at once each delivery and each notice goes to one") { trial in
            for number in 0..<20 {
                _ = try await trial.lease("d\(number)")
                let customer = CustomerID("org_\(number)")
                try await trial.perform(Fixture.consume(3, of: Fixture.searches, key: "all"), for: customer)
            }
            let request = lease(from: 60, until: 120, limit: 7)
            async let told = trial.leased(by: 12) { try await trial.store.leaseNotices(request) }
            let deliveries = try await trial.leased(by: 12) {
                try await trial.store.leaseDeliveries(.init(provider: "polar", lease: request))
            }
            let notices = try await told
            trial.expectEqual(deliveries.count, 20, "the deliveries that were leased")
            trial.expectEqual(Set(deliveries.map(\.id)).count, 20, "the deliveries among them")
            trial.expectEqual(Set(notices.map(\.notice)).count, notices.count, "the notices among those leased")
            let customers = Set(notices.map(\.notice.customer))
            trial.expectEqual(customers.count, 20, "the customers who are told of")
        },
        StoreLaw("the log tells each delivery under its state") { trial in
            for (number, state) in Delivery.State.allCases.enumerated() {
                let lease = try await trial.lease(state.rawValue, at: seconds(Int64(number)))
                guard state != .processing else { continue }
                let retryAt = state == .failed ? seconds(500) : nil
                let settlement = DeliverySettlement(lease: lease, state: state, detail: "so", retryAt: retryAt)
                trial.expectEqual(try await trial.store.settle(settlement), true, "whether it settles as \(state)")
            }
            for state in Delivery.State.allCases {
                let found = try await trial.store.deliveries(DeliveryQuery(states: [state]))
                trial.expectEqual(found.map(\.id.id), [state.rawValue], "what is \(state)")
                trial.expectEqual(found.map(\.state), [state], "the states of what is \(state)")
                trial.expectEqual(found.map(\.attempts), [1], "the attempts of what is \(state)")
                let dueAt: Timestamp? =
                    switch state {
                    case .processing: seconds(60)
                    case .failed: seconds(500)
                    default: nil
                    }
                trial.expectEqual(found.map(\.dueAt), [dueAt], "when it is due what is \(state)")
            }
            let two = try await trial.store.deliveries(DeliveryQuery(states: [.done, .dead]))
            trial.expectEqual(two.map(\.state), [.dead, .done], "what is done or dead, the newest first")
        },
    ]
}

extension StoreTrial {
    /// Returns what so many who lease at once are given together.
    fileprivate func leased<Lease: Sendable>(
        by count: Int,
        _ body: @escaping @Sendable () async throws -> [Lease]
    ) async throws -> [Lease] {
        try await withThrowingTaskGroup(of: [Lease].self) { group in
            for _ in 0..<count { group.addTask { try await body() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
