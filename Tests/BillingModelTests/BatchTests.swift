import BillingModel
import Testing

/// Many events that happened already, each counted once by its id.
@Suite struct BatchTests {
    typealias Event = Account.Command.Event

    let now = Fixture.opening

    @Test func `events are added up by meter, and what is not there is overage`() throws {
        var ledger = try Ledger()
        let events = [
            Event(id: "1", meter: .documents, amount: 7), Event(id: "2", meter: .searches),
            Event(id: "3", meter: .documents, amount: 6),
        ]
        let receipt = try #require(try ledger.count(events, at: now).receipt)
        #expect(receipt.lines.map(\.subject) == [.meter(.documents), .meter(.searches)])
        #expect(receipt.lines.map(\.amount) == [13, 1] && receipt.lines.map(\.overage) == [3, 0])
        #expect(receipt.skipped == 0)
        #expect(ledger.journal.last?.events == ["1", "2", "3"])
        ledger.audit.check(ledger.account)
    }

    @Test func `an event that was counted is left out`() throws {
        var ledger = try Ledger()
        try ledger.count([Event(id: "1", meter: .documents, amount: 2)], at: now)
        let again = [Event(id: "1", meter: .documents, amount: 2), Event(id: "2", meter: .documents)]
        let receipt = try #require(try ledger.count(again, at: now + .days(1)).receipt)
        #expect(receipt.amount == 1 && receipt.skipped == 1)
        #expect(try ledger.line(at: now + .days(1)).used == 3)
        #expect(ledger.journal.last?.events == ["2"])
    }

    @Test func `an id twice in one batch is one event`() throws {
        var ledger = try Ledger()
        let events = [Event(id: "1", meter: .documents, amount: 2), Event(id: "1", meter: .documents, amount: 5)]
        let receipt = try #require(try ledger.count(events, at: now).receipt)
        #expect(receipt.amount == 2 && receipt.skipped == 1)
    }

    @Test func `an id is one event whatever meter it names`() throws {
        var ledger = try Ledger()
        try ledger.count([Event(id: "1", meter: .documents)], at: now)
        let receipt = try #require(try ledger.count([Event(id: "1", meter: .searches)], at: now).receipt)
        #expect(receipt.subject == .meter(.searches) && receipt.amount == 0 && receipt.skipped == 1)
        #expect(try ledger.line(.searches, at: now).used == 0)
    }

    @Test func `ids are remembered for 32 days`() throws {
        var ledger = try Ledger()
        #expect(Account.eventMemory == .days(32))
        try ledger.count([Event(id: "1", meter: .documents)], at: now)
        let within = try ledger.count([Event(id: "1", meter: .documents)], at: now + .days(32) - .tick)
        #expect(within.receipt?.skipped == 1)
        let after = try ledger.count([Event(id: "1", meter: .documents)], at: now + .days(32))
        #expect(after.receipt?.skipped == 0)
    }

    @Test func `a batch under its key is counted once, and gives its first receipt`() throws {
        var ledger = try Ledger()
        let events = [Event(id: "1", meter: .documents, amount: 2)]
        let first = try #require(try ledger.count(events, key: "batch", at: now).receipt)
        #expect(try ledger.count(events, key: "batch", at: now) == .repeated(first))
        let others = [Event(id: "2", meter: .documents, amount: 2)]
        #expect(code { try ledger.count(others, key: "batch", at: now) } == .keyReused)
    }

    @Test func `what a batch has counted can be refunded by meter`() throws {
        var ledger = try Ledger()
        let events = [Event(id: "1", meter: .documents, amount: 4), Event(id: "2", meter: .searches, amount: 2)]
        try ledger.count(events, key: "batch", at: now)
        #expect(try ledger.refund(of: .documents, under: "batch", at: now).receipt?.amount == 4)
        #expect(try ledger.line(.searches, at: now).used == 2)
    }

    @Test func `one bad event spoils the batch`() throws {
        var ledger = try Ledger(catalog: Lab.catalog())
        let good = Event(id: "1", meter: .documents)
        #expect(code { try ledger.count([good, Event(id: "2", meter: .calls)], at: now) } == .unknownMeter)
        #expect(code { try ledger.count([good, Event(id: "2", meter: .desks)], at: now) } == .wrongMeterKind)
        #expect(code { try ledger.count([good, Event(id: "", meter: .documents)], at: now) } == .malformedIdentifier)
        let none = Event(id: "2", meter: .documents, amount: 0)
        #expect(code { try ledger.count([good, none], at: now) } == .amountOutOfBounds)
        let all = Event(id: "2", meter: .documents, amount: .max)
        #expect(code { try ledger.count([good, all], at: now) } == .overflow)
        #expect(ledger.account.isNew)
    }

    @Test func `a batch has at least one event and at most a thousand`() throws {
        var ledger = try Ledger()
        #expect(code { try ledger.count([], at: now) } == .malformedRequest)
        let many = (0...Account.maximumEvents).map { Event(id: "\($0)", meter: .documents) }
        #expect(code { try ledger.count(many, at: now) } == .malformedRequest)
        let events = Array(many.dropLast())
        #expect(try ledger.count(events, at: now).receipt?.amount == 1_000)
    }
}
