/// An invariant that did not hold.
public struct Violation: Error, Hashable, Sendable {
    /// The invariant.
    public let invariant: Invariant

    /// What was found.
    public let detail: String

    init(_ invariant: Invariant, _ detail: String) {
        self.invariant = invariant
        self.detail = detail
    }
}

extension Violation: CustomStringConvertible {
    /// The invariant with its number, and what was found.
    public var description: String { "\(invariant.rawValue). \(invariant.sentence) \(detail)" }
}
