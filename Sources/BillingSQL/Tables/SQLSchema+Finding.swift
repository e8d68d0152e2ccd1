public import BillingKit

extension SQLSchema {
    /// Something in the tables that the kit would not have written.
    public struct Finding: Hashable, Sendable {
        /// What does not hold.
        public enum Rule: String, Hashable, Sendable, CaseIterable {
            /// The file is whole: its pages, its indexes, and the conditions on its columns.
            case file
            /// A customer's revisions begin at 1, or after the last that was archived, and leave none out.
            case denseRevisions
            /// The rows of a change are numbered from 0 on and leave none out.
            case denseOrdinals
            /// An account is at the revision of its newest change, and every account has changes.
            case newestRevision
            /// Every change belongs to an account.
            case knownAccount
            /// The units that a live grant says are held are those that holds set aside of it.
            case heldUnits
            /// Every hold is of grants that are live.
            case liveGrants
            /// The units that a live grant says are used are those that the journal says were drawn from it and have
            /// not come back, where it has been kept since the grant was given.
            case usedUnits
        }

        /// The rule that does not hold.
        public let rule: Rule

        /// The customer whose rows they are, where they are one customer's.
        public let customer: CustomerID?

        /// What was found, as a sentence.
        public let message: String

        /// Creates a finding.
        public init(_ rule: Rule, of customer: CustomerID? = nil, _ message: String) {
            self.rule = rule
            self.customer = customer
            self.message = message
        }
    }
}

extension SQLSchema.Finding: CustomStringConvertible {
    /// The message, and whose rows it is about.
    public var description: String { customer.map { "\($0): \(message)" } ?? message }
}
