import BillingKit

extension StoreLaw {
    private static func request(_ now: Int64, until: Int64, limit: Int = 10) -> LeaseRequest {
        LeaseRequest(
            now: StoreTrial.start.advanced(by: .seconds(now)),
            until: StoreTrial.start.advanced(by: .seconds(until)),
            limit: limit
        )
    }

    /// Uses up the searches of two customers, which makes one notice each where there are no thresholds.
    private static func exhaust(_ trial: StoreTrial) async throws {
        let trial = trial.under(try Fixture.catalog.withoutThresholds())
        for (customer, second) in [("b", 1), ("a", 0)] {
            try await trial.perform(
                Fixture.consume(3, of: Fixture.searches, key: "all"),
                for: CustomerID(customer),
                at: StoreTrial.start.advanced(by: .seconds(second))
            )
        }
    }

    static let notices: [StoreLaw] = [
        StoreLaw("a notice is leased to one, oldest first") { trial in
            try await exhaust(trial)
            let first = try await trial.store.leaseNotices(request(5, until: 65, limit: 1))
            trial.expectEqual(first.map(\.notice.customer), ["a"], "the oldest")
            trial.expectEqual(first.map(\.notice.kind), [.exhausted(.meter(Fixture.searches))], "its kind")
            let second = try await trial.store.leaseNotices(request(5, until: 65))
            trial.expectEqual(second.map(\.notice.customer), ["b"], "the next")
            let third = try await trial.store.leaseNotices(request(64, until: 99))
            trial.expectEqual(third, [], "what is leased and leased again")
        },
        StoreLaw("who asks for no notices, or for fewer than none, gets one") { trial in
            try await exhaust(trial)
            for (limit, customer) in [(0, "a"), (.min, "b")] as [(Int, CustomerID)] {
                let leases = try await trial.store.leaseNotices(request(5, until: 65, limit: limit))
                trial.expectEqual(leases.map(\.notice.customer), [customer], "what is leased with a limit of \(limit)")
            }
        },
        StoreLaw("a notice that was not settled is leased again") { trial in
            try await exhaust(trial)
            let first = try await trial.store.leaseNotices(request(5, until: 65, limit: 1))
            let again = try await trial.store.leaseNotices(request(65, until: 99, limit: 1))
            trial.expectEqual(again.map(\.notice), first.map(\.notice), "the notice")
            trial.expectEqual(again.map(\.attempt), [2], "the attempt")
        },
        StoreLaw("a delivered or dead notice is not leased again, one to be retried is at its time") { trial in
            try await exhaust(trial)
            try await trial.under(try Fixture.catalog.withoutThresholds()).perform(
                Fixture.consume(3, of: Fixture.searches, key: "all"),
                for: "c",
                at: StoreTrial.start.advanced(by: .seconds(2))
            )
            let leases = try await trial.store.leaseNotices(request(5, until: 65))
            let retry = StoreTrial.start.advanced(by: .seconds(200))
            let outcomes: [NoticeSettlement.Outcome] = [.delivered, .retry(at: retry), .dead]
            try await trial.store.settle(zip(leases, outcomes).map { NoticeSettlement(lease: $0, outcome: $1) })
            let early = try await trial.store.leaseNotices(request(199, until: 300))
            trial.expectEqual(early, [], "what is due before its time")
            let due = try await trial.store.leaseNotices(request(200, until: 300))
            trial.expectEqual(due.map(\.notice.customer), ["b"], "what is due")
        },
        StoreLaw("a teller that was overtaken settles nothing") { trial in
            try await exhaust(trial)
            let first = try await trial.store.leaseNotices(request(5, until: 65, limit: 1))
            _ = try await trial.store.leaseNotices(request(65, until: 99, limit: 1))
            try await trial.store.settle(first.map { NoticeSettlement(lease: $0, outcome: .delivered) })
            let again = try await trial.store.leaseNotices(request(99, until: 200, limit: 1))
            trial.expectEqual(again.map(\.attempt), [3], "the attempt")
        },
        StoreLaw("a notice of a commit that was not made is not there") { trial in
            let late = try trial.require(
                try await trial.commitItem(
                    Fixture.consume(3, of: Fixture.searches, key: "all"),
                    for: "a"
                ),
                "change"
            )
            try await trial.perform(Fixture.consume(key: "first"), for: "a")
            _ = try await trial.store.commit(CommitRequest(items: [late]))
            trial.expectEqual(try await trial.store.leaseNotices(request(5, until: 65)), [], "the notices")
        },
    ]

    static let catalogs: [StoreLaw] = [
        StoreLaw("a catalog is kept under its version, and the first one stays") { trial in
            let first = try Fixture.makeCatalog(version: 1, freeDocuments: 500)
            let other = try Fixture.makeCatalog(version: 1, freeDocuments: 9)
            let second = try Fixture.makeCatalog(version: 2, freeDocuments: 9)
            trial.expectEqual(try await trial.store.keep(first), first, "the first")
            trial.expectEqual(try await trial.store.keep(first), first, "the same again")
            trial.expectEqual(try await trial.store.keep(other), first, "another under the same version")
            trial.expectEqual(try await trial.store.keep(second), second, "another version")
            trial.expectEqual(try await trial.store.catalog(1), first, "version 1")
            trial.expectEqual(try await trial.store.catalog(2), second, "version 2")
            trial.expectEqual(try await trial.store.catalog(3), nil, "a version that was never kept")
            trial.expectEqual(try await trial.store.catalogVersions(), [2, 1], "the versions, the latest first")
        },
        StoreLaw("a catalog is kept with everything in it") { trial in
            let catalog = try Fixture.makeWholeCatalog(version: 1)
            trial.expectEqual(try await trial.store.keep(catalog), catalog, "as it was kept")
            trial.expectEqual(try await trial.store.catalog(1), catalog, "as it is read")
        },
    ]
}

extension Catalog {
    /// The same catalog under which a balance is told of when it is exhausted and not before.
    func withoutThresholds() throws(CatalogError) -> Catalog {
        try Catalog(
            version: version,
            meters: meters,
            tiers: tiers,
            fallback: fallback,
            settings: .init(lowBalance: [])
        )
    }
}
