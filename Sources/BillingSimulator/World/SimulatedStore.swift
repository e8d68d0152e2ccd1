import BillingKit

/// A server's way to the store of its world, on which calls take their time, fail, and lose their answers.
///
/// After each commit that reached the store the auditor looks at what the store holds.
final class SimulatedStore: BillingStore {
    private enum Fault: Sendable {
        case before(StoreError.Code, Hazard)
        case after(StoreError.Code, Hazard)
    }

    private struct Plan: Sendable {
        var yieldsBefore = 0
        var yieldsAfter = 0
        var secondsBefore: Int64 = 0
        var fault: Fault?
    }

    private let base: any BillingStore
    private let life: ServerLife
    private let chronicle: Chronicle
    private let server: Int

    init(base: any BillingStore, life: ServerLife, server: Int, chronicle: Chronicle) {
        self.base = base
        self.life = life
        self.server = server
        self.chronicle = chronicle
    }

    /// Makes a call as the world wants it.
    private func perform<Answer: Sendable>(
        _ name: String,
        isCommit: Bool = false,
        _ call: () async throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let plan = chronicle.draw { Self.plan(isCommit: isCommit, with: $0, &$1) }
        if plan.yieldsBefore + plan.yieldsAfter > 0 { chronicle.count(.delay) }
        for _ in 0..<plan.yieldsBefore { await Task.yield() }
        if plan.secondsBefore > 0 {
            chronicle.note(.slowCall, "s\(server) \(name) takes \(plan.secondsBefore) s")
            try? await life.sleep(for: .seconds(plan.secondsBefore), as: .answering)
        }
        try expectLife()
        if case .before(let code, let hazard)? = plan.fault {
            chronicle.note(hazard, "s\(server) \(name)")
            throw StoreError(code, hazard.rawValue)
        }
        let answer = try await call()
        for _ in 0..<plan.yieldsAfter { await Task.yield() }
        try expectLife()
        if case .after(let code, let hazard)? = plan.fault {
            chronicle.note(hazard, "s\(server) \(name)")
            throw StoreError(code, hazard.rawValue)
        }
        return answer
    }

    func time() async throws(StoreError) -> Timestamp? {
        try await perform("time") { () throws(StoreError) in life.worldTime }
    }

    private func expectLife() throws(StoreError) {
        if life.isOver { throw StoreError(.closed, "The server is gone.") }
    }

    private static func plan(isCommit: Bool, with hazards: Hazards, _ dice: inout Dice) -> Plan {
        var plan = Plan()
        if dice.happens(hazards.delay) { plan.yieldsBefore = 1 + dice.below(6) }
        if dice.happens(hazards.delay) { plan.yieldsAfter = 1 + dice.below(6) }
        if dice.happens(hazards.slowCall) { plan.secondsBefore = dice.pick([1, 20, 90]) }
        if dice.happens(hazards.connectionLost) {
            plan.fault = .before(.connectionLost, .connectionLost)
        } else if dice.happens(hazards.busy) {
            plan.fault = .before(.busy, .busy)
        } else if dice.happens(hazards.serialization) {
            plan.fault = .before(.serialization, .serialization)
        } else if isCommit, dice.happens(hazards.lostAnswer) {
            plan.fault = .after(.outcomeUnknown, .lostAnswer)
        } else if isCommit, dice.happens(hazards.lostCommit) {
            plan.fault = .before(.outcomeUnknown, .lostCommit)
        }
        return plan
    }

