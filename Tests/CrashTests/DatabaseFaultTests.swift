#if SQLite
import BillingKit
import BillingSQL
import BillingSQLite
import Synchronization
import Testing

/// Every transaction of a flow fails once, in every way that a database can: the caller has an answer or a reason, and
/// what is asked for again is done once.
@Suite(.serialized) struct DatabaseFaultTests {
    /// How a transaction fails.
    enum Fault: CaseIterable, CustomStringConvertible {
        case busy, full, connectionLost, serialization, deadlock, lockTimeout
        /// The connection breaks during the commit, which is not made.
        case unknownAndNotMade
        /// The connection breaks during the commit, which is made.
        case unknownAndMade

        var code: StoreError.Code {
            switch self {
            case .busy: .busy
            case .full: .full
            case .connectionLost: .connectionLost
            case .serialization: .serialization
            case .deadlock: .deadlock
            case .lockTimeout: .lockTimeout
            case .unknownAndNotMade, .unknownAndMade: .outcomeUnknown
            }
        }

        /// Whether the engine tries again by itself.
        var isTriedAgain: Bool { ![.busy, .full, .lockTimeout].contains(self) }

        var description: String { self == .unknownAndMade ? "outcomeUnknown, made" : code.rawValue }
    }

    /// A database of which one transaction fails.
    private struct FaultyDatabase: SQLDatabase {
        let base: SQLiteDatabase
        let plan: Plan

        func write<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
            guard let fault = plan.next() else { return try await base.write(transaction) }
            if fault == .unknownAndMade { _ = try await base.write(transaction) }
            throw StoreError(fault.code, "as planned")
        }

        func read<Answer>(_ transaction: SQLTransaction<Answer>) async throws(StoreError) -> Answer {
            guard let fault = plan.next() else { return try await base.read(transaction) }
            throw StoreError(fault.code, "as planned")
        }
    }

    private struct FaultyStore: SQLStore {
        let database: FaultyDatabase
    }

    /// Which transactions fail, one after the other.
    private final class Plan: Sendable {
        private struct State {
            var left: Int
            var faults: [Fault]
        }

        private let state: Mutex<State>

        init(_ faults: Fault..., atTransaction number: Int) {
            state = Mutex(State(left: number, faults: faults))
        }

        var hasFailed: Bool { state.withLock { $0.left <= 0 } }

        func mend() { state.withLock { $0.faults = [] } }

        func next() -> Fault? {
            state.withLock { state in
                guard !state.faults.isEmpty else { return nil }
                state.left -= 1
                return state.left <= 0 ? state.faults.removeFirst() : nil
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func `a transaction that fails is answered for, and done once when it is asked for again`(
        fault: Fault
    ) async throws {
        var told: [StoreError.Code] = []
        var number = 1
        while true {
            let folder = try CrashFolder()
            let plan = Plan(fault, atTransaction: number)
            let flow = try SystemFlow(
                open: { () throws(StoreError) in
                    let file = try await SQLiteStore(folder.database, durability: .losesFileOnPowerLoss)
                    return (FaultyStore(database: FaultyDatabase(base: file.database, plan: plan)), file)
                },
                mend: { plan.mend() }
            )
            let codes = try await flow.run()
            #expect(codes.allSatisfy { $0 == fault.code }, "transaction \(number): \(codes)")
            told += codes
            guard plan.hasFailed else { break }
            number += 1
        }
        #expect(number > 10, "the flow has so many transactions")
        if !fault.isTriedAgain { #expect(told.count >= number - 1, "every failure is told of") }
        print("database faults, \(fault): \(number - 1) transactions failed, callers were told of \(told.count)")
    }

    @Test(arguments: [Fault.connectionLost, .busy])
    func `once an outcome is unknown, a later fault does not say that nothing was written`(
        later: Fault
    ) async throws {
        let folder = try CrashFolder()
        let file = try await SQLiteStore(folder.database, durability: .losesFileOnPowerLoss)
        // Opening the system keeps the catalog, and the command loads before it commits.
        let plan = Plan(.unknownAndMade, later, later, later, later, atTransaction: 3)
        let store = FaultyStore(database: FaultyDatabase(base: file.database, plan: plan))
        let billing = try await BillingSystem(catalog: CrashCatalog.make(), store: store)
        do {
            _ = try await billing.record(of: CrashCatalog.documents, for: "org_0", key: .request("1"))
            Issue.record("it was answered")
        } catch let error as StoreError {
            #expect(error.code == .outcomeUnknown, "\(error)")
        }
        #expect(try await file.journal(JournalQuery(customer: "org_0")).count == 1, "it was written")
        await file.close()
    }
}
#endif
