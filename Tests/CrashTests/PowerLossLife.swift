#if SQLite
import BillingInMemory
import BillingKit
import BillingSQL
import BillingSQLite
import CrashTesting
import SeededTesting

/// The life of one disk: commits, and power losses among them, all of it decided by a seed.
struct PowerLossLife {
    /// What the losses did, over many lives.
    struct Tally: CustomStringConvertible {
        var losses = 0
        /// Losses in the middle of a call, by the file that it was on.
        var cuts: [PowerLossDisk.Place: Int] = [:]
        var acknowledged = 0
        /// Acknowledged commits that were gone.
        var lost = 0
        var lossesThatLost = 0
        /// Commits that were not answered and are there, or are not.
        var unansweredThere = 0
        var unansweredGone = 0
        /// Losses after which the file could not be read or contradicted itself.
        var corrupt = 0
        /// What the store said where a call failed.
        var errors: [StoreError.Code: Int] = [:]
        /// What must not be at any durability but `losesFileOnPowerLoss`.
        var faults: [String] = []

        static func + (left: Tally, right: Tally) -> Tally {
            Tally(
                losses: left.losses + right.losses,
                cuts: left.cuts.merging(right.cuts, uniquingKeysWith: +),
                acknowledged: left.acknowledged + right.acknowledged,
                lost: left.lost + right.lost,
                lossesThatLost: left.lossesThatLost + right.lossesThatLost,
                unansweredThere: left.unansweredThere + right.unansweredThere,
                unansweredGone: left.unansweredGone + right.unansweredGone,
                corrupt: left.corrupt + right.corrupt,
                errors: left.errors.merging(right.errors, uniquingKeysWith: +),
                faults: left.faults + right.faults
            )
        }

