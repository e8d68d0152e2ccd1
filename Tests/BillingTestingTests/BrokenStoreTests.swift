import BillingInMemory
import BillingKit
import BillingTesting
import Synchronization
import Testing

/// A store that breaks one sentence of the contract fails on the law of that sentence, where the law was asked for.
@Suite struct BrokenStoreTests {
    /// A broken store, and the law that is there for what it breaks.
    struct Broken: Sendable, CustomTestStringConvertible {
        let store: any BrokenStore.Type
        let law: String
        /// The most laws that it fails on: the others have nothing to do with what it breaks.
        ///
        /// These stores write one account after the other, which a law about concurrency may notice too.
        let atMost: Int

        init(store: any BrokenStore.Type, law: String, atMost: Int = 6) {
            self.store = store
            self.law = law
            self.atMost = atMost
        }

        var testDescription: String { "\(store): \(law)" }
    }

    static let broken: [Broken] = [
        Broken(
            store: IgnoresRevision.self,
            law: "a commit on an earlier revision is a conflict and writes nothing",
            atMost: 14
        ),
        Broken(store: ChecksBeforeItWrites.self, law: "of many commits on one revision exactly one is made"),
        Broken(
            store: AnswersWithoutWriting.self,
            law: "a commit on an earlier revision is a conflict and writes nothing",
            atMost: 14
        ),
        Broken(
            store: WritesInPart.self,
            law: "one used key among several changes of an account holds all of them back"
        ),
        Broken(store: SettlesApart.self, law: "a delivery is settled in the commit of its effect, or not at all"),
        Broken(
            store: DoesNotCheckKeys.self,
            law: "a commit whose key was used before writes nothing of its account, and the others are made",
            atMost: 9
        ),
        Broken(
            store: ForgetsAssumedKeys.self,
            law: "a used key that was taken to be free holds a commit back, though no change has it"
        ),
        Broken(
            store: ChecksKeysFirst.self,
            law: "a commit on another revision is a conflict, also where its key was used before"
        ),
        Broken(
            store: ChecksNamesFirst.self,
            law: "a used key is told of before a name that belongs to another, which takes no key"
        ),
        Broken(store: SharesNames.self, law: "a provider's name belongs to one customer"),
        Broken(store: ComparesKeysAsText.self, law: "keys are told apart byte for byte"),
        Broken(store: ComparesKeysWithoutCase.self, law: "keys are told apart byte for byte"),
        Broken(store: LosesTheLast.self, law: "the accounts of a commit stand alone", atMost: 9),
        Broken(
            store: AnswersInAnotherOrder.self,
            law: "each account of a request has its own outcome, in the order of the request"
        ),
        Broken(store: RefusesTogether.self, law: "the accounts of a commit stand alone"),
        Broken(store: UpdatesUnread.self, law: "an update decides on what is stored and writes what was decided"),
        Broken(
            store: UpdatesUnheard.self,
            law: "an update is refused where a commit would be, and then writes nothing"
        ),
        Broken(store: HeedsCancellation.self, law: "a cancelled task gets its answer all the same"),
        Broken(store: HeedsCancellationTooLate.self, law: "a cancelled task gets its answer all the same"),
        Broken(
            store: DropsMicroseconds.self,
            law: "instants are kept to the microsecond, from the first there is to the last"
        ),
        Broken(store: ForgetsKeys.self, law: "a key is used for ever, whatever was committed since", atMost: 8),
        Broken(store: TrustsKnownRevisions.self, law: "an account that the caller has is not sent again"),
        Broken(store: ReadsFromAReplica.self, law: "what was committed is loaded again, whole", atMost: 40),
        Broken(
            store: ReadsInTwoSteps.self,
            law: "who loads while others commit sees each commit whole or not at all"
        ),
        Broken(store: MixesSubscriptions.self, law: "subscription data is keyed by customer"),
        Broken(store: RepeatsAChange.self, law: "the journal comes in pages, each change once"),
        Broken(
            store: IsDueTooLate.self,
            law: "an account is due from the instant on that was committed with it, and not before"
        ),
        Broken(store: IgnoresLeases.self, law: "a delivery that is being worked on is not given to another"),
        Broken(store: SettlesUnderOldLeases.self, law: "a worker that was overtaken settles nothing"),
        Broken(store: KeepsDeliveriesTwice.self, law: "a delivery that is being worked on is not given to another"),
        Broken(store: TellsNoticesTwice.self, law: "a notice is leased to one, oldest first", atMost: 7),
        Broken(
            store: ChecksNamesBeforeItWrites.self,
            law: "of two customers who claim one name at the same moment one has it, and the other nothing"
        ),
        Broken(
            store: ChecksDeliveriesBeforeItLeases.self,
            law: "of several who ask for one delivery at the same moment one has it"
        ),
        Broken(
            store: ChecksLeasesBeforeItSettles.self,
            law: "of an old lease that settles and a new one that is asked for at the same moment one wins"
        ),
        Broken(
            store: ForgetsWhenItIsDue.self,
            law: "a commit that says nothing of when the account is due leaves that as it is"
        ),
        Broken(store: OverwritesCatalogs.self, law: "a catalog is kept under its version, and the first one stays"),
    ]

