/// Something that goes wrong in a world.
public enum Hazard: String, Hashable, Sendable, CaseIterable {
    /// A call to the store lets others go first.
    case delay
    /// A call to the store takes seconds, or minutes.
    case slowCall = "slow call"
    /// The connection broke before anything was done.
    case connectionLost = "connection lost"
    /// Another connection had the database locked, and nothing was done.
    case busy
    /// The transaction could not be put in an order with others, and nothing was done.
    case serialization
    /// The commit was made, and its answer lost.
    case lostAnswer = "lost answer"
    /// The commit was not made, and nobody was told so.
    case lostCommit = "lost commit"
    /// Another server was faster, and the commit was refused.
    case conflict
    /// A server went down between two steps.
    case crash
    /// A server was told to stop, and drained.
    case stop
    /// A server's clock was put forward or back.
    case clockJump = "clock jump"
    /// A caller was cancelled.
    case cancellation
    /// An observer failed to hear a notice.
    case deafness
}
