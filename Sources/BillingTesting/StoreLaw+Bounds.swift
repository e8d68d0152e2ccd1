import BillingKit

extension StoreLaw {
    private static let first = Timestamp(microseconds: .min)
    private static let last = Timestamp(microseconds: .max)

    static let bounds: [StoreLaw] = amounts + instants + sizes

    private static let amounts: [StoreLaw] = [
        StoreLaw("the largest amounts there may be are kept") { trial in
            let trial = trial.under(try Fixture.makeLifeCatalog())
            let commands = [
                Fixture.purchase(of: Fixture.enterprise, key: "purchase"),
                Fixture.grant(Catalog.Limits.units, identity: "all", key: "grant"),
                Fixture.consume(.max - 1, key: "consume"),
                Fixture.record([("e", Fixture.searches, .max - 7)], key: "record"),
                Fixture.refund(of: "consume", .max - 2),
            ]
            for command in commands {
                let item = try await trial.perform(command, for: "org_acme")
                let loaded = try await trial.account(of: "org_acme")
                trial.expectEqual(loaded, item.account, "the account after \(command)")
                let key = try trial.require(command.key, "key")
                let found = try await trial.load(LoadRequest.Item(customer: "org_acme", keys: [key], spending: [key]))
                trial.expectEqual(found.precedents[key]?.receipt, item.changes.first?.receipt, "the receipt of \(key)")
            }
        },
        StoreLaw("numbers of a grant and of an order are kept from the least to the greatest") { trial in
            for (customer, number) in [("least", Int64.min), ("greatest", .max), ("none", 0), ("less", -1)]
                as [(_, Int64)]
            {
                let account = Account(customer: CustomerID(customer))
                let item = Fixture.extremes(of: account, number: number, instant: StoreTrial.start)
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of the \(customer) number")
                try await trial.expectStored(item, "of the \(customer) number")
                let order = ProviderReference(provider: "polar", kind: .order, id: "ord of \(customer)")
                let loaded = try await trial.load(LoadRequest.Item(customer: account.customer, orders: [order]))
                trial.expectEqual(loaded.orders[order]?.total.minorUnits, number, "the order's total")
                trial.expectEqual(loaded.orders[order]?.refundedMinorUnits, number, "what was refunded of it")
            }
        },
    ]

    private static let instants: [StoreLaw] = [
        StoreLaw("instants are kept to the microsecond, from the first there is to the last") { trial in
            let instants = [
                first, Timestamp(microseconds: -1), Timestamp(microseconds: 0), Timestamp(microseconds: 1),
                StoreTrial.start.advanced(by: .microseconds(123_457)), last,
            ]
            for (number, instant) in instants.enumerated() {
                let account = Account(customer: CustomerID("org_\(number)"))
                let item = Fixture.extremes(of: account, number: 1, instant: instant)
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of a change at \(instant)")
                try await trial.expectStored(item, "at \(instant)")
            }
            let due = try await trial.store.accountsDue(DueRequest(now: last))
            trial.expectEqual(due.map(\.dueAt), instants, "when the accounts are due")
        },
        StoreLaw("usage is told apart by the microsecond") { trial in
            for number in 0..<3 as Range<Int64> {
                let now = StoreTrial.start.advanced(by: .microseconds(number))
                try await trial.perform(Fixture.consume(1 << number, key: "k\(number)"), for: "org_acme", at: now)
            }
            for (microseconds, units) in [(-1, 7), (0, 7), (1, 6), (2, 4), (3, 0)] as [(Int64, Int64)] {
                let since = StoreTrial.start.advanced(by: .microseconds(microseconds))
                let question = Account.Facts.UsageQuestion(.meter(Fixture.documents), since: since)
                let loaded = try await trial.load(LoadRequest.Item(customer: "org_acme", usage: [question]))
                trial.expectEqual(loaded.usage[question]?.units, units, "the units since microsecond \(microseconds)")
            }
        },
        StoreLaw("a delivery's instants are kept to the microsecond, and leases end to the microsecond") { trial in
            let tick = Duration.microseconds(1)
            let received = StoreTrial.start.advanced(by: .microseconds(987_653))
            let lease = try await trial.lease("d1", at: received)
            trial.expectEqual(lease.receivedAt, received, "when it was received, by the lease")
            let ends = received.advanced(by: .seconds(60))
            let early = try await trial.record("d1", at: ends.advanced(by: .zero - tick))
            trial.expectEqual(early, .inProgress, "a repeat a microsecond before the lease ends")
            guard case .leased(let second) = try await trial.record("d1", at: ends) else {
                return trial.expect(false, "a repeat at the lease's end is leased, and this one was not")
            }
            let retry = ends.advanced(by: .microseconds(1_000_003))
            let settlement = DeliverySettlement(lease: second, state: .failed, detail: "", retryAt: retry)
            trial.expectEqual(try await trial.store.settle(settlement), true, "whether the newest lease settles")
            let log = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(log.map(\.receivedAt), [received], "when it was received, by the log")
            trial.expectEqual(log.map(\.dueAt), [retry], "when it is due")
            for (now, ids) in [(retry.advanced(by: .zero - tick), []), (retry, ["d1"])] {
                let request = LeaseRequest(now: now, until: last, limit: 10)
                let due = try await trial.store.leaseDeliveries(.init(provider: "polar", lease: request))
                trial.expectEqual(due.map(\.id.id), ids, "what is due at \(now)")
            }
            let forEver = try await trial.store.deliveries(DeliveryQuery())
            trial.expectEqual(forEver.map(\.dueAt), [last], "when a lease ends that is for ever")
        },
        StoreLaw("a notice is leased, and told again, to the microsecond") { trial in
            let tick = Duration.microseconds(1)
            let now = StoreTrial.start.advanced(by: .microseconds(7))
            let item = try await trial.perform(
                Fixture.consume(3, of: Fixture.searches, key: "all"),
                for: "org_acme",
                at: now
            )
            func leased(at now: Timestamp, until end: Timestamp) async throws -> [NoticeLease] {
                try await trial.store.leaseNotices(LeaseRequest(now: now, until: end, limit: 100))
            }
            let ends = now.advanced(by: .microseconds(11))
            let first = try await leased(at: now, until: ends)
            trial.expectEqual(first.map(\.notice), item.changes.flatMap(\.notices), "the notices")
            let before = try await leased(at: ends.advanced(by: .zero - tick), until: last)
            trial.expectEqual(before, [], "what is leased a microsecond before the leases end")
            let retry = ends.advanced(by: .microseconds(5))
            try await trial.store.settle(first.map { NoticeSettlement(lease: $0, outcome: .retry(at: retry)) })
            let early = try await leased(at: retry.advanced(by: .zero - tick), until: last)
            trial.expectEqual(early, [], "what is leased a microsecond before it is to be told again")
            let again = try await leased(at: retry, until: last)
            trial.expectEqual(again.map(\.attempt), first.map { _ in 2 }, "the attempts of what is told again")
        },
    ]

