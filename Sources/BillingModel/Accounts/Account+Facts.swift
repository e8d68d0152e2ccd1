extension Account {
    /// What the live state does not hold and a decision needs.
    public struct Facts: Hashable, Sendable {
        /// What a key was already used for.
        public struct Precedent: Hashable, Sendable {
            /// The receipt that was given, for a command that earns one.
            public let receipt: Receipt?
            /// The fingerprint of the command that earned it.
            package let fingerprint: Int64

            /// Creates a precedent from what a store has kept.
            package init(receipt: Receipt?, fingerprint: Int64) {
                self.receipt = receipt
                self.fingerprint = fingerprint
            }
        }

        /// A question about the past: how much of a meter was used from an instant on.
        public struct UsageQuestion: Hashable, Sendable {
            /// The meter.
            public let meter: Meter.ID
            /// The first instant that counts.
            public let since: Timestamp

            /// Creates a question.
            public init(meter: Meter.ID, since: Timestamp) {
                self.meter = meter
                self.since = since
            }
        }

        /// An answer to a question about the past.
        public struct Usage: Hashable, Sendable {
            /// The units that were used.
            public var units: Int64
            /// The units among them that came from other grants than allowances.
            public var fromOtherGrants: Int64

            /// Creates an answer; without arguments, nothing was used.
            public init(units: Int64 = 0, fromOtherGrants: Int64 = 0) {
                self.units = units
                self.fromOtherGrants = fromOtherGrants
            }

            /// Adds a draw; sums beyond what an `Int64` holds stay at its greatest.
            public mutating func add(_ draw: Draw) {
                units = units.addingClamped(draw.amount)
                if draw.source.map({ $0 != .allowance }) ?? false {
                    fromOtherGrants = fromOtherGrants.addingClamped(draw.amount)
                }
            }
        }

        /// What a decision turned out to need.
        public enum Need: Hashable, Sendable {
            /// The answer to a question about the past.
            case usage(UsageQuestion)
            /// The catalog of a version.
            case catalog(Catalog.Version)
        }

        /// What the command's key was already used for.
        public var precedent: Precedent?

        /// The order that the command names, as last stored.
        public var order: Account.Order?

        /// The customers to whom the provider's names in the command belong, where they belong to anyone.
        public var owners: [ProviderReference: CustomerID]

        /// Answers to questions about the past.
        public var usage: [UsageQuestion: Usage]

        /// Catalogs beside the current one, by version.
        public var catalogs: [Catalog.Version: Catalog]

        /// Creates facts; without arguments, none.
        public init(
            precedent: Precedent? = nil,
            order: Account.Order? = nil,
            owners: [ProviderReference: CustomerID] = [:],
            usage: [UsageQuestion: Usage] = [:],
            catalogs: [Catalog.Version: Catalog] = [:]
        ) {
            self.precedent = precedent
            self.order = order
            self.owners = owners
            self.usage = usage
            self.catalogs = catalogs
        }
    }
}

extension Int64 {
    /// Returns the sum with a number of 0 or more; beyond what fits, the greatest there is.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
