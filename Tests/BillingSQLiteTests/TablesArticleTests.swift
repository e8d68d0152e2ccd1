#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import Testing

/// The article "The tables": it lists what there is, and its queries answer as the kit does.
@Suite struct TablesArticleTests {
    private let article: TablesArticle
    private let life: TablesLife

    init() async throws {
        article = try TablesArticle()
        life = try await TablesLife()
    }

    /// Runs the query below a title.
    private func rows(_ title: String, _ parameters: SQLValue...) async throws -> [[SQLValue]] {
        let query = try #require(article.queries[title], "The article has no query of that title.")
        return try await life.rows(query, parameters)
    }

    // MARK: What there is

    @Test func `the article lists every table and column, and none that is not there`() async throws {
        let names = try await life.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'billing%'")
        let tables = names.flatMap { $0 }.map(\.word)
        #expect(Set(tables) == Set(article.tables.keys))
        for table in tables {
            let info = try await life.rows(
                "SELECT name, type, \"notnull\" FROM pragma_table_info('\(table)') ORDER BY cid"
            )
            let columns = info.map {
                TablesArticle.Column(name: $0[0].word, type: $0[1].word, isOptional: $0[2] == .integer(0))
            }
            #expect(article.tables[table] == columns, "\(table)")
        }
    }

