import BillingKit

/// Laws of what two callers want at the same moment and one alone may have.
extension StoreLaw {
    /// How often two meet: where the store looks first and writes later, once may go well.
    private static let meetings = 8

    private static func seconds(_ seconds: Int64) -> Timestamp {
        StoreTrial.start.advanced(by: .seconds(seconds))
    }

    /// Makes calls at once, and returns their answers.
    private static func atOnce<Answer: Sendable>(
        _ calls: [@Sendable () async throws -> Answer]
    ) async throws -> [Answer] {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            for call in calls { group.addTask { try await call() } }
            var answers: [Answer] = []
            for try await answer in group { answers.append(answer) }
            return answers
        }
    }

    static let rivals: [StoreLaw] = [
        StoreLaw("of two customers who claim one name at the same moment one has it, and the other nothing") { trial in
            let store = trial.store
            for meeting in 0..<meetings {
                let customers = ["a", "b"].map { CustomerID("\($0)\(meeting)") }
                let order = ProviderReference(provider: "polar", kind: .grant, id: "ord_\(meeting)")
                var calls: [@Sendable () async throws -> CommitOutcome?] = []
                for customer in customers {
                    let gift = Fixture.grant(5, identity: order.id, key: "gift")
                    let item = try trial.require(try await trial.commitItem(gift, for: customer), "change")
                    calls.append { try await store.commit(CommitRequest(items: [item])).first }
                }
                let outcomes = try await atOnce(calls)
                trial.expectEqual(outcomes.count { $0 == .committed }, 1, "of \(outcomes), those who have the name")
                let revisions = try await customers.asyncMap { try await trial.account(of: $0).revision }
                trial.expectEqual(revisions.sorted(), [0, 1], "the revisions of the two")
                let owner = try await store.owner(of: order)
                let winner = revisions.firstIndex(of: 1).map { customers[$0] }
                trial.expectEqual(owner, winner, "the owner of the name")
            }
        },
        StoreLaw("of several who ask for one delivery at the same moment one has it") { trial in
            let store = trial.store
            for meeting in 0..<meetings {
                let lease = try await trial.lease("d\(meeting)")
                let later = seconds(100)
                let request = LeaseDeliveryRequest(id: lease.id, now: later, until: later.advanced(by: .seconds(60)))
                let leases = try await atOnce(
                    (0..<8).map { _ in
                        { @Sendable () async throws -> Int? in
                            try await store.leaseDelivery(request)?.attempt
                        }
                    }
                )
                trial.expectEqual(leases.compactMap(\.self), [2], "the leases that were given")
            }
        },
        StoreLaw("of an old lease that settles and a new one that is asked for at the same moment one wins") { trial in
            let store = trial.store
            for meeting in 0..<meetings {
                let lease = try await trial.lease("d\(meeting)")
                let later = seconds(100)
                let request = LeaseDeliveryRequest(id: lease.id, now: later, until: later.advanced(by: .seconds(60)))
                let settlement = DeliverySettlement(lease: lease, state: .done, detail: "settled")
                let settling: @Sendable () async throws -> Bool = { try await store.settle(settlement) }
                let leasing: @Sendable () async throws -> Bool = { try await store.leaseDelivery(request) != nil }
                let won = try await atOnce([settling, leasing])
                trial.expectEqual(won.count(where: \.self), 1, "how many of the two have won")
                let log = try await store.deliveries(DeliveryQuery()).first { $0.id == lease.id }
                let isDone = log?.state == .done
                trial.expectEqual(
                    log?.attempts,
                    isDone ? 1 : 2,
                    "the attempts of what is \(isDone ? "done" : "leased")"
                )
            }
        },
        StoreLaw("a commit that says nothing of when the account is due leaves that as it is") { trial in
            let first = try await trial.perform(Fixture.consume(key: "a"), for: "org_acme")
            let due = try trial.require(first.dueAt, "instant at which the period ends")
            let second = try trial.require(
                try await trial.commitItem(Fixture.consume(key: "b"), for: "org_acme"),
                "change"
            )
            let silent = CommitRequest.Item(
                account: second.account,
                changes: second.changes,
                dueAt: second.dueAt,
                setsDueAt: false
            )
            trial.expectEqual(try await trial.store.commit(CommitRequest(items: [silent])), [.committed], "the outcome")
            let page = try await trial.store.accountsDue(DueRequest(now: due))
            trial.expectEqual(page, [DueAccount(customer: "org_acme", dueAt: due)], "the accounts that are due")
            trial.expectEqual(
                try await trial.load(LoadRequest.Item(customer: "org_acme")).dueAt,
                due,
                "when the account is due"
            )
        },
    ]
}
