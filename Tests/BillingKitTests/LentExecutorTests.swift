import BillingInMemory
import BillingKit
import Testing

/// What a store lends is used for lone commands and for nothing else.
struct LentExecutorTests {
    private let store = FaultyStore(lending: QueueExecutor())

    @Test func `one command after the other is decided and written on the store's executor`() async throws {
        let billing = try await BillingSystem(catalog: KitFixture.catalog(free: 100), store: store)
        for number in 0..<50 {
            _ = try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("\(number)"))
        }
        #expect(store.commitsOnExecutor == Array(repeating: true, count: 50))
    }

    @Test func `commands that wait together are decided beside the store's executor`() async throws {
        let billing = try await BillingSystem(catalog: KitFixture.catalog(free: 100), store: store)
        store.hold()
        try await withThrowingTaskGroup(of: BillingSystem.Consumption.self) { group in
            func add(_ number: Int) {
                group.addTask {
                    try await billing.consume(of: KitFixture.documents, for: "org_acme", key: .request("\(number)"))
                }
            }
            add(0)
            while store.heldCount == 0 { await Task.yield() }
            for number in 1...20 { add(number) }
            while billing.waitingCount < 20 { await Task.yield() }
            store.letGo()
            for try await answer in group {
                guard case .consumed = answer else {
                    Issue.record("A use was not counted: \(answer).")
                    continue
                }
            }
        }
        #expect(store.commitsOnExecutor.first == true)
        #expect(store.commitsOnExecutor.dropFirst().allSatisfy { !$0 })
        #expect(store.commitsOnExecutor.count == 2)
        let overview = try await billing.overview(of: "org_acme")
        #expect(overview.meters.first?.used == 21)
    }
}