    @Test func `every query is tested here, and none looks into JSON`() {
        #expect(
            Set(article.queries.keys) == [
                "What is left, for each customer", "Who is about to run out", "Usage by day and meter",
                "Usage by member", "The history of one customer, in words", "Credits that expire within 30 days",
                "Grants by source, and what was used of them", "Work in progress, and when it lapses",
                "Customers by tier", "Webhooks that failed, and why", "Overage", "What was used as of a past instant",
                "Accounts that their journal contradicts",
            ]
        )
        for query in article.queries.values {
            #expect(!query.lowercased().contains("json") && !query.contains("->"), "\(query)")
        }
    }

    // MARK: Balances

    @Test func `what is left is what the overview says`() async throws {
        var expected: Set<[SQLValue]> = []
        for customer in TablesLife.customers {
            let changes = try await life.changes(of: customer)
            // What the overview would give with the next use is not in the tables yet.
            let given = Set(changes.flatMap(\.grantsGiven).map(\.id))
            let grants = try await life.billing.overview(of: customer).grants.filter {
                given.contains($0.id) && $0.effective <= life.now
            }
            let subjects = Set(changes.flatMap(\.subjectsOpened)).union(grants.map(\.subject))
            for subject in subjects {
                let units = grants.filter { $0.subject == subject }.map(\.remaining).reduce(0, +)
                expected.insert([.text(customer.rawValue)] + subject.values + [.integer(units)])
            }
        }
        let rows = try await rows("What is left, for each customer", .integer(life.now.microseconds))
        #expect(Set(rows) == expected)
        #expect(rows.count == expected.count && rows.count >= 8)
        #expect(rows.contains([.text("acme"), .text("meter"), .text("documents"), .integer(2)]))
        #expect(rows.contains([.text("gone"), .text("meter"), .text("documents"), .integer(0)]), "its period is over")
    }

    @Test func `those are about to run out of whom the overview says that little is left`() async throws {
        let rows = try await rows("Who is about to run out", .integer(life.now.microseconds), .integer(20))
        let found = rows.map { [$0[0].word, $0[2].word] }
        #expect(found == [["acme", "pages"], ["acme", "credits"], ["bolt", "searches"], ["acme", "documents"]])
        for row in rows {
            let overview = try await life.billing.overview(of: CustomerID(row[0].word))
            let left = overview.grants
                .filter { $0.subject.values == Array(row[1...2]) && $0.source == .allowance }
                .map(\.remaining)
                .reduce(0, +)
            #expect(row[4] == .integer(left))
            #expect([overview.meters[0].period?.end].map { .instant($0) } == [row[3]])
        }
        #expect(rows.map { $0[4] } == [.integer(0), .integer(0), .integer(0), .integer(2)])
        let few = try await self.rows("Who is about to run out", .integer(life.now.microseconds), .integer(19))
        #expect(few.map { $0[2].word } == ["pages", "credits", "searches"])
    }

    @Test func `credits that expire are the live grants that end in time`() async throws {
        var expected: Set<[SQLValue]> = []
        for customer in TablesLife.customers {
            for grant in try await life.billing.overview(of: customer).grants where grant.source != .allowance {
                guard let end = grant.expiry, end <= life.now.advanced(by: .seconds(30 * 86_400)) else { continue }
                expected.insert(
                    [.text(customer.rawValue)] + grant.subject.values
                        + [.text(grant.source.rawValue), .integer(grant.remaining), .instant(end)]
                )
            }
        }
        let rows = try await rows("Credits that expire within 30 days", .integer(life.now.microseconds))
        #expect(Set(rows) == expected)
        #expect(rows.map { $0[4] } == [.integer(6)], "of three grants one ends in time, and work has some of it")
    }

    @Test func `work in progress is what is held`() async throws {
        let rows = try await rows("Work in progress, and when it lapses", .integer(life.now.microseconds))
        #expect(rows.map { $0[0].word } == ["acme", "cove"], "the third hold has lapsed")
        let row = try #require(rows.first)
        #expect(row[2...5] == [.text("images"), .integer(3), .text("job:work"), .text("ann")])
        #expect(row[6] == .instant(life.lapse))
        let line = try #require(try await life.billing.overview(of: "acme")[Meter.ID("images")])
        #expect(line.held == 3)
        let later = try await self.rows("Work in progress, and when it lapses", .instant(life.lapse))
        #expect(later.map { $0[0].word } == ["cove"], "at its instant it has lapsed")
    }

    @Test func `customers are counted on the tiers that the overview says`() async throws {
        var expected: [String: Int64] = [:]
        for customer in TablesLife.customers {
            expected[try await life.billing.overview(of: customer).tier.id.rawValue, default: 0] += 1
        }
        let rows = try await rows("Customers by tier", .integer(life.now.microseconds))
        #expect(rows == [[.text("free"), .integer(3)], [.text("pro"), .integer(1)]])
        #expect(expected == ["free": 3, "pro": 1])
        let later = life.now.advanced(by: .seconds(90 * 86_400))
        let ended = try await self.rows("Customers by tier", .integer(later.microseconds))
        #expect(ended == [[.text("free"), .integer(3)], [.null, .integer(1)]])
    }

    // MARK: The journal

    @Test func `usage by day is what the journal's draws add up to`() async throws {
        let (from, to) = (TablesLife.start, life.now)
        var expected: [[SQLValue]: Int64] = [:]
        for change in try await life.changes() {
            for (draw, sign) in change.draws where draw.pool == nil && draw.at >= from && draw.at < to {
                let day = draw.at.microseconds / 86_400_000_000 * 86_400_000_000
                expected[[.integer(day), .text(draw.meter.rawValue)], default: 0] += sign * draw.amount
            }
        }
        let rows = try await rows("Usage by day and meter", .instant(from), .instant(to))
        #expect(
            Dictionary(uniqueKeysWithValues: rows.map { (Array($0[..<2]), $0[2]) })
                == expected.mapValues { .integer($0) }
        )
        #expect(Set(rows.map { $0[0] }).count >= 2, "there is more than one day in it")
    }

    @Test func `usage by member is what each has used`() async throws {
        var expected: Set<[SQLValue]> = []
        var sums: [[SQLValue]: Int64] = [:]
        for change in try await life.changes(of: "acme") {
            for (draw, sign) in change.draws where draw.pool == nil && sign > 0 {
                sums[[.optional(change.member?.rawValue), .text(draw.meter.rawValue)], default: 0] += draw.amount
            }
        }
        for (place, units) in sums { expected.insert(place + [.integer(units)]) }
        let rows = try await rows("Usage by member", .text("acme"))
        #expect(Set(rows) == expected && rows.count == expected.count)
        #expect(Set(rows.map { $0[0] }) == [.null, .text("ann"), .text("bo")])
    }

    @Test func `a history has a line for every effect, and says the usual ones in words`() async throws {
        let rows = try await rows("The history of one customer, in words", .text("acme"))
        let changes = try await life.changes(of: "acme")
        #expect(
            rows.map { $0[0] } == changes.flatMap { change in change.effects.map { _ in .integer(change.revision) } }
        )
        let sentences = rows.map { $0[3].word }
        for sentence in [
            "is on free", "got 10 of documents as allowance", "used 5 of documents from allowance",
            "got back 1 of documents", "set 3 of images aside", "got 100 of credits as order",
            "used 4 of pages from credits",
        ] {
            #expect(sentences.contains(sentence), "\(sentence) in \(sentences)")
        }
        #expect(rows.contains { $0[2] == .text("bo") } && rows.contains { $0[2] == .text("somebody") })
    }

    @Test func `grants by source are those that the journal gave, and what was drawn of them`() async throws {
        var expected: [[String]: [Int64]] = [:]
        for change in try await life.changes() {
            for grant in change.grantsGiven {
                let place = [grant.subject.name, grant.source.rawValue]
                expected[place, default: [0, 0, 0]][0] += 1
                expected[place, default: [0, 0, 0]][1] += grant.amount
            }
            for (draw, sign) in change.draws {
                guard case .grant(_, let source) = draw.cover else { continue }
                let place = [draw.pool?.rawValue ?? draw.meter.rawValue, source.rawValue]
                expected[place, default: [0, 0, 0]][2] += sign * draw.amount
            }
        }
        let rows = try await rows("Grants by source, and what was used of them")
        let found = rows.map { ([$0[0].word, $0[1].word], $0[2...].map(\.number)) }
        #expect(Dictionary(uniqueKeysWithValues: found) == expected)
        #expect(Set(found.map { $0.0[1] }) == ["allowance", "order", "promotion"])
    }

    @Test func `overage is what the receipts said`() async throws {
        let rows = try await rows("Overage", .instant(TablesLife.start), .instant(life.now.advanced(by: .seconds(1))))
        #expect(rows == [[.text("bolt"), .text("searches"), .integer(life.overage)]])
        #expect(try await life.billing.overview(of: "bolt")[Meter.ID("searches")]?.overage == life.overage)
        #expect(life.overage == 2)
        let before = try await self.rows("Overage", .instant(TablesLife.start), .instant(TablesLife.start))
        #expect(before.isEmpty)
    }

    @Test func `what was used as of an instant is what the overview of it says`() async throws {
        for hour in [Int64(1), 30, 50, 71] {
            let instant = TablesLife.start.advanced(by: .seconds(hour * 3_600))
            let overview = try await life.billing.overview(of: "acme", asOf: instant)
            let expected: [[SQLValue]] = overview.meters.filter { $0.used > 0 && $0.period != nil }
                .map { [.text($0.meter.id.rawValue), .integer($0.used)] }
            let rows = try await rows("What was used as of a past instant", .text("acme"), .instant(instant))
            #expect(Set(rows) == Set(expected), "after \(hour) hours")
            #expect(!rows.isEmpty)
        }
    }

    @Test func `no account is contradicted by its journal, and one that is changed by hand is found`() async throws {
        let title = "Accounts that their journal contradicts"
        #expect(try await rows(title).isEmpty)
        try life.raw.execute("UPDATE billing_accounts SET revision = revision + 1 WHERE customer = 'bolt'")
        try life.raw.force("DELETE FROM billing_journal WHERE customer = 'acme' AND revision = 2")
        #expect(try await rows(title).map { $0[0].word } == ["acme", "bolt"])
        try life.raw.execute("DELETE FROM billing_journal WHERE customer = 'acme' AND revision = 1")
        try life.raw.execute("INSERT INTO billing_archived (customer, revision) VALUES ('acme', 2)")
        #expect(try await rows(title).map { $0[0].word } == ["bolt"], "what was archived is not missing")
    }

    // MARK: The delivery log

    @Test func `webhooks that failed are those that the log lists as failed`() async throws {
        let listed = try await life.billing.webhooks.deliveries(DeliveryQuery(states: [.failed, .dead]))
        let expected: [[SQLValue]] = listed.map {
            [
                .text($0.id.provider.rawValue), .text($0.id.id), .text($0.state.rawValue), .text($0.detail),
                .integer(Int64($0.attempts)), .instant($0.receivedAt), .instant($0.dueAt),
            ]
        }
        let rows = try await rows("Webhooks that failed, and why")
        #expect(Set(rows) == Set(expected))
        #expect(rows.map { $0[2].word } == ["failed", "dead"])
    }
}

