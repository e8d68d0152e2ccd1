public import BillingKit

/// A transaction as a value that is driven from outside.
///
/// It says which steps to run, is given their rows, and says what next, until it has its answer. It holds no
/// connection and calls nothing, so one transaction serves a driver that blocks, one that pipelines, and one in
/// a host's own hands:
///
/// ```swift
/// var rows: [SQLRows] = []
/// while true {
///     switch try transaction.next(rows) {
///     case .run(let steps): rows = try await connection.run(steps)
///     case .done(let answer): return answer
///     }
/// }
/// ```
///
/// Whoever drives it opens the database's transaction before and commits it after. When a step fails, the
/// database's transaction is rolled back and the value thrown away.
///
/// Some transactions write first and find out by a row that cannot be written that they may not. They have a ``careful``
/// form that asks first, which a driver that cannot undo what was written uses from the start.
public struct SQLTransaction<Answer: Sendable>: Sendable {
    /// What to do next.
    public enum Next {
        /// Run these steps, in order, and come back with their rows.
        case run([SQLStep])
        /// Nothing more; this is the answer.
        case done(Answer)
    }

    /// What a stage of the transaction leads to.
    indirect enum Stage: Sendable {
        case run([SQLStep], then: Resume)
        /// These steps are the last, and whatever they give, what was written may be kept.
        case finish([SQLStep], answer: @Sendable ([SQLRows]) throws(StoreError) -> Answer)
        case done(Answer)
    }

    /// The stage that the transaction begins with.
    var first: Stage {
        get throws(StoreError) { try resume([]) }
    }

    typealias Resume = @Sendable ([SQLRows]) throws(StoreError) -> Stage

    /// A Boolean value indicating whether the steps that were last asked for are the last, and nothing that they give can
    /// keep the transaction from being committed: a driver may send the commit along with them.
    ///
    /// A step that fails still undoes it all, as everywhere.
    public private(set) var isInLastRound = false

    private var resume: Resume
    private let makeCareful: (@Sendable () -> SQLTransaction)?

    /// Creates a transaction from its first stage.
    ///
    /// - Parameters:
    ///   - first: The first stage.
    ///   - careful: Makes what is to be done instead when this has failed with `unique` and been undone.
    init(_ first: Stage, orElse careful: (@Sendable () -> SQLTransaction)? = nil) {
        resume = { _ throws(StoreError) in first }
        makeCareful = careful
    }

    /// The same transaction, asking before it writes; itself where it does that anyway.
    ///
    /// To be driven from its beginning after this one has failed with `unique` and everything it did has been undone, or
    /// at once by a driver that cannot undo it.
    public var careful: SQLTransaction { makeCareful?() ?? self }

    /// Whether there is a form of the transaction that asks first, and this is not it.
    public var isHasty: Bool { makeCareful != nil }

    /// Creates a transaction of one round: steps, and an answer made of their rows.
    ///
    /// - Parameters:
    ///   - steps: The steps.
    ///   - answer: Makes the answer of the rows of each step.
    public init(running steps: [SQLStep], answer: @escaping @Sendable ([SQLRows]) -> Answer) {
        self.init(.finish(steps) { (rows) throws(StoreError) in answer(rows) })
    }

    /// Takes the rows of the steps that were asked for, and says what to do next.
    ///
    /// - Parameter rows: The rows of each step of the last ``Next/run(_:)``, in order; none at first.
    /// - Returns: Steps to run, or the answer.
    /// - Throws: ``/BillingKit/StoreError`` when a row is not what the kit wrote.
    public mutating func next(_ rows: [SQLRows]) throws(StoreError) -> Next {
        switch try resume(rows) {
        case .run(let steps, let then):
            resume = then
            return .run(steps)
        case .finish(let steps, let answer):
            resume = { (rows) throws(StoreError) in .done(try answer(rows)) }
            isInLastRound = true
            return .run(steps)
        case .done(let answer):
            return .done(answer)
        }
    }
}

extension SQLTransaction.Stage {
    /// Returns this stage and what it leads to, and after its answer what follows from that.
    func then<Other>(
        _ follow: @escaping @Sendable (Answer) throws(StoreError) -> SQLTransaction<Other>.Stage
    ) throws(StoreError) -> SQLTransaction<Other>.Stage {
        switch self {
        case .run(let steps, let resume):
            .run(steps) { (rows) throws(StoreError) in try resume(rows).then(follow) }
        case .finish(let steps, let answer):
            .run(steps) { (rows) throws(StoreError) in try follow(try answer(rows)) }
        case .done(let answer):
            try follow(answer)
        }
    }
}
