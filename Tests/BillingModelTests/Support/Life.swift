import BillingModel
import SeededTesting
import Testing

/// One customer's random life: every kind of command, in any order, with a clock that jumps both ways.
struct Life {
    private(set) var ledger: Ledger
    var clock = Fixture.opening
    var works: [Work] = []
    var sent: [Account.Command] = []
    var nextKey = 0
    /// What the provider will tell once it has been asked for what was worked out.
    var asked: [SubscriptionSnapshot] = []
    var version = Fixture.opening
    var period = Fixture.days(0, 31)
    private var receipts: [Account.Key: Account.Receipt] = [:]

    init(customer: CustomerID, catalog: Catalog) throws {
        ledger = try Ledger(customer, catalog: catalog)
    }

    mutating func step(using generator: inout SeededGenerator, tally: inout LifeTally) throws {
        advance(using: &generator)
        let command = try command(using: &generator)
        let before = ledger.account
        do {
            let preview = try ledger.decide(command, at: clock)
            let slow = try ledger.decideStepByStep(command, at: clock)
            let decision = try ledger.send(command, at: clock)
            #expect(decision == preview, "what a preview says is what is done")
            #expect(
                decision == slow,
                "the short way leads where the long way does: \(slow.change?.effects ?? []), \(slow.change?.notices ?? [])"
            )
            judge(decision, of: command, tally: &tally)
            if case .held(let receipt, let hold) = decision.answer, let key = command.key {
                works.append(Work(key: key, receipt: receipt, hold: hold))
            }
            if decision.change == nil { #expect(ledger.account == before) }
        } catch let error as Account.DecisionError {
            tally.count(command.kind, "error")
            #expect(ledger.account == before, "an error leaves no trace")
            judge(error, of: command)
        }
        #expect(ledger.account.instant >= before.instant)
        sent.append(command)
    }

    private func judge(_ error: Account.DecisionError, of command: Account.Command) {
        switch error.code {
        case .keyReused, .workInProgress: break
        // A name that was made up may be an allowance's.
        case .grantNotAllowed where command.kind == .void: break
        case .unknownUse where command.kind == .refund: break
        case .amountOutOfBounds where [.lower, .correct].contains(command.kind): break
        case .malformedTerms where command.kind == .override: break
        default: Issue.record("\(command): \(error)")
        }
    }

