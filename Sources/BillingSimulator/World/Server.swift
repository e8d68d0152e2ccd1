import BillingInMemory
import BillingKit

/// One server of a world: the life that it is in, and the system that runs in it.
struct Server: Sendable {
    /// Where the tasks of a life leave the system for others to use.
    final class Desk: Sendable {
        private struct State {
            var billing: BillingSystem?
            var hasStopped = false
        }

        private let state = Lock(State())

        var billing: BillingSystem? { state.withLock(\.billing) }
        var hasStopped: Bool { state.withLock(\.hasStopped) }

        func open(_ billing: BillingSystem) {
            state.withLock { $0.billing = billing }
        }

        func stop() {
            state.withLock { $0.hasStopped = true }
        }
    }

    /// Hears the notices, or does not.
    struct Ear: BillingObserver {
        private struct Deafness: Error {}

        let life: ServerLife
        let chronicle: Chronicle

        func hear(_ notice: Account.Notice) async throws {
            await Task.yield()
            if life.isOver { throw Deafness() }
            if chronicle.draw({ $1.happens($0.deafness) }) {
                chronicle.note(.deafness, Text.of(notice))
                throw Deafness()
            }
            chronicle.note("heard \(Text.of(notice))")
            chronicle.audit { (auditor) throws(Violation) in try auditor.heard(notice) }
        }
    }

    /// How far a clock may be ahead of the world's: a little more than the smaller jumps are.
    static let clockTolerance = Duration.seconds(3_600)

    let number: Int
    let life: ServerLife
    let desk = Desk()
    private let main: Task<Void, Never>

    /// Whether it has been told to stop.
    private(set) var isStopping = false

    /// Starts a server: it tries until its store lets it.
    init(
        number: Int,
        life: ServerLife,
        catalog: Catalog,
        base: any BillingStore,
        chronicle: Chronicle,
        executor: SeededExecutor,
        dice: inout Dice
    ) {
        self.number = number
        self.life = life
        var configuration = BillingSystem.Configuration()
        configuration.executor = executor
        configuration.largestGroup = dice.pick([1, 3, 256])
        configuration.smallestHandedOver = dice.pick([1, 32])
        configuration.shardCount = dice.pick([1, 4])
        configuration.cachedBytes = 2_000 * dice.pick([1, 4, 10_000])
        configuration.pollInterval = .seconds(300)
        configuration.sweepInterval = .seconds(600)
        configuration.clockTolerance = Self.clockTolerance
        let store = SimulatedStore(base: base, life: life, server: number, chronicle: chronicle)
        let entropy = SeededEntropy(seed: dice.next())
        main = Task.detached(executorPreference: executor) { [desk, configuration] in
            while !life.isOver, !Task.isCancelled {
                do {
                    let billing = try await BillingSystem(
                        catalog: catalog,
                        store: store,
                        observers: [Ear(life: life, chronicle: chronicle)],
                        clock: life,
                        entropy: entropy,
                        configuration: configuration
                    )
                    chronicle.note("s\(number) is up")
                    desk.open(billing)
                    await billing.run()
                    break
                } catch {
                    try? await life.sleep(for: .seconds(1), as: .answering)
                }
            }
            desk.stop()
        }
    }

    /// The system, while it can be asked.
    var billing: BillingSystem? { life.isOver ? nil : desk.billing }

    /// Lets the server go down at once.
    func crash() {
        life.end()
        main.cancel()
    }

    /// Tells the server to stop, as a deployment does.
    mutating func stop() {
        isStopping = true
        main.cancel()
    }
}