    /// A line of a host's tests, where laws are asked for.
    private static let line = SourceLocation(
        fileID: "HostTests/StoreTests.swift",
        filePath: "/host/Tests/HostTests/StoreTests.swift",
        line: 4_711,
        column: 29
    )

    /// Holds a store to a law, and returns the breaches that were reported.
    private func breaches(_ check: @Sendable () async throws -> Void) async throws -> [Issue] {
        let found = Mutex<[Issue]>([])
        try await withKnownIssue(isIntermittent: true) {
            try await check()
        } matching: { issue in
            found.withLock { $0.append(issue) }
            return true
        }
        return found.withLock(\.self)
    }

    @Test(arguments: broken)
    func `a broken store fails on the law that it breaks`(broken: Broken) async throws {
        var failed: [String: [Issue]] = [:]
        // The lives by chance take long, and find nothing that the others do not.
        for law in StoreLaw.all where !law.name.hasPrefix("a life by chance") {
            let issues = try await breaches { try await law.check(sourceLocation: Self.line) { broken.store.init() } }
            if !issues.isEmpty { failed[law.name] = issues }
        }
        #expect(failed[broken.law] != nil, "it fails on \(failed.keys.sorted())")
        #expect(failed.count <= broken.atMost, "it fails on \(failed.keys.sorted())")
        for issue in failed.values.joined() {
            #expect(issue.sourceLocation == Self.line, "where it was asked for: \(issue)")
            #expect(!issue.comments.isEmpty, "it says what was found: \(issue)")
        }
    }

    @Test(
        arguments: [
            Broken(store: ChecksBeforeItWrites.self, law: "deductions are atomic"),
            Broken(store: MixesSubscriptions.self, law: "subscription data is keyed by customer"),
            Broken(
                store: HasNoKeys.self,
                law:
                    "of commands at once whose outcome is unknown each is answered once, with the receipt of its one effect"
            ),
            Broken(
                store: HasNoKeys.self,
                law:
                    "where every n-th call fails after it happened with outcomeUnknown, a flow that goes on has each effect once"
            ),
        ]
    )
    func `a system on a broken store fails on the law that it breaks`(broken: Broken) async throws {
        let law = try #require(SystemLaw.all.first { $0.name == broken.law })
        let issues = try await breaches { try await law.check(sourceLocation: Self.line) { broken.store.init() } }
        #expect(!issues.isEmpty)
        for issue in issues {
            #expect(issue.sourceLocation == Self.line, "where it was asked for: \(issue)")
            #expect(!issue.comments.isEmpty, "it says what was found: \(issue)")
        }
    }

    @Test func `a store that loses what it was told when it is closed fails on each law of what lasts`() async throws {
        for law in LastingLaw.all {
            let issues = try await breaches {
                try await law.check(sourceLocation: Self.line) {
                    InMemoryStore()
                } closing: { _ in
                }
            }
            #expect(!issues.isEmpty, "\(law.name)")
            for issue in issues { #expect(issue.sourceLocation == Self.line, "\(issue)") }
        }
    }

    @Test func `a law reports no more than ten breaches, and what a store throws is one of them`() async throws {
        let law = try #require(
            StoreLaw.all.first { $0.name == "who loads while others commit sees each commit whole or not at all" }
        )
        let many = try await breaches { try await law.check(sourceLocation: Self.line) { ReadsFromAReplica() } }
        #expect(many.count == 10)
        let first = try #require(StoreLaw.all.first)
        let thrown = try await breaches { try await first.check(sourceLocation: Self.line) { CannotBeRead() } }
        #expect(thrown.count == 1)
        #expect(thrown.first?.comments.first?.rawValue.contains("The disk is gone.") ?? false)
    }
}
