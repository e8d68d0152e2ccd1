import BillingModel

/// The story of the article's table: what is set aside at nine meets something at noon, and the work ends at one.
///
/// On Plus, 10 documents a month, 4 are used. A promotion gives 3 more, which end sooner. Six are set aside at nine:
/// the 3 of the promotion and 3 of the allowance. 3 are left.
struct HoldMatrixStory {
    /// What happens at noon.
    enum Event: String, CaseIterable {
        case grantExpiry = "The promotion ends"
        case tierUp = "Up to Max"
        case tierDown = "Down to Free"
        case accessEnd = "Access ends"
        case lapse = "The hold lapses"
    }

    /// How the work ends at one.
    enum End: String, CaseIterable {
        case captureLess = "captures 4"
        case captureAll = "captures 6"
        case captureMore = "captures 10"
        case release = "releases"

        var units: Int64? {
            switch self {
            case .captureLess: 4
            case .captureAll: 6
            case .captureMore: 10
            case .release: nil
            }
        }
    }

    private static let free = Tier(.free, rank: 0, name: "Free", allowances: [.documents: .limited(4, per: .month)])
    private static let plus = Tier(.pro, rank: 1, name: "Plus", allowances: [.documents: .limited(10, per: .month)])
    private static let max = Tier(
        .enterprise,
        rank: 2,
        name: "Max",
        allowances: [.documents: .limited(30, per: .month)]
    )

    private(set) var ledger: Ledger
    private let event: Event
    private let promotion: Account.Grant.ID
    private let work: Work
    private var answer: Account.Answer?

    /// Tells the story until after noon.
    init(_ event: Event) throws {
        self.event = event
        let catalog = try Catalog(
            version: 1,
            meters: [Meter(.documents, name: "Documents")],
            tiers: [Self.free, Self.plus, Self.max],
            fallback: .free
        )
        let month = Fixture.days(0, 31)
        let noon = january(10, hour: 12)
        ledger = try Ledger(catalog: catalog)
        try ledger.take(Fixture.subscription(.pro, period: month), at: january(1))
        try ledger.consume(4, at: january(2))
        let end = event == .grantExpiry ? noon : january(20)
        promotion = try ledger.grant(3, expiry: end, at: january(5))
        let time: Duration = event == .lapse ? .hours(3) : .hours(9)
        work = try ledger.reserve(6, for: time, at: january(10, hour: 9))
        switch event {
        case .grantExpiry, .lapse: try ledger.send(Account.Command(.settle), at: noon)
        case .tierUp: try ledger.take(Fixture.subscription(.enterprise, period: month, at: noon), at: noon)
        case .tierDown: try ledger.take(Fixture.subscription(.free, period: month, at: noon), at: noon)
        case .accessEnd:
            let ended = Fixture.subscription(.pro, .canceled, period: month, at: noon, endedAt: noon)
            try ledger.take(ended, at: noon)
        }
    }

    /// Lets the work end at one.
    mutating func finish(_ end: End) throws {
        let one = january(10, hour: 13)
        answer = try end.units.map { try ledger.capture(work, $0, at: one) } ?? ledger.release(work, at: one)
    }

    // MARK: The table

    static let head = [
        "| At noon | At one, the work | Used | Held | Left | Beyond | Overage | Late | Promotion | Allowance |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]

    /// Tells all twenty stories.
    static func table() throws -> String {
        var rows = head
        for event in Event.allCases {
            for end in End.allCases {
                var story = try Self(event)
                try story.finish(end)
                rows.append(try story.row(for: end))
            }
        }
        return rows.joined(separator: "\n")
    }

    private func row(for end: End) throws -> String {
        let line = try ledger.line(at: january(10, hour: 13))
        var cells = [event.rawValue, end.rawValue]
        cells += [String(line.used), String(line.held), line.remaining.description, String(line.overage)]
        switch answer {
        case .applied(let receipt) where end == .release: cells += ["–", receipt.isLate ? "late" : "no"]
        case .applied(let receipt): cells += [String(receipt.overage), receipt.isLate ? "late" : "no"]
        case .alreadyReleased: cells += ["–", "nothing to release"]
        default: throw Fixture.Missing()
        }
        cells += [fate(of: promotion), allowances.map { fate(of: $0) }.joined(separator: "; ")]
        return "| \(cells.joined(separator: " | ")) |"
    }

    /// The allowances, oldest first.
    private var allowances: [Account.Grant.ID] {
        ledger.journal.flatMap(\.effects).compactMap { effect in
            if case .granted(let grant) = effect, grant.source == .allowance { grant.id } else { nil }
        }
    }

    /// What has become of a grant's units.
    private func fate(of grant: Account.Grant.ID) -> String {
        guard let book = ledger.audit.books[grant] else { return "" }
        let left = book.amount - book.used - book.held - book.expired
        let numbers: [(Int64, String)] = [
            (book.used, "used"), (book.held, "held"), (book.expired, "expired"), (left, "left"),
        ]
        let fates = numbers.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "of \(book.amount): \(fates.joined(separator: ", "))"
    }
}