        var description: String {
            let places = cuts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) on the \($0.key)" }
            return """
                \(losses) power losses, \(places.isEmpty ? "none" : places.joined(separator: " and ")) in the middle of a \
                call; \(acknowledged) commits acknowledged, \(lost) of them lost by \(lossesThatLost) losses; \
                of those not answered \(unansweredThere) are there and \(unansweredGone) are not; \(corrupt) files \
                corrupt
                """
        }
    }

    /// A change as it is known outside the store.
    private struct Mark: Hashable {
        let customer: CustomerID
        let revision: Int64
        let key: Account.Key?
    }

    private static let customers = (0..<12).map { CustomerID("org_\($0)") }

    private let seed: UInt64
    private let durability: SQLiteStore.Durability
    private let disk: PowerLossDisk
    private let catalog: Catalog
    private var generator: SeededGenerator
    private var tally = Tally()

    /// What was committed, in order, each with everything that is to be there together.
    private var history: [[Mark]] = []
    /// The last of the history was not answered, and may be there or not, unless the store said that it is not.
    private var unanswered: StoreError?
    private var accounts: [CustomerID: Account] = [:]
    private var holds: [Account.Hold.ID: Account.Receipt] = [:]
    private var now = CrashCatalog.start
    private var commands = 0

    init(seed: UInt64, durability: SQLiteStore.Durability, disk: PowerLossDisk) throws {
        self.seed = seed
        self.durability = durability
        self.disk = disk
        catalog = try CrashCatalog.make()
        generator = SeededGenerator(seed: seed)
    }

    private mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    private func open() async throws(StoreError) -> SQLiteStore {
        var settings = SQLiteSettings()
        settings.fileSystem = disk.name
        settings.durability = durability
        // A log of few pages is often copied into the database, so that the power is often cut while it is.
        settings.checkpointBytes = (24 + Int(seed % 5) * 40) * settings.pageBytes
        // Too little memory for a commit, so that some of it is written before the rest is known.
        settings.cacheKibibytes = 64
        return try await SQLiteStore("/billing.sqlite", settings: settings)
    }

    /// Lives through a number of power losses, or until the file is corrupt.
    mutating func run(losses: Int) async throws -> Tally {
        for _ in 0..<losses {
            try await commitUntilLoss()
            tally.losses += 1
            if let place = disk.placeOfCut { tally.cuts[place, default: 0] += 1 }
            let seedOfLoss = generator.next()
            disk.restorePower(seed: seedOfLoss)
            guard try await recover() else { break }
        }
        return tally
    }

    /// Commits a few times while a call fails, goes on with the same connection once none does, and looks again after
    /// the process has ended, which may be at once after the first failure.
    mutating func run(failing fault: PowerLossDisk.Fault, atCall call: Int, isKilled: Bool) async throws -> Tally {
        // After the first failure comes a second one, as from a disk that needs a while.
        disk.fail(fault, atCall: call, andMore: 1)
        var opened: SQLiteStore?
        do throws(StoreError) {
            opened = try await open()
        } catch {
            note(error)
            disk.mend()
            if !isKilled { opened = try await open() }
        }
        if let store = opened {
            for _ in 0..<8 {
                do throws(StoreError) {
                    try await commitGroup(to: store)
                } catch {
                    note(error)
                    disk.mend()
                    if isKilled { break }
                    // The same connection has to tell the truth, and to go on.
                    look(at: try await Audit(of: store, customers: Self.customers))
                }
            }
            if isKilled { disk.restartProcess() }
            await store.close()
        }
        disk.mend()
        disk.restartProcess()
        _ = try await recover()
        return tally
    }

    private mutating func note(_ error: StoreError) {
        tally.errors[error.code, default: 0] += 1
    }

    /// Commits until the power is cut, or a few times more often than that.
    private mutating func commitUntilLoss() async throws {
        // Some losses come while nothing is written.
        let isIdle = number(below: 10) == 0
        switch number(below: 5) {
        case _ where isIdle: disk.cutPower(atChange: 0)
        case 0: disk.cutPower(atChange: 1 + number(below: 60))
        case 3: disk.cutPower(atChange: 1 + number(below: 20), of: .sync)
        case 1, 2: disk.cutPower(atChange: 1 + number(below: 90), of: .database)
        default: disk.cutPower(atChange: 1 + number(below: 900))
        }
        let store: SQLiteStore
        do throws(StoreError) {
            store = try await open()
        } catch {
            return
        }
        do {
            if number(below: 3) == 0 {
                try await commitOneByOne(to: store, atMost: isIdle ? 20 : 120)
            } else {
                for _ in 0..<(isIdle ? 20 : 120) where unanswered == nil { try await commitGroup(to: store) }
            }
        } catch is StoreError {
            // The power is cut; the next look at the disk says what came of it.
        }
        // Closing copies the log into the database, which is as good a time for it as any.
        if disk.placeOfCut == nil { disk.cutPower(atChange: 1 + number(below: 60)) }
        await store.close()
    }

    /// Commits changes of several customers together, straight to the store.
    private mutating func commitGroup(to store: SQLiteStore) async throws(StoreError) {
        var items: [CommitRequest.Item] = []
        var marks: [Mark] = []
        for customer in Self.customers.shuffled(using: &generator).prefix(1 + number(below: 6)) {
            var account = accounts[customer] ?? Account(customer: customer)
            var changes: [Account.Change] = []
            for _ in 0...number(below: 3) {
                now = now.advanced(by: .seconds(1))
                guard let decision = try? account.decide(nextCommand(for: account), at: now, in: catalog),
                    let change = decision.change
                else { continue }
                if case .held(let receipt, let hold) = decision.answer { holds[hold] = receipt }
                account.apply(change)
                changes.append(change)
                marks.append(Mark(customer: customer, revision: change.revision, key: change.key))
            }
            if !changes.isEmpty { items.append(CommitRequest.Item(account: account, changes: changes, dueAt: nil)) }
        }
        guard !items.isEmpty else { return }
        history.append(marks)
        do throws(StoreError) {
            let outcomes = try await store.commit(CommitRequest(items: items))
            if outcomes.contains(where: { $0 != .committed }) { tally.faults.append("seed \(seed): \(outcomes)") }
        } catch {
            unanswered = error
            throw error
        }
        tally.acknowledged += 1
        for item in items { accounts[item.account.customer] = item.account }
    }

    private mutating func nextCommand(for account: Account) -> Account.Command {
        commands += 1
        let key = Account.Key("key \(commands)")
        let units = Int64(1 + number(below: 5))
        switch number(below: 8) {
        case 0:
            let reservation = Account.Command.Reservation(
                meter: CrashCatalog.documents,
                amount: units,
                attempt: "1",
                lapsesAfter: .seconds(86_400)
            )
            return Account.Command(.reserve(reservation), key: key)
        case 1, 2:
            guard let hold = account.holds.first, let receipt = holds[hold.id] else { break }
            if units == 1 { return Account.Command(.release(hold.id)) }
            return Account.Command(.capture(.init(of: receipt, hold: hold.id, amount: units)), key: hold.key)
        case 3:
            let granting = Account.Command.Granting(units, of: .meter(CrashCatalog.documents), from: .promotion)
            return Account.Command(.grant(granting), key: key)
        case 4: return Account.Command(.setLevel(.init(meter: CrashCatalog.seats, units: units)), key: key)
        default: break
        }
        return Account.Command(.consume(.init(meter: CrashCatalog.documents, amount: units)), key: key)
    }

    /// Has a billing system use units, one command after the other.
    private mutating func commitOneByOne(to store: SQLiteStore, atMost count: Int) async throws {
        let billing = try await BillingSystem(
            catalog: catalog,
            store: store,
            clock: ManualClock(at: now),
            entropy: SeededEntropy(seed: seed)
        )
        for _ in 0..<count {
            let customer = Self.customers[number(below: Self.customers.count)]
            commands += 1
            let (key, units) = ("\(commands)", Int64(1 + number(below: 5)))
            let revision = (accounts[customer]?.revision ?? 0) + 1
            history.append([Mark(customer: customer, revision: revision, key: Account.Key("request:\(key)"))])
            do {
                _ = try await billing.record(units, of: CrashCatalog.documents, for: customer, key: .request(key))
            } catch let error as StoreError {
                // What the engine says last may be of a try that came after one of unknown outcome.
                unanswered = StoreError(.outcomeUnknown, error.message)
                throw error
            }
            tally.acknowledged += 1
            // The system's accounts are its own; only the revision is needed here.
            let loaded = try await store.load(LoadRequest(items: [.init(customer: customer)]))
            accounts[customer] = loaded.first?.account
        }
    }

    /// Looks at what is left, and goes on from there.
    ///
    /// - Returns: Whether the file can be used.
    private mutating func recover() async throws -> Bool {
        let audit: Audit
        do throws(StoreError) {
            let store = try await open()
            do throws(StoreError) {
                audit = try await Audit(of: store, customers: Self.customers)
            } catch {
                // Before the disk is gone: its thread is at work until then.
                await store.close()
                throw error
            }
            await store.close()
        } catch {
            tally.corrupt += 1
            tally.faults.append("seed \(seed): the file cannot be read: \(error)")
            return false
        }
        return look(at: audit)
    }

    /// Holds what is there against what was answered.
    ///
    /// - Returns: Whether it can be gone on from.
    @discardableResult
    private mutating func look(at audit: Audit) -> Bool {
        guard audit.faults.isEmpty else {
            tally.corrupt += 1
            tally.faults += audit.faults.map { "seed \(seed): \($0)" }
            return false
        }
        compare(with: audit)
        accounts = audit.accounts
        return true
    }

    /// Holds the history against what is there: a beginning of it must be, whole, and nothing else.
    private mutating func compare(with audit: Audit) {
        let isThere = history.map { marks in
            marks.map { mark in audit.changes[mark.customer]?[mark.revision].map { $0.key == mark.key } ?? false }
        }
        let survivors = isThere.prefix { $0.allSatisfy(\.self) }.count
        if isThere.dropFirst(survivors).joined().contains(true) {
            tally.faults.append("seed \(seed): a commit is there in part, or without one before it")
        }
        let changes = audit.changes.values.reduce(0) { $0 + $1.count }
        if changes != history.prefix(survivors).joined().count {
            tally.faults.append("seed \(seed): there are changes that nobody made")
        }
        let answered = history.count - (unanswered == nil ? 0 : 1)
        if survivors < answered {
            tally.lost += answered - survivors
            tally.lossesThatLost += 1
        }
        if let unanswered {
            if survivors == history.count {
                tally.unansweredThere += 1
                if unanswered.code != .outcomeUnknown {
                    tally.faults.append("seed \(seed): it is there, and the store said: \(unanswered)")
                }
            } else {
                tally.unansweredGone += 1
            }
        }
        history.removeLast(history.count - survivors)
        unanswered = nil
    }
}
#endif
