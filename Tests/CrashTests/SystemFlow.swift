#if SQLite
import BillingInMemory
import BillingKit
import BillingSQLite
import CrashTesting
import Testing

/// A system's commands on a store of which a call fails, and the same commands again once none does.
struct SystemFlow {
    private typealias Step = @Sendable (BillingSystem) async throws -> Account.Receipt

    private static let customers: [CustomerID] = ["org_0", "org_1"]
    /// What the steps of one customer use of the meter: 3, 4 and 3, less the 2 that come back.
    private static let usedUnits: Int64 = 8

    private let openStore: () async throws(StoreError) -> (asUsed: any BillingStore, file: SQLiteStore)
    private let mend: () -> Void
    private let catalog: Catalog
    private let steps: [(key: Account.Key, run: Step)]

    /// Creates a flow from what opens the file, once as the system uses it and once as it is looked at, and what sees to
    /// it that no call fails any more.
    init(
        open openStore: @escaping () async throws(StoreError) -> (asUsed: any BillingStore, file: SQLiteStore),
        mend: @escaping () -> Void
    ) throws {
        self.openStore = openStore
        self.mend = mend
        catalog = try CrashCatalog.make()
        var steps: [(key: Account.Key, run: Step)] = []
        for (number, customer) in Self.customers.enumerated() {
            steps.append(("request:use-\(number)", Self.use("use-\(number)", of: customer)))
            steps.append(("job:work-\(number)", Self.work("work-\(number)", of: customer)))
            steps.append(("request:gift-\(number)", Self.gift("gift-\(number)", to: customer)))
            steps.append(("request:other-\(number)", Self.use("other-\(number)", of: customer)))
            steps.append(("request:back-\(number)", Self.back("back-\(number)", use: "use-\(number)", to: customer)))
        }
        self.steps = steps
    }

    private struct Unexpected: Error {
        let answer: String
    }

    private static func use(_ key: String, of customer: CustomerID) -> Step {
        { billing in try await billing.record(3, of: CrashCatalog.documents, for: customer, key: .request(key)) }
    }

    private static func work(_ key: String, of customer: CustomerID) -> Step {
        { billing in
            let answer = try await billing.reserve(
                5,
                of: CrashCatalog.documents,
                for: customer,
                key: .job(key),
                attempt: "1"
            )
            switch answer {
            case .reserved(let reservation): return try await billing.capture(reservation, amount: 4)
            case .alreadyDone(let receipt): return receipt
            case .denied: throw Unexpected(answer: "\(answer)")
            }
        }
    }

    private static func gift(_ key: String, to customer: CustomerID) -> Step {
        { billing in
            let answer = try await billing.grant(
                7,
                of: CrashCatalog.documents,
                to: customer,
                from: .promotion,
                for: ("shop", key),
                key: .request(key)
            )
            guard case .granted(let receipt, _) = answer else { throw Unexpected(answer: "\(answer)") }
            return receipt
        }
    }

    private static func back(_ key: String, use: String, to customer: CustomerID) -> Step {
        { billing in
            let answer = try await billing.refund(.request(use), amount: 2, for: customer, key: .request(key))
            guard case .refunded(let receipt) = answer else { throw Unexpected(answer: "\(answer)") }
            return receipt
        }
    }

    private func open() async throws -> (SQLiteStore, BillingSystem) {
        let (store, file) = try await openStore()
        do {
            let billing = try await BillingSystem(
                catalog: catalog,
                store: store,
                clock: ManualClock(at: CrashCatalog.start),
                entropy: SeededEntropy(seed: 1)
            )
            return (file, billing)
        } catch {
            await file.close()
            throw error
        }
    }

    /// Runs the flow, and returns what callers were told instead of an answer.
    func run() async throws -> [StoreError.Code] {
        var told: [StoreError.Code] = []
        var receipts: [Account.Key: Account.Receipt] = [:]
        let store: SQLiteStore
        let billing: BillingSystem
        do {
            (store, billing) = try await open()
        } catch let error as StoreError {
            told.append(error.code)
            mend()
            (store, billing) = try await open()
        }
        for step in steps {
            do {
                receipts[step.key] = try await step.run(billing)
            } catch let error as StoreError {
                told.append(error.code)
            } catch let error as Account.DecisionError {
                // What was not used cannot be given back.
                #expect(error.code == .unknownUse && step.key.rawValue.contains("back"), "\(step.key): \(error)")
            }
        }
        mend()
        // Without opening the file again.
        for step in steps {
            do {
                let receipt = try await step.run(billing)
                #expect(receipts[step.key].map { $0 == receipt } ?? true, "the first receipt of '\(step.key)' again")
            } catch {
                Issue.record("'\(step.key)' asked for again after \(told): \(error)")
            }
        }
        await store.close()
        let (again, _) = try await open()
        let audit = try await Audit(of: again, customers: Self.customers)
        await again.close()
        #expect(audit.faults.isEmpty, "\(audit.faults)")
        let keys = audit.changes.values.flatMap(\.values).compactMap(\.key)
        #expect(keys.sorted() == steps.map(\.key).sorted(), "each command is done once")
        for account in audit.accounts.values {
            let used = account.periods.first { $0.subject == .meter(CrashCatalog.documents) }?.used
            #expect(used == Self.usedUnits)
            #expect(account.holds.isEmpty)
        }
        return told
    }
}
#endif
