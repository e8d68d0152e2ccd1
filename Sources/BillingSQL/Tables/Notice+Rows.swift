import BillingKit

extension Account.Notice {
    /// The words that a notice's kind can be.
    static let words = [
        "low_balance", "exhausted", "trial_ending", "trial_ended", "inconsistent", "tier_changed", "payment_due",
        "several_subscriptions", "change_dropped", "upgrade_abandoned",
    ]

    /// The columns of a notice's kind.
    ///
    /// What each kind keeps in which is said once, in ``init(_:)``, and read back in ``kind``.
    private struct Columns {
        var word: String
        var subjectKind: String?
        var subject: String?
        var otherSubject: String?
        var thresholdKind: String?
        var threshold: Int64?
        var left: Int64?
        var days: Int64?
        var end: Timestamp?
        var severity: String?
        var message: String?

        init(_ kind: Kind) {
            switch kind {
            case .lowBalance(let balance, let threshold, let left):
                self.init("low_balance", balance)
                thresholdKind = threshold.word
                self.threshold = threshold.number
                self.left = left
            case .exhausted(let balance): self.init("exhausted", balance)
            case .trialEnding(let end, let days):
                self.init("trial_ending")
                self.end = end
                self.days = Int64(days)
            case .trialEnded: self.init("trial_ended")
            case .inconsistent(let severity, let message):
                self.init("inconsistent")
                self.severity = severity.rawValue
                self.message = message
            case .tierChanged(let from, let to):
                self.init("tier_changed")
                subjectKind = "tier"
                subject = from.rawValue
                otherSubject = to.rawValue
            case .paymentDue(let subscription):
                self.init("payment_due")
                subjectKind = "subscription"
                subject = subscription
            case .severalSubscriptions(let subscription, beside: let other):
                self.init("several_subscriptions")
                subjectKind = "subscription"
                subject = subscription
                otherSubject = other
            case .changeDropped(let subscription, to: let tier):
                self.init("change_dropped")
                subjectKind = "subscription"
                subject = subscription
                otherSubject = tier.rawValue
            case .upgradeAbandoned(let attempt):
                self.init("upgrade_abandoned")
                subjectKind = attempt.kind
                subject = attempt.name
            }
        }

        private init(_ word: String, _ balance: Account.Balance.Subject? = nil) {
            self.word = word
            subjectKind = balance?.kind
            subject = balance?.name
        }

        init(_ reader: inout SQLRowReader) throws(StoreError) {
            word = try reader.text()
            subjectKind = try reader.optionalText()
            subject = try reader.optionalText()
            otherSubject = try reader.optionalText()
            thresholdKind = try reader.optionalText()
            threshold = try reader.optionalInteger()
            left = try reader.optionalInteger()
            days = try reader.optionalInteger()
            end = try reader.optionalTimestamp()
            severity = try reader.optionalText()
            message = try reader.optionalText()
        }

        var values: [SQLValue] {
            [
                .text(word), SQLValue(subjectKind), SQLValue(subject), SQLValue(otherSubject), SQLValue(thresholdKind),
                SQLValue(threshold), SQLValue(left), SQLValue(days), SQLValue(end), SQLValue(severity),
                SQLValue(message),
            ]
        }

        /// The kind that the columns tell of; `nil` where something is missing.
        func kind() throws(StoreError) -> Kind? {
            switch word {
            case "low_balance":
                guard let balance = try balance(), let thresholdKind, let threshold, let left else { return nil }
                return .lowBalance(balance, try Catalog.Threshold(word: thresholdKind, number: threshold), left: left)
            case "exhausted": return try balance().map { .exhausted($0) }
            case "trial_ending":
                guard let end, let days else { return nil }
                return .trialEnding(end, days: Int(clamping: days))
            case "trial_ended": return .trialEnded
            case "inconsistent":
                guard let severity = severity.flatMap(Account.Finding.Severity.init), let message else { return nil }
                return .inconsistent(severity, message)
            case "tier_changed":
                guard let subject, let otherSubject else { return nil }
                return .tierChanged(from: Tier.ID(subject), to: Tier.ID(otherSubject))
            case "payment_due": return subject.map { .paymentDue($0) }
            case "several_subscriptions", "change_dropped":
                guard let subject, let otherSubject else { return nil }
                return word == "change_dropped"
                    ? .changeDropped(subject, to: Tier.ID(otherSubject))
                    : .severalSubscriptions(subject, beside: otherSubject)
            case "upgrade_abandoned":
                guard let subjectKind, let subject else { return nil }
                return Upgrade.Key(kind: subjectKind, name: subject).map { .upgradeAbandoned($0) }
            default: return nil
            }
        }

        private func balance() throws(StoreError) -> Account.Balance.Subject? {
            guard let subjectKind, let subject else { return nil }
            return try Account.Balance.Subject(kind: subjectKind, name: subject)
        }
    }

    /// The row of a notice that nobody has been told yet.
    var row: [SQLValue] {
        [.text(customer.rawValue), .integer(revision), SQLValue(ordinal)] + Columns(kind).values + [
            SQLValue(at), .text("waiting"), .integer(0),
            // Due at once, even for a teller whose clock stands before the account's time.
            .integer(.min),
        ]
    }

    /// Reads the columns of a notice, without what has become of it.
    init(_ reader: inout SQLRowReader) throws(StoreError) {
        let customer = CustomerID(try reader.text())
        let (revision, ordinal) = (try reader.integer(), try reader.integer())
        let columns = try Columns(&reader)
        guard let kind = try columns.kind() else {
            throw StoreError(.corrupt, "A notice is of kind '\(columns.word)' without what belongs to it.")
        }
        self.init(
            customer: customer,
            revision: revision,
            ordinal: Int(clamping: ordinal),
            kind: kind,
            at: try reader.timestamp()
        )
    }
}
