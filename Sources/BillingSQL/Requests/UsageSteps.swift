import BillingKit

/// The questions for what was used of meters and pools, and the reading of the answers.
struct UsageSteps: Sendable {
    private typealias Question = (customer: CustomerID, name: String, since: Timestamp)

    private let meters: [Question]
    private let pools: [Question]

    init(_ items: [LoadRequest.Item]) {
        let all = items.flatMap { item in item.usage.map { (item.customer, $0) } }
        meters = all.compactMap { customer, question in
            if case .meter(let meter) = question.subject { (customer, meter.rawValue, question.since) } else { nil }
        }
        pools = all.compactMap { customer, question in
            if case .pool(let pool) = question.subject { (customer, pool.rawValue, question.since) } else { nil }
        }
    }

    /// The steps: one for meters and one for pools, where they are asked about.
    var steps: [SQLStep] {
        [(Self.meterSum, meters), (Self.poolSum, pools)].filter { !$1.isEmpty }.map { statement, questions in
            let columns: [SQLColumn] = [
                .texts(questions.map(\.customer.rawValue)), .texts(questions.map(\.name)),
                .integers(questions.map(\.since.microseconds)),
            ]
            return SQLStep(statement, columns)
        }
    }

    private static let meterSum = sum(of: "meter = ?2 AND pool IS NULL")
    private static let poolSum = sum(of: "pool = ?2")

    /// Returns the statement that adds up what was used less what came back.
    ///
    /// Of each number the upper and the lower half are added up apart, because a database refuses a sum beyond 64
    /// bits.
    private static func sum(of subject: String) -> SQLStatement {
        func halves(_ amount: String) -> String {
            "CAST(coalesce(sum((\(amount)) >> 32), 0) AS BIGINT), CAST(coalesce(sum((\(amount)) & 4294967295), 0) AS BIGINT)"
        }
        func where_(_ effect: String, _ condition: String = "") -> String {
            "CASE WHEN effect = '\(effect)'\(condition) THEN amount ELSE 0 END"
        }
        let others = " AND word <> 'allowance'"
        let sums = [
            where_("drawn"), where_("returned"), where_("drawn", others), where_("returned", others),
        ].map(halves)
        return SQLStatement(
            forEach: """
                WITH RECURSIVE \(beginning) \
                SELECT ?1, ?2, ?3, \(sums.joined(separator: ", ")) FROM (\
                SELECT effect, meter, pool, word, amount, used_at FROM billing_journal \
                WHERE customer = ?1 AND revision >= (SELECT low FROM search WHERE low >= high) \
                UNION ALL SELECT effect, meter, pool, word, amount, used_at FROM billing_journal \
                WHERE customer = ?1 AND used_at >= ?3 AND used_at > recorded_at \
                AND revision < (SELECT low FROM search WHERE low >= high)) AS line \
                WHERE \(subject) AND used_at >= ?3 AND effect IN ('drawn', 'returned')
                """
        )
    }

    /// Finds the first revision that was recorded at the instant or later.
    ///
    /// An account's time never runs backwards, so of a customer's revisions the later are recorded later, and halving
    /// finds the place: no index on instants has to be kept up with every use. What is no longer in the journal lies
    /// before what is. Nothing that was recorded before counts later, but for what was used in a period that by the
    /// provider's clock had yet to begin: that is rare, and has an index of its own. A revision beyond what there can be,
    /// after which the halving would never end, is told of by whoever reads the account.
    private static let beginning = """
        search (low, high) AS (\
        SELECT CAST(1 AS BIGINT), coalesce((SELECT revision FROM billing_accounts \
        WHERE customer = ?1 AND revision <= \(Account.maximumCount)), 0) + 1 \
        UNION ALL \
        SELECT CASE WHEN coalesce(probe.recorded_at < ?3, TRUE) THEN low + (high - low) / 2 + 1 ELSE low END, \
        CASE WHEN coalesce(probe.recorded_at < ?3, TRUE) THEN high ELSE low + (high - low) / 2 END \
        FROM search LEFT JOIN billing_journal AS probe ON probe.customer = ?1 \
        AND probe.revision = search.low + (search.high - search.low) / 2 AND probe.ordinal = 0 WHERE low < high)
        """

    /// Reads the answers, which come in the order of the steps.
    func read(
        _ rows: inout ArraySlice<SQLRows>,
        into found: inout [CustomerID: FactSteps.Found]
    ) throws(StoreError) {
        for isMeter in [true, false] where !(isMeter ? meters : pools).isEmpty {
            for row in rows.popFirst()?.rows ?? [] {
                var reader = SQLRowReader(row)
                let (customer, name) = (CustomerID(try reader.text()), try reader.text())
                let question = Account.Facts.UsageQuestion(
                    isMeter ? .meter(Meter.ID(name)) : .pool(CreditPool.ID(name)),
                    since: try reader.timestamp()
                )
                let (drawn, returned) = (try Self.number(&reader), try Self.number(&reader))
                let (otherDrawn, otherReturned) = (try Self.number(&reader), try Self.number(&reader))
                found[customer, default: FactSteps.Found()].usage[question] = Account.Facts.Usage(
                    units: Int64(clamping: drawn - returned),
                    fromOtherGrants: Int64(clamping: otherDrawn - otherReturned)
                )
            }
        }
    }

    private static func number(_ reader: inout SQLRowReader) throws(StoreError) -> Int128 {
        Int128(try reader.integer()) << 32 + Int128(try reader.integer())
    }
}