    /// Lets the auditor see what the store holds of customers.
    private func audit(_ customers: [CustomerID]) async {
        for customer in customers {
            guard let known = chronicle.audit({ (auditor) throws(Violation) in auditor.revision(of: customer) }) else {
                continue
            }
            let rows: [Account.Change]
            let account: Account?
            do throws(StoreError) {
                rows = try await base.journal(JournalQuery(customer: customer, after: known))
                account = try await base.load(LoadRequest(items: [.init(customer: customer)])).first?.account
            } catch {
                chronicle.fail(Violation(.answeredMeansWritten, "What \(customer) has cannot be read: \(error)"))
                continue
            }
            guard let account else {
                chronicle.fail(Violation(.answeredMeansWritten, "There is no answer to what \(customer) has."))
                continue
            }
            for row in rows {
                let keyText = row.key.map { " \($0)" } ?? ""
                chronicle.note("s\(server) wrote \(customer) r\(row.revision) \(row.kind.rawValue)\(keyText)")
                for notice in row.notices { chronicle.note("notice \(Text.of(notice))") }
            }
            chronicle.audit { (auditor) throws(Violation) in
                try auditor.take(rows, of: customer)
                try auditor.compare(account)
            }
        }
    }
}

extension SimulatedStore {
    func load(_ request: LoadRequest) async throws(StoreError) -> [LoadedAccount] {
        try await perform("load") { () throws(StoreError) in try await base.load(request) }
    }

    func commit(_ request: CommitRequest) async throws(StoreError) -> [CommitOutcome] {
        try await perform("commit", isCommit: true) { () throws(StoreError) in
            let outcomes = try await base.commit(request)
            for (item, outcome) in zip(request.items, outcomes) where outcome != .committed {
                chronicle.note(.conflict, "s\(server) \(item.account.customer) after r\(item.baseRevision)")
            }
            await audit(request.items.map(\.account.customer))
            return outcomes
        }
    }

    func accountsDue(_ request: DueRequest) async throws(StoreError) -> [DueAccount] {
        try await perform("due") { () throws(StoreError) in try await base.accountsDue(request) }
    }

    func leaseNotices(_ request: LeaseRequest) async throws(StoreError) -> [NoticeLease] {
        try await perform("lease notices") { () throws(StoreError) in try await base.leaseNotices(request) }
    }

    func settle(_ settlements: [NoticeSettlement]) async throws(StoreError) {
        try await perform("settle notices") { () throws(StoreError) in try await base.settle(settlements) }
    }

    func lease(_ request: DutyRequest) async throws(StoreError) -> Bool {
        try await perform("lease a duty") { () throws(StoreError) in try await base.lease(request) }
    }

    func journal(_ query: JournalQuery) async throws(StoreError) -> [Account.Change] {
        try await perform("journal") { () throws(StoreError) in try await base.journal(query) }
    }

    func keep(_ catalog: Catalog) async throws(StoreError) -> Catalog {
        try await perform("keep") { () throws(StoreError) in try await base.keep(catalog) }
    }

    func catalogVersions() async throws(StoreError) -> [Catalog.Version] {
        try await perform("versions") { () throws(StoreError) in try await base.catalogVersions() }
    }

    func catalog(_ version: Catalog.Version) async throws(StoreError) -> Catalog? {
        try await perform("catalog") { () throws(StoreError) in try await base.catalog(version) }
    }

    func owner(of reference: ProviderReference) async throws(StoreError) -> CustomerID? {
        try await perform("owner") { () throws(StoreError) in try await base.owner(of: reference) }
    }

    func record(_ request: RecordDeliveryRequest) async throws(StoreError) -> DeliveryRecording {
        try await perform("record") { () throws(StoreError) in try await base.record(request) }
    }

    func leaseDeliveries(_ request: LeaseDeliveriesRequest) async throws(StoreError) -> [DeliveryLease] {
        try await perform("lease deliveries") { () throws(StoreError) in try await base.leaseDeliveries(request) }
    }

    func leaseDelivery(_ request: LeaseDeliveryRequest) async throws(StoreError) -> DeliveryLease? {
        try await perform("lease delivery") { () throws(StoreError) in try await base.leaseDelivery(request) }
    }

    func settle(_ settlement: DeliverySettlement) async throws(StoreError) -> Bool {
        try await perform("settle delivery") { () throws(StoreError) in try await base.settle(settlement) }
    }

    func deliveries(_ query: DeliveryQuery) async throws(StoreError) -> [Delivery] {
        try await perform("deliveries") { () throws(StoreError) in try await base.deliveries(query) }
    }
}
