import BillingKit
import Foundation

/// Prints a line and sees to it that it is out before anything else happens: what the program says it has done, it
/// has done, even if it is killed at once.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// Writes what happens so that a person can follow it.
struct Transcript {
    private var shown: String?

    static func day(_ instant: Timestamp) -> String {
        let text = instant.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
    }

    func chapter(_ title: String) {
        say("\n── \(title) " + String(repeating: "─", count: max(0, 84 - title.count)))
    }

    func line(_ text: String) {
        say("   \(text)")
    }

    /// Writes down where the customer stands, when that is different from the last time.
    mutating func standing(_ overview: Account.Overview) {
        let text = Self.words(for: overview)
        guard text != shown else { return }
        shown = text
        say("     = \(text)")
    }

    /// Returns whether where the customer stands is different from the last time that it was written down.
    func shows(_ overview: Account.Overview) -> Bool {
        Self.words(for: overview) != shown
    }

    private static func words(for overview: Account.Overview) -> String {
        let status = overview.subscriptions.last.map { subscription in
            let more =
                if subscription.cancelsAtPeriodEnd {
                    ", ends with its period"
                } else if subscription.status == .pastDue {
                    ", kept for the time of grace"
                } else {
                    ""
                }
            return " (\(subscription.status)\(more))"
        }
        let meters = overview.meters.map { line in
            let limit =
                switch line.allowance {
                case .limited(let units, per: _, overage: _, rollover: _), .level(let units, overage: _):
                    "\(line.used) of \(units) used"
                case .unlimited: "\(line.used) used, unlimited"
                case .none: "not included"
                }
            let over = line.overage > 0 ? " (\(line.overage) over the limit)" : ""
            return "\(line.meter.name): \(limit)\(over)"
        }
        let period = overview.meters.first?.period.map { "\(day($0.start)) to \(day($0.end))" }
        let attempts = overview.upgrades.map { "attempt \($0.reference ?? "–"): \($0.stage.rawValue)" }
        return "\(overview.tier.name)\(status ?? "") · \(period ?? "") · "
            + (meters + attempts).joined(separator: " · ")
    }
}

extension WebhookAnswer.Outcome {
    /// What became of a delivery, in a word or two.
    var words: String {
        switch self {
        case .applied: "applied"
        case .stale: "stale: nothing newer than what is known"
        case .ignored(let reason): "ignored: \(reason)"
        case .duplicate: "received before"
        case .inProgress: "being worked on"
        case .deferred(let reason): "kept for later: \(reason)"
        case .dead(let reason): "kept for a person: \(reason)"
        case .rejected(let reason): "refused: \(reason)"
        case .unavailable(let reason): "not kept: \(reason)"
        }
    }
}
