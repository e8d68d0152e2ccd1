extension Account {
    /// A command that cannot be decided, because of what it asks or because something is missing.
    public struct DecisionError: Error, Hashable, Sendable {
        /// What was wrong.
        public enum Code: Hashable, Sendable {
            /// The key is taken by a command that asked for something else.
            case keyReused
            /// The work of this key is going on elsewhere, until this instant at the latest.
            case workInProgress(until: Timestamp)
            /// An identifier, key or reference is empty, longer than 255 bytes, or contains NUL.
            case malformedIdentifier
            /// The amount or duration is not within its bounds.
            case amountOutOfBounds
            /// One request names a meter twice, or none, or more than it may.
            case malformedRequest
            /// The meter is not in the catalog.
            case unknownMeter
            /// The meter is of another kind: units of a gauge are not used up, and those of a consumable are.
            case wrongMeterKind
            /// The credit pool is not in the catalog.
            case unknownPool
            /// The pack is not in the catalog.
            case unknownPack
            /// The catalog has no trial.
            case noTrial
            /// Nothing was used under the key, or not on the meter.
            case unknownUse
            /// The terms are not such as the catalog can have; the message lists what is wrong.
            case malformedTerms
            /// The tier is not in the catalog.
            case unknownTier
            /// A counter would exceed what an `Int64` holds.
            case overflow
            /// The account has as many live holds, grants, subscriptions or attempts as it may have.
            case tooMany
            /// What is asked cannot be given, or cannot be taken back.
            case grantNotAllowed
            /// The provider's object belongs to another customer.
            case belongsToAnother
            /// The decision needs facts that it was not given.
            case missing([Facts.Need])
        }

        /// What was wrong.
        public let code: Code

        /// What was wrong, with which value, and what to do, as a sentence.
        public let message: String

        package init(_ code: Code, _ message: String) {
            self.code = code
            self.message = message
        }
    }
}

extension Account.DecisionError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