extension SQLValue {
    fileprivate var word: String { if case .text(let text) = self { text } else { "" } }
    fileprivate static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }

    fileprivate static func instant(_ instant: Timestamp?) -> SQLValue {
        instant.map { .integer($0.microseconds) } ?? .null
    }

    fileprivate var number: Int64 { if case .integer(let integer) = self { integer } else { .min } }
}

extension Account.Balance.Subject {
    fileprivate var values: [SQLValue] {
        switch self {
        case .meter(let meter): [.text("meter"), .text(meter.rawValue)]
        case .pool(let pool): [.text("pool"), .text(pool.rawValue)]
        }
    }

    fileprivate var name: String { if case .text(let name) = values[1] { name } else { "" } }
}

extension Account.Remaining {
    fileprivate var value: SQLValue { if case .units(let units) = self { .integer(units) } else { .null } }
}

extension Account.Change {
    /// What was drawn, and with a sign of -1 what came back.
    fileprivate var draws: [(Account.Draw, Int64)] {
        effects.compactMap { effect in
            switch effect {
            case .drawn(let draw): (draw, 1)
            case .returned(let back): (back.draw, -1)
            default: nil
            }
        }
    }

    fileprivate var grantsGiven: [Account.Grant] {
        effects.compactMap { if case .granted(let grant) = $0 { grant } else { nil } }
    }

    fileprivate var subjectsOpened: [Account.Balance.Subject] {
        effects.compactMap { if case .periodOpened(let period) = $0 { period.subject } else { nil } }
    }
}
#endif
