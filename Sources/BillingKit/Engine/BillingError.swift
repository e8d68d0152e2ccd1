/// A fault of the engine, apart from what a store or a decision reports.
public struct BillingError: Error, Hashable, Sendable {
    /// What went wrong.
    public enum Code: Hashable, Sendable {
        /// More commands are waiting than the mailbox holds; nothing of this one was done.
        case overloaded
        /// The system has been shut down; nothing of this command was done.
        case shutDown
        /// Other servers kept changing the account; nothing of this command was done.
        case contention
        /// The store has another catalog under this version.
        case catalogConflict
        /// The store does not have a catalog that a subscription was bought under.
        case catalogMissing
        /// The command cannot be part of a transaction with the host's own statements.
        case notInTransaction
        /// A provider's product stands for a tier that the catalog does not have.
        case unknownTier
        /// A command was answered with something that is no answer to it; a fault of the kit.
        case inconsistent
    }

    /// What went wrong.
    public let code: Code

    /// What went wrong, with which value, and what to do, as a sentence.
    public let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The fault that nothing is accepted any more.
    static let shutDown = BillingError(
        .shutDown,
        "The billing system has been shut down; nothing of this command was done."
    )

    /// The fault that the store does not have a catalog.
    static func catalogMissing(_ version: Catalog.Version) -> BillingError {
        BillingError(
            .catalogMissing,
            "The store has no catalog of version \(version), which a subscription was bought under; restore it."
        )
    }
}

extension BillingError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