    private static let sizes: [StoreLaw] = [
        StoreLaw("a long journal comes in pages of any size, each change once, in order") { trial in
            var account = Account(customer: "org_acme")
            var changes: [Account.Change] = []
            // One more than the largest page holds twice.
            while changes.count < 2_001 {
                let commands = (changes.count..<min(changes.count + 250, 2_001)).map { number in
                    Account.Command(.record(.init(meter: Fixture.documents, amount: 1)), key: Account.Key("k\(number)"))
                }
                let item = try trial.blind(commands, on: account)
                let outcomes = try await trial.store.commit(CommitRequest(items: [item]))
                trial.expectEqual(outcomes, [.committed], "the outcome of \(commands.count) changes in one item")
                account = item.account
                changes += item.changes
            }
            for (limit, count) in [(1_000, 3), (667, 3), (5_000, 3), (250, 9)] {
                var found: [Account.Change] = []
                var pages = 0
                while pages <= count {
                    let query = JournalQuery(customer: "org_acme", after: found.last?.revision ?? 0, limit: limit)
                    let page = try await trial.store.journal(query)
                    trial.expect(page.count <= query.limit, "\(page.count) changes in a page of \(query.limit)")
                    if page.isEmpty { break }
                    pages += 1
                    found += page
                }
                trial.expectEqual(pages, count, "the pages of \(limit)")
                trial.expectEqual(found.map(\.revision), Array(1...2_001), "the revisions in pages of \(limit)")
                trial.expect(found == changes, "the changes in pages of \(limit) are not those that were committed")
            }
            let one = try await trial.store.journal(JournalQuery(customer: "org_acme", after: 1_999, limit: 1))
            trial.expectEqual(one.map(\.revision), [2_000], "a page of one")
            for after in [2_001, .max] as [Int64] {
                let none = try await trial.store.journal(JournalQuery(customer: "org_acme", after: after))
                trial.expectEqual(none.map(\.revision), [], "what comes after revision \(after)")
            }
            let whole = try await trial.store.journal(JournalQuery(customer: "org_acme", after: .min, limit: 2))
            trial.expectEqual(whole.map(\.revision), [1, 2], "the beginning, from before it")
            let loaded = try await trial.account(of: "org_acme")
            trial.expectEqual(loaded, account, "the account")
        },
        StoreLaw("very long bodies are kept byte for byte, and leased again") { trial in
            // As long as a verifier lets one be.
            let body = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
            let lease = try await trial.lease("d1", body: body)
            trial.expect(lease.body == body, "\(lease.body.count) bytes in the lease, not the \(body.count) received")
            let now = StoreTrial.start.advanced(by: .seconds(60))
            let request = LeaseRequest(now: now, until: last, limit: 1)
            let due = try await trial.store.leaseDeliveries(.init(provider: "polar", lease: request))
            trial.expectEqual(due.map(\.body.count), [body.count], "the length of the body that is leased again")
            trial.expect(due.first?.body == body, "the body that is leased again is not the one received")
        },
        StoreLaw("a repeat with another body changes nothing") { trial in
            let first = try await trial.lease("d1", body: [1])
            guard
                case .leased(let again) = try await trial.record(
                    "d1",
                    body: [2],
                    at: first.receivedAt.advanced(by: .seconds(60))
                )
            else { return trial.expect(false, "a repeat after the lease's end is leased, and this one was not") }
            trial.expectEqual(again.body, [1], "the body")
        },
        StoreLaw("what is due comes in pages of any size, each account once") { trial in
            let accounts = (0..<1_203).map { number in
                DueAccount(
                    customer: CustomerID("org_\(number)"),
                    dueAt: StoreTrial.start.advanced(by: .microseconds(Int64(number % 17)))
                )
            }
            let items = try accounts.map { due in
                try trial.blind([Fixture.consume(key: "a")], on: Account(customer: due.customer), dueAt: due.dueAt)
            }
            let outcomes = try await trial.store.commit(CommitRequest(items: items))
            trial.expectEqual(outcomes.count { $0 == .committed }, accounts.count, "the accounts that are committed")
            let sorted = accounts.sorted()
            for limit in [1_000, 401, 5_000] {
                var found: [DueAccount] = []
                for _ in 0..<9 {
                    let page = try await trial.store.accountsDue(DueRequest(now: last, after: found.last, limit: limit))
                    trial.expect(page.count <= min(limit, 1_000), "\(page.count) accounts in a page of \(limit)")
                    if page.isEmpty { break }
                    found += page
                }
                trial.expectEqual(found.count, sorted.count, "the accounts in pages of \(limit)")
                trial.expect(found == sorted, "the accounts in pages of \(limit) are in another order")
            }
            let cut = StoreTrial.start.advanced(by: .microseconds(5))
            let before = try await trial.store.accountsDue(DueRequest(now: cut, limit: 1_000))
            trial.expectEqual(before, sorted.filter { $0.dueAt <= cut }, "what is due at \(cut)")
            let gone = DueAccount(customer: "org_nobody", dueAt: cut)
            let after = try await trial.store.accountsDue(DueRequest(now: cut, after: gone, limit: 1_000))
            trial.expectEqual(
                after,
                sorted.filter { gone < $0 && $0.dueAt <= cut },
                "what is due after one that is not"
            )
        },
        StoreLaw("of many that keep a catalog under one version at once all are told the same") { trial in
            let catalogs = try (0..<8).map { try Fixture.makeCatalog(version: 7, freeDocuments: Int64($0 + 1)) }
            let kept = try await withThrowingTaskGroup(of: Catalog.self) { group in
                for catalog in catalogs { group.addTask { try await trial.store.keep(catalog) } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            trial.expectEqual(kept.count, 1, "the catalogs that were told of")
            trial.expectEqual(try await trial.store.catalog(7), kept.first, "the catalog that is read")
            trial.expectEqual(try await trial.store.catalogVersions(), [7], "the versions")
        },
    ]
}

extension Fixture {
    /// A change such as a journal may hold, with the same number and instant wherever there is room for one.
    static func extremes(of account: Account, number: Int64, instant: Timestamp) -> CommitRequest.Item {
        let customer = account.customer
        let usd = Money(minorUnits: number, currency: .usd)
        // What counts units is never below nothing.
        let units = max(0, number)
        let ofGrant = min(units, Account.maximumCount)
        let version = ObjectVersion(object: instant, event: instant)
        let grant = Account.Grant(
            id: Account.Grant.ID("1.0"),
            subject: .meter(documents),
            source: .order,
            basis: .bought,
            priority: number,
            effective: instant,
            expiry: instant,
            amount: ofGrant,
            used: ofGrant
        )
        let order = Account.Order(
            provider: "polar",
            id: "ord of \(customer)",
            version: version,
            status: "paid",
            isPaid: true,
            purpose: .renewal,
            createdAt: instant,
            total: usd,
            refundedMinorUnits: number
        )
        let window = Account.Window(meter: documents, seconds: 60, start: instant, used: units)
        let change = Account.Change(
            customer: customer,
            revision: 1,
            kind: .grant,
            key: "extremes",
            fingerprint: number,
            member: nil,
            recordedAt: instant,
            effectiveAt: instant,
            receipt: Account.Receipt(
                revision: 1,
                line: .init(subject: .meter(documents), amount: number, overage: number, remaining: .units(number)),
                at: instant
            ),
            effects: [
                .opened(anchor: instant), .tierEntered(.init(tier: free, catalog: 1, until: instant)),
                .periodOpened(
                    .init(subject: .meter(documents), span: .init(from: instant, to: instant), used: units)
                ),
                .granted(grant), .windowOpened(window), .levelled(seats, at: min(units, Catalog.Limits.units)),
                .purchased(instant),
                .ordered(order),
            ],
            notices: [],
            references: [order.providerReference]
        )
        var changed = account
        changed.apply(change)
        return CommitRequest.Item(account: changed, changes: [change], dueAt: instant)
    }
}
