import BillingModel
import Testing

/// The examples of the article "Upgrades and attribution", which do what their comments say.
@Suite struct UpgradesArticleTests {
    private let nine = january(2, hour: 9)

    @Test func `the article shows the tested examples`() throws {
        try Article("UpgradesAndAttribution").expectExamples(in: #filePath)
    }

    @Test func `the article names every stage and every step`() throws {
        let text = try Article("UpgradesAndAttribution").text
        for stage in Upgrade.Stage.allCases { #expect(text.contains("``Upgrade/Stage/\(stage.rawValue)``")) }
        for step in Upgrade.Step.allCases { #expect(text.contains("| `\(step.rawValue)` |")) }
    }

    @Test func `from the paywall to the money`() throws {
        var story = try Story()
        let denial = try story.refusal(at: nine)  // five job descriptions a month, and this is the sixth
        let offer = Account.Command.UpgradeRequest(.tier(.growth), reference: "job-1", denial: denial)
        let locked = try story.tell(.locked(offer), at: nine)  // .locked
        let wish = Account.Command.UpgradeRequest(.tier(.growth), cycle: .month, reference: "job-1")
        let clicked = try story.ask(wish, at: nine + .minutes(1))  // .clicked
        let opening = Upgrade.Opening("chk_1", url: "https://pay.example/chk_1", expiresAt: nine + .hours(24))
        let open = try story.tell(.checkoutOpened(opening), at: nine + .minutes(1))  // .checkout
        let seen = try story.tell(.successSeen, at: nine + .minutes(5))  // .checkout: the page proves nothing
        let paid = try story.pay(checkout: "chk_1", at: nine + .minutes(5))  // .completed
        #expect(locked.stage == .locked && locked.denial?.requested == 1)
        #expect(clicked.stage == .clicked && open.stage == .checkout && seen.stage == .checkout)
        #expect(paid.stage == .completed)
        #expect(paid.lockedAt == nine && paid.clickedAt == nine + .minutes(1) && paid.completedAt == nine + .minutes(5))
    }

    @Test func `time ends a checkout, and money counts all the same`() throws {
        var story = try Story()
        try story.ask(.init(.tier(.growth), reference: "job-1"), at: nine)
        try story.tell(.checkoutOpened(.init("chk_1", expiresAt: nine + .hours(24))), at: nine)
        let before = try story.overview(at: nine + .hours(24) - .tick).upgrade(.reference("job-1"))?.stage  // .checkout
        let after = try story.overview(at: nine + .hours(24)).upgrade(.reference("job-1"))?.stage  // .expired
        let late = try story.pay(checkout: "chk_1", at: nine + .hours(25))  // .completed: the money counts all the same
        #expect(before == .checkout && after == .expired && late.stage == .completed)
    }

    @Test func `what the provider is given`() throws {
        var story = try Story()
        let clicked = try story.ask(.init(.tier(.growth), reference: "job-1"), at: nine)
        let request = clicked.checkoutRequest(for: "acme")
        let metadata = request?.metadata  // ["customer": "acme", "reference": "job-1"]
        #expect(metadata == ["customer": "acme", "reference": "job-1"])
    }

    @Test func `a newer checkout never hides the payment of an older one`() throws {
        var story = try Story()
        try story.tell(.checkoutOpened(.init("chk_1")), at: nine)
        try story.tell(.checkoutOpened(.init("chk_2")), at: nine + .minutes(1))
        let paid = try story.pay(checkout: "chk_1", at: nine + .minutes(2))  // .completed, by chk_1
        let other = story.account.upgrade(checkout: "chk_2")?.key  // the same attempt
        #expect(paid.stage == .completed && paid.checkout == "chk_1" && other == paid.key)
    }

    @Test func `a pack is bought again`() throws {
        var story = try Story()
        let first = try story.ask(.init(.pack(.thousandCredits)), at: nine)
        try story.buy(.thousandCredits, order: "ord_1", at: nine + .minutes(5))
        let again = try story.ask(.init(.pack(.thousandCredits)), at: nine + .hours(2))  // its own
        let seen = try story.seen(.pack(.thousandCredits), at: nine + .minutes(6))  // of the first
        #expect(first.key == .pack(.thousandCredits) && again.stage == .clicked && again.key != first.key)
        #expect(seen?.key == first.key && seen?.stage == .completed)
    }

    @Test func `what was told first, and what was asked for last`() throws {
        var story = try Story()
        let letter = Upgrade.Attribution(source: "newsletter", campaign: "spring")
        try story.tell(.locked(.init(.tier(.growth), reference: "job-1", attribution: letter)), by: "ann", at: nine)
        let search = Upgrade.Attribution(source: "search")
        let wish = Account.Command.UpgradeRequest(
            .tier(.growth),
            cycle: .year,
            reference: "job-1",
            promoCode: "SAVE10",
            attribution: search
        )
        let upgrade = try story.ask(wish, by: "bo", at: nine + .minutes(1))
        let first = (upgrade.startedBy, upgrade.attribution?.source)  // ann, by the newsletter
        let last = (upgrade.cycle, upgrade.promoCode)  // yearly, with SAVE10
        #expect(first == ("ann", "newsletter") && last == (.year, "SAVE10"))
    }
}

extension Story {
    /// Uses up what the tier gives, and returns the refusal of one more.
    fileprivate mutating func refusal(at now: Timestamp) throws -> Account.Denial {
        try send(.consume(.init(meter: .jobDescriptions, amount: 5)), key: "five", at: now)
        let answer = try send(.consume(.init(meter: .jobDescriptions, amount: 1)), key: "six", at: now)
        return try #require(answer.denial)
    }

    @discardableResult
    fileprivate mutating func ask(
        _ request: Account.Command.UpgradeRequest,
        by member: MemberID? = nil,
        at now: Timestamp
    ) throws -> Upgrade {
        guard case .upgrade(let upgrade) = try send(.startUpgrade(request), by: member, at: now) else {
            throw Fixture.Missing()
        }
        return upgrade
    }

    /// Tells what happened to the attempt of job 1.
    @discardableResult
    fileprivate mutating func tell(
        _ step: Account.Command.UpgradeAdvance.Step,
        by member: MemberID? = nil,
        at now: Timestamp
    ) throws -> Upgrade {
        let advance = Account.Command.UpgradeAdvance(step, of: .reference("job-1"))
        guard case .upgrade(let upgrade) = try send(.advanceUpgrade(advance), by: member, at: now) else {
            throw Fixture.Missing()
        }
        return upgrade
    }

    /// Lets the provider tell of an order that names its checkout and nothing else.
    fileprivate mutating func pay(checkout: String, at now: Timestamp) throws -> Upgrade {
        let order = try Fixture.order(tier: nil, at: now, checkout: checkout)
        try send(.take(ProviderSnapshot(provider: "polar", order: order)), at: now)
        return try #require(account.upgrade(checkout: checkout))
    }

    /// Lets the provider tell of the order of a pack, and of nothing that it came from.
    fileprivate mutating func buy(_ pack: Pack.ID, order: String, at now: Timestamp) throws {
        let order = try Fixture.order(order, pack: pack, at: now)
        try send(.take(ProviderSnapshot(provider: "polar", order: order)), at: now)
    }

    /// Tells late that a success page was seen, and returns the attempt that it was seen of.
    fileprivate mutating func seen(_ key: Upgrade.Key, at instant: Timestamp) throws -> Upgrade? {
        let advance = Account.Command.UpgradeAdvance(.successSeen, of: key, at: instant)
        try send(.advanceUpgrade(advance), at: account.instant)
        return account.upgrades.first { $0.successSeenAt == instant }
    }
}
