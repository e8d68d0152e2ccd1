import BillingModel
import Testing

/// How often each kind of command met each kind of answer.
struct LifeTally: CustomStringConvertible {
    private var counts: [Account.Change.Kind: [String: Int]] = [:]

    mutating func count(_ kind: Account.Change.Kind, _ outcome: String) {
        counts[kind, default: [:]][outcome, default: 0] += 1
    }

    mutating func add(_ other: LifeTally) {
        for (kind, outcomes) in other.counts {
            counts[kind, default: [:]].merge(outcomes) { $0 + $1 }
        }
    }

    private func share(_ outcome: String, of kind: Account.Change.Kind) -> Double {
        let all = counts[kind, default: [:]].filter { !$0.key.hasPrefix("+") }.values.reduce(0, +)
        return all == 0 ? 0 : 100 * Double(counts[kind, default: [:]][outcome, default: 0]) / Double(all)
    }

    var description: String {
        Account.Change.Kind.allCases.map { kind in
            let outcomes = counts[kind, default: [:]].keys.sorted().map { outcome in
                "\(outcome) \(Int(share(outcome, of: kind).rounded()))%"
            }
            return "  \(kind.rawValue): \(outcomes.joined(separator: ", "))"
        }.joined(separator: "\n")
    }

    /// Easy lives prove nothing: what matters has to come up in one of twenty commands of its kind.
    func check() {
        let important: [(Account.Change.Kind, [String])] = [
            (.consume, ["applied", "denied", "repeated", "+partly", "+several", "+overage", "+credits"]),
            (.record, ["applied", "repeated", "+overage", "+skipped"]),
            (.reserve, ["held", "denied", "repeated", "error", "+credits"]),
            (.capture, ["applied", "repeated", "+late", "+overage"]),
            (.extend, ["extended", "already released"]),
            (.release, ["applied", "already released"]),
            (.refund, ["applied", "exceeds use", "repeated", "error", "+credits"]),
            (.correct, ["applied", "repeated", "error", "+down"]),
            (.setLevel, ["applied", "denied", "repeated"]),
            (.raise, ["applied", "denied", "repeated", "+overage"]),
            (.lower, ["applied", "error", "repeated"]),
            (.grant, ["granted", "already granted", "repeated"]),
            (.void, ["applied", "already over", "repeated"]),
            (.startTrial, ["began", "already tried", "already purchased"]),
            (.override, ["overridden", "error", "+repeated"]),
            (.settle, ["settled", "+changed"]),
            (.examine, ["examined"]),
            (.repair, ["repaired"]),
            (.startUpgrade, ["upgrade"]),
            (.advanceUpgrade, ["upgrade", "+completed", "+cancelled", "+checkout"]),
            (
                .provider,
                [
                    "taken", "already taken", "stale", "planned", "plan refused", "+benefit", "+credited", "+pending",
                    "+taken back",
                ]
            ),
        ]
        let shares = important.flatMap { kind, outcomes in
            outcomes.map { (share: share($0, of: kind), words: "\(kind.rawValue) \($0)") }
        }.sorted { $0.share < $1.share }
        print(
            "the least: \(shares.prefix(6).map { "\($0.words) \(($0.share * 10).rounded() / 10)%" }.joined(separator: ", "))"
        )
        #expect(Set(important.map(\.0)) == Set(Account.Change.Kind.allCases), "every kind of command comes up")
        for (kind, outcomes) in important {
            for outcome in outcomes {
                #expect(share(outcome, of: kind) >= 5, "\(kind.rawValue) was too seldom \(outcome)")
            }
        }
    }
}