    private mutating func judge(_ decision: Account.Decision, of command: Account.Command, tally: inout LifeTally) {
        let kind = command.kind
        if let receipt = decision.change?.receipt, let key = decision.change?.key { receipts[key] = receipt }
        switch decision.answer {
        case .applied(let receipt):
            tally.count(kind, "applied")
            judge(receipt, of: command, tally: &tally)
            #expect(decision.change?.receipt == receipt && decision.change?.revision == receipt.revision)
        case .held(_, let hold):
            tally.count(kind, "held")
            if ledger.account.holds.first(where: { $0.id == hold })?.credits != nil { tally.count(kind, "+credits") }
        case .repeated(let receipt):
            tally.count(kind, "repeated")
            #expect(command.key.flatMap { receipts[$0] } == receipt, "the same key, the first receipt again")
        case .denied(let denial):
            tally.count(kind, "denied")
            #expect(decision.change == nil)
            #expect(denial.remaining >= 0 && denial.remaining < denial.requested)
            if let resetsAt = denial.resetsAt { #expect(resetsAt > ledger.account.instant) }
        case .granted(let receipt, let id):
            tally.count(kind, "granted")
            #expect(decision.change?.receipt == receipt)
            #expect(command.action.grant(by: receipt) == id)
        case .alreadyGranted: tally.count(kind, "already granted")
        case .alreadyOver: tally.count(kind, "already over")
        case .alreadyReleased: tally.count(kind, "already released")
        case .extended(let end):
            tally.count(kind, "extended")
            #expect(end > ledger.account.instant)
        case .exceedsUse(let left):
            tally.count(kind, "exceeds use")
            if case .refund(let refund) = command.action { #expect(refund.amount.map { $0 > left } ?? (left == 0)) }
        case .trial: tally.count(kind, "began")
        case .trialRefused(.alreadyTried): tally.count(kind, "already tried")
        case .trialRefused(.alreadyPurchased): tally.count(kind, "already purchased")
        case .settled:
            tally.count(kind, "settled")
            if decision.change != nil { tally.count(kind, "+changed") }
            if let due = ledger.account.dueAt(in: ledger.catalog), !ledger.account.isNew {
                #expect(due > max(clock, ledger.account.instant), "what is due is due once")
            }
        case .overridden:
            tally.count(kind, "overridden")
            if decision.change == nil { tally.count(kind, "+repeated") }
        case .examined(let findings):
            tally.count(kind, "examined")
            #expect(findings == [], "what was decided never contradicts itself")
        case .repaired:
            tally.count(kind, "repaired")
            #expect(decision.change == nil, "what is sound needs no repair")
        case .upgrade(let upgrade):
            tally.count(kind, "upgrade")
            if kind == .advanceUpgrade { tally.count(kind, "+\(upgrade.stage.rawValue)") }
        case .taken:
            tally.count(kind, "taken")
            judge(ledger.journal.last?.effects ?? [], tally: &tally)
        case .alreadyTaken: tally.count(kind, "already taken")
        case .stale: tally.count(kind, "stale")
        case .planned(let plan):
            tally.count(kind, "planned")
            #expect(decision.change == nil, "a plan changes nothing")
            asked.append(plan.asked)
        case .planRefused:
            tally.count(kind, "plan refused")
            #expect(decision.change == nil, "a plan changes nothing")
        }
    }

    private func judge(_ effects: [Account.Effect], tally: inout LifeTally) {
        let isTakenBack = effects.contains { effect in
            if case .voided(let grant, amount: let units, at: _) = effect { units > 0 && grant.isLot } else { false }
        }
        if isTakenBack { tally.count(.provider, "+taken back") }
        for effect in effects {
            switch effect {
            case .benefited: tally.count(.provider, "+benefit")
            case .granted(let grant) where grant.source == .order: tally.count(.provider, "+credited")
            case .subscribed(let subscription) where subscription.snapshot.pending != nil:
                tally.count(.provider, "+pending")
            default: break
            }
        }
    }

    private func judge(_ receipt: Account.Receipt, of command: Account.Command, tally: inout LifeTally) {
        let kind = command.kind
        if case .consumeAll(let uses) = command.action {
            #expect(receipt.lines.map(\.subject) == uses.map { .meter($0.meter) })
            #expect(receipt.lines.map(\.amount) == uses.map(\.amount))
            if uses.count > 1 { tally.count(kind, "+several") }
        }
        if case .consume(let use) = command.action {
            #expect(receipt.amount == use.amount || use.isPartial)
            if receipt.amount < use.amount { tally.count(kind, "+partly") }
        }
        if case .correct(let correction) = command.action, correction.amount < 0 { tally.count(kind, "+down") }
        if receipt.isLate { tally.count(kind, "+late") }
        if receipt.skipped > 0 { tally.count(kind, "+skipped") }
        if receipt.lines.contains(where: { $0.overage > 0 }) { tally.count(kind, "+overage") }
        let effects = ledger.journal.last?.effects ?? []
        let touchesCredits = effects.contains { effect in
            switch effect {
            case .drawn(let draw): draw.pool != nil
            case .returned(let back): back.draw.pool != nil
            default: false
            }
        }
        if touchesCredits { tally.count(kind, "+credits") }
        for line in receipt.lines {
            #expect((0...max(0, line.amount)).contains(line.overage))
            if case .units(let units) = line.remaining { #expect(units >= 0) }
        }
    }
}
