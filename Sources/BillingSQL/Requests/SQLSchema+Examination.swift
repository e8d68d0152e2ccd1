import BillingKit

extension SQLSchema {
    /// The most findings of one rule; where there are more, the rest are likely to have the same cause.
    static let maximumFindings = 100

    /// Returns the transaction that examines the tables as a whole, by rules that plain SQL can say.
    ///
    /// It reads every row, so it takes as long as the tables are large. What it does not look at is what one account's
    /// parts mean together: that is `BillingSystem.examine`.
    ///
    /// - Returns: What does not hold, at most 100 findings of each rule; none where everything does.
    public static func examination() -> SQLTransaction<[Finding]> {
        SQLTransaction(
            .run(rules.map { SQLStep($0.question) }) { (answers) throws(StoreError) in
                var findings: [Finding] = []
                for (rule, answer) in zip(rules, answers) {
                    for row in answer.rows {
                        var reader = SQLRowReader(row)
                        let customer = CustomerID(try reader.text())
                        findings.append(Finding(rule.rule, of: customer, try reader.text()))
                    }
                }
                return .done(findings)
            }
        )
    }

    /// A rule, and the question whose rows are what breaks it: the customer, and a sentence.
    private struct Question: Sendable {
        let rule: Finding.Rule
        let question: SQLStatement

        init(_ rule: Finding.Rule, _ sql: String) {
            self.rule = rule
            question = SQLStatement("\(sql) LIMIT \(maximumFindings)")
        }
    }

    /// The live grants: those of the running periods are beside their counters, the others by themselves.
    private static let liveGrants = """
        (SELECT customer, grant_id, used, held FROM billing_grants UNION ALL SELECT customer, grant_id, grant_used, \
        grant_held FROM billing_balances WHERE grant_amount IS NOT NULL)
        """

    /// Returns the sum of a column, however many rows there are and whatever has got into them.
    ///
    /// The upper and the lower halves are added up apart, because a database refuses a sum beyond 64 bits.
    private static func sum(of column: String, times sign: String = "1") -> String {
        "(sum(\(sign) * (\(column) >> 32)) * 4294967296 + sum(\(sign) * (\(column) & 4294967295)))"
    }

    private static let rules = [
        Question(
            .denseRevisions,
            """
            SELECT customer, 'The journal has ' || count(*) || ' revisions from ' || min(revision) || ' to ' \
            || max(revision) || ', and those up to ' || max(archived) || ' were archived.' FROM (SELECT DISTINCT customer, \
            revision, coalesce((SELECT a.revision FROM billing_archived AS a WHERE a.customer = j.customer), 0) \
            AS archived FROM billing_journal AS j) AS revisions GROUP BY customer \
            HAVING min(revision) <> max(archived) + 1 OR max(revision) <> max(archived) + count(*)
            """
        ),
        Question(
            .denseOrdinals,
            """
            SELECT customer, 'Revision ' || revision || ' has ' || count(*) || ' rows, numbered from ' || min(ordinal) \
            || ' to ' || max(ordinal) || '.' FROM billing_journal GROUP BY customer, revision \
            HAVING min(ordinal) <> 0 OR max(ordinal) + 1 <> count(*)
            """
        ),
        Question(
            .newestRevision,
            """
            SELECT customer, 'The account is at revision ' || revision || ' and its newest change is ' || newest \
            || '.' FROM (SELECT customer, revision, coalesce((SELECT max(revision) FROM billing_journal AS j \
            WHERE j.customer = a.customer), 0) AS newest FROM billing_accounts AS a) AS accounts \
            WHERE revision <> newest
            """
        ),
        Question(
            .knownAccount,
            """
            SELECT customer, 'There are changes and no account.' FROM billing_journal AS j \
            WHERE NOT EXISTS (SELECT 1 FROM billing_accounts AS a WHERE a.customer = j.customer) GROUP BY customer
            """
        ),
        Question(
            .heldUnits,
            """
            SELECT customer, 'Grant ' || grant_id || ' says that ' || held || ' units are held, and holds set ' \
            || by_holds || ' aside.' FROM (SELECT customer, grant_id, held, coalesce((SELECT \(sum(of: "h.amount")) \
            FROM billing_holds AS h WHERE h.customer = g.customer AND h.grant_id = g.grant_id), 0) AS by_holds \
            FROM \(liveGrants) AS g) AS grants WHERE held <> by_holds
            """
        ),
        Question(
            .liveGrants,
            """
            SELECT customer, 'Hold ' || hold_id || ' is of grant ' || grant_id || ', which is not live.' \
            FROM billing_holds AS h WHERE grant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \(liveGrants) AS g \
            WHERE g.customer = h.customer AND g.grant_id = h.grant_id)
            """
        ),
        // A person may have put a grant's numbers right, which the sums cannot know; nor do they know what has left. A grant
        // of which something has is live only where a refund has brought it back.
        Question(
            .usedUnits,
            """
            SELECT g.customer, 'Grant ' || g.grant_id || ' says that ' || g.used || ' units are used, and the journal ' \
            || 'says ' || coalesce(u.units, 0) || '.' FROM \(liveGrants) AS g LEFT JOIN (SELECT customer, grant_id, \
            \(sum(of: "amount", times: "sign")) AS units FROM (SELECT customer, grant_id, \
            CASE effect WHEN 'drawn' THEN 1 ELSE -1 END AS sign, amount \
            FROM billing_journal WHERE effect IN ('drawn', 'returned', 'moved') AND grant_id IS NOT NULL \
            UNION ALL SELECT customer, other_grant_id, 1, amount FROM billing_journal WHERE effect = 'moved' \
            AND other_grant_id IS NOT NULL) AS moves GROUP BY customer, grant_id) AS u \
            ON u.customer = g.customer AND u.grant_id = g.grant_id WHERE g.used <> coalesce(u.units, 0) \
            AND NOT EXISTS (SELECT 1 FROM billing_journal AS r WHERE r.customer = g.customer AND r.kind = 'repair') \
            AND (NOT EXISTS (SELECT 1 FROM billing_archived AS a WHERE a.customer = g.customer) \
            OR EXISTS (SELECT 1 FROM billing_journal_grants AS b JOIN billing_journal AS t ON t.customer = b.customer \
            AND t.revision = b.revision AND t.ordinal = b.ordinal AND t.effect = 'granted' \
            WHERE b.customer = g.customer AND b.grant_id = g.grant_id))
            """
        ),
    ]
}
