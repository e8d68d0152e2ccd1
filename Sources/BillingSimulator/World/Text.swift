import BillingKit

/// Things in words for the trace: spelled out here, because what the standard library makes of a value may change.
enum Text {
    static func of(_ receipt: Account.Receipt) -> String {
        let lines = ([receipt.line] + receipt.others).map { line in
            "\(line.subject) \(line.amount) over \(line.overage) left \(line.remaining)"
        }
        let late = receipt.isLate ? " late" : ""
        let skipped = receipt.skipped > 0 ? " skipped \(receipt.skipped)" : ""
        return "r\(receipt.revision) \(lines.joined(separator: "; "))\(late)\(skipped)"
    }

    static func of(_ notice: Account.Notice) -> String {
        "\(notice.customer) r\(notice.revision).\(notice.ordinal)"
    }

    static func of(_ duration: Duration) -> String {
        "\(duration.components.seconds) s"
    }

    static func of(_ code: Account.DecisionError.Code) -> String {
        switch code {
        case .keyReused: "key reused"
        case .workInProgress: "in progress"
        case .unknownUse: "unknown use"
        case .amountOutOfBounds: "out of bounds"
        case .grantNotAllowed: "not allowed"
        case .belongsToAnother: "belongs to another"
        default: "refused"
        }
    }

    static func of(_ overview: Account.Overview) -> String {
        let meters = overview.meters.map { "\($0.meter.id) \($0.used)/\($0.held)/\($0.remaining)" }
        let pools = overview.credits.map { "\($0.pool.id) \($0.used)/\($0.held)/\($0.remaining)" }
        return ([overview.tier.id.rawValue] + meters + pools).joined(separator: ", ")
    }

    static func of(_ answer: Answer) -> String {
        switch answer {
        case .receipt(let receipt, let grant): of(receipt) + (grant.map { " grant \($0)" } ?? "")
        case .denied(let denial): "denied \(denial.requested) of \(denial.meter), \(denial.remaining) left"
        case .reserved(let work): "reserved \(work.hold) \(of(work.receipt))"
        case .released(let receipt): "released \(of(receipt))"
        case .gone: "gone"
        case .extended(let end): "extended until \(end.microseconds)"
        case .exceedsUse(let left): "exceeds use, \(left) left"
        case .alreadyGranted: "already granted"
        case .trial(let began): began ? "trial began" : "no trial"
        case .allowed(let remaining): "allowed, leaving \(remaining)"
        case .standing(let overview): of(overview)
        case .findings(let findings): "\(findings.count) findings"
        case .workFailed: "work failed"
        case .refused(let error): of(error.code)
        case .storeFault(let error): "store: \(error.code.rawValue)"
        case .fault(let error): "kit: \(error.message)"
        case .cancelled: "cancelled"
        }
    }

    static func of(_ wish: Request.Wish) -> String {
        switch wish {
        case .consume(let meter, let amount): "consume \(amount) \(meter)"
        case .consumeUpTo(let meter, let amount): "consume up to \(amount) \(meter)"
        case .consumeAll(let images, let pages): "consume \(images) images and \(pages) pages"
        case .record(let meter, let amount): "record \(amount) \(meter)"
        case .recordEvents(let meter, let ids): "record events \(ids.lowerBound) to \(ids.upperBound) of \(meter)"
        case .reserve(let meter, let amount, let attempt): "reserve \(amount) \(meter), try \(attempt)"
        case .capture(let work, let amount): "capture \(amount.map { "\($0) of " } ?? "")\(work.hold)"
        case .release(let work): "release \(work.hold)"
        case .extend(let work, let seconds): "extend \(work.hold) by \(seconds) s"
        case .metered(let meter, let amount, let seconds, let fails):
            "work \(seconds) s for \(amount) \(meter)\(fails ? " and fail" : "")"
        case .refund(let key, let meter, let amount): "refund \(amount.map { "\($0) " } ?? "")\(meter) of \(key)"
        case .correct(let meter, let amount): "correct \(meter) by \(amount)"
        case .grant(let subject, let amount, let hours, let isBought, let priority):
            "\(isBought ? "sell" : "give") \(amount) \(subject) for \(hours.map { "\($0) h" } ?? "ever"), first \(priority)"
        case .grantPack(let order): "give pack for \(order)"
        case .void(let grant): "void \(grant)"
        case .setLevel(let level): "set seats to \(level)"
        case .raise(let amount): "raise seats by \(amount)"
        case .lower(let amount): "lower seats by \(amount)"
        case .startTrial: "start trial"
        case .check(let meter, let amount): "check \(amount) \(meter)"
        case .overview: "overview"
        case .examine: "examine"
        }
    }
}
