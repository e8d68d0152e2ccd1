import BillingKit

/// What everybody in a world writes to: the trace, the tally and the auditor's books.
final class Chronicle: Sendable {
    private struct State {
        var trace = Trace()
        var tally = Tally()
        var auditor: Auditor
        var hazards: Hazards
        var dice: Dice
        var violation: Violation?
    }

    private let executor: SeededExecutor
    private let state: Lock<State>

    init(seed: UInt64, catalog: Catalog, hazards: Hazards, executor: SeededExecutor) {
        self.executor = executor
        state = Lock(
            State(auditor: Auditor(catalog: catalog), hazards: hazards, dice: Dice(seed: seed, for: "hazards"))
        )
    }

    var trace: Trace { state.withLock(\.trace) }
    var tally: Tally { state.withLock(\.tally) }
    var violation: Violation? { state.withLock(\.violation) }
    var hazards: Hazards { state.withLock(\.hazards) }

    /// Ends the time in which things go wrong.
    func heal() {
        state.withLock { $0.hazards = .healed }
    }

    /// Adds a line to the trace.
    func note(_ line: String) {
        let step = executor.steps
        state.withLock { $0.trace.add("\(step) \(line)") }
    }

    /// Counts something that went wrong, and adds a line to the trace.
    func note(_ hazard: Hazard, _ line: String) {
        count(hazard)
        note("\(hazard.rawValue): \(line)")
    }

    /// Counts something that went wrong.
    func count(_ hazard: Hazard) {
        state.withLock { $0.tally.count(hazard) }
    }

    /// Counts what became of a request.
    func count(_ kind: String, _ outcome: String) {
        state.withLock { $0.tally.count(kind, outcome) }
    }

    /// Decides about something by what goes wrong in this world.
    func draw<Result: Sendable>(_ body: @Sendable (Hazards, inout Dice) -> Result) -> Result {
        state.withLock { body($0.hazards, &$0.dice) }
    }

    /// Lets the auditor look at something; the first thing that it finds wrong is kept.
    @discardableResult
    func audit<Result: Sendable>(_ body: @Sendable (inout Auditor) throws(Violation) -> Result) -> Result? {
        let result: Swift.Result<Result, Violation> = state.withLock { state in
            do throws(Violation) {
                return .success(try body(&state.auditor))
            } catch {
                if state.violation == nil { state.violation = error }
                return .failure(error)
            }
        }
        switch result {
        case .success(let result): return result
        case .failure(let violation):
            note("VIOLATION \(violation)")
            return nil
        }
    }

    /// Takes in that something does not hold.
    func fail(_ violation: Violation) {
        _ = audit { (_) throws(Violation) -> Void in throw violation }
    }
}
