extension Account {
    /// The difference that one command makes: what the store writes, the journal keeps and others replay.
    public struct Change: Hashable, Sendable {
        /// What made a change.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Units were used up.
            case consume
            /// Units that were used already were counted.
            case record
            /// Units were set aside.
            case reserve
            /// Work was done and its units used up.
            case capture
            /// Work was given more time.
            case extend
            /// Units that were set aside were given back.
            case release
            /// Units that were used came back.
            case refund
            /// A count was put right by a person.
            case correct
            /// A gauge was set.
            case setLevel = "set_level"
            /// A gauge was raised.
            case raise
            /// A gauge was lowered.
            case lower
            /// Units were given.
            case grant
            /// A grant was taken back.
            case void
            /// A trial began.
            case startTrial = "start_trial"
            /// Terms were put in place of the tier's.
            case override
            /// What time alone had changed was written down.
            case settle
            /// The account was examined, and what was found was told.
            case examine
            /// A fault that an examination found was mended.
            case repair
            /// The customer asked to buy.
            case startUpgrade = "start_upgrade"
            /// Something else happened to an attempt to buy.
            case advanceUpgrade = "advance_upgrade"
            /// The provider said something.
            case provider
        }

        /// What a change is made of, once: a change is handed on whole many times before it is forgotten.
        private struct Content: Hashable, Sendable {
            let customer: CustomerID
            let revision: Int64
            let kind: Kind
            let key: Key?
            let fingerprint: Int64
            let member: MemberID?
            let recordedAt: Timestamp
            let effectiveAt: Timestamp
            let receipt: Receipt?
            let effects: [Effect]
            let notices: [Notice]
            let references: [ProviderReference]
            let events: [EventID]
            let reason: String?
        }

        private final class Box: Sendable {
            let content: Content

            init(_ content: Content) {
                self.content = content
            }
        }

        private let box: Box

        /// Whose account it changes.
        public var customer: CustomerID { box.content.customer }

        /// The revision that it makes; the account must be at the one before.
        public var revision: Int64 { box.content.revision }

        /// What made it.
        public var kind: Kind { box.content.kind }

        /// The key that it used up.
        public var key: Key? { box.content.key }

        /// What was asked for under the key, in a number that a store keeps with it.
        public var fingerprint: Int64 { box.content.fingerprint }

        /// Who acted.
        public var member: MemberID? { box.content.member }

        /// When it was decided, by the account's time.
        public var recordedAt: Timestamp { box.content.recordedAt }

        /// When it counts: the beginning of the work for its end, else when it was decided.
        public var effectiveAt: Timestamp { box.content.effectiveAt }

        /// The receipt, for a change that has one.
        public var receipt: Receipt? { box.content.receipt }

        /// What is different, in order.
        public var effects: [Effect] { box.content.effects }

        /// What hosts want to hear of it.
        public var notices: [Notice] { box.content.notices }

        /// The provider's names that belong to the customer from now on.
        public var references: [ProviderReference] { box.content.references }

        /// The ids of the events that it counted, which are not counted again while they are remembered.
        public var events: [EventID] { box.content.events }

        /// Why a person made it, for a correction.
        public var reason: String? { box.content.reason }

        /// Creates a change from what a store has kept of it.
        ///
        /// Only a store calls this, to give back what it was once given. Decisions make every other change.
        ///
        /// - Parameters:
        ///   - customer: Whose account it changes.
        ///   - revision: The revision that it makes.
        ///   - kind: What made it.
        ///   - key: The key that it used up.
        ///   - fingerprint: What was asked for under the key.
        ///   - member: Who acted.
        ///   - recordedAt: When it was decided, by the account's time.
        ///   - effectiveAt: When it counts.
        ///   - receipt: The receipt, for a change that has one.
        ///   - effects: What is different, in order.
        ///   - notices: What hosts want to hear of it.
        ///   - references: The provider's names that belong to the customer from then on.
        ///   - events: The ids of the events that it counted.
        ///   - reason: Why a person made it, for a correction.
        public init(
            customer: CustomerID,
            revision: Int64,
            kind: Kind,
            key: Key?,
            fingerprint: Int64,
            member: MemberID?,
            recordedAt: Timestamp,
            effectiveAt: Timestamp,
            receipt: Receipt?,
            effects: [Effect],
            notices: [Notice],
            references: [ProviderReference],
            events: [EventID] = [],
            reason: String? = nil
        ) {
            box = Box(
                Content(
                    customer: customer,
                    revision: revision,
                    kind: kind,
                    key: key,
                    fingerprint: fingerprint,
                    member: member,
                    recordedAt: recordedAt,
                    effectiveAt: effectiveAt,
                    receipt: receipt,
                    effects: effects,
                    notices: notices,
                    references: references,
                    events: events,
                    reason: reason
                )
            )
        }

        /// Returns whether two changes are the same.
        public static func == (left: Change, right: Change) -> Bool {
            left.box === right.box || left.box.content == right.box.content
        }

        /// Feeds what the change is made of to a hasher.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(box.content)
        }
    }

    /// One difference within a change.
    ///
    /// The larger payloads are boxed, so that the small and frequent ones stay small.
    public enum Effect: Hashable, Sendable {
        /// The account was opened, or is found to be older; its own periods count from this instant.
        case opened(anchor: Timestamp)
        /// The customer is on this tier now, or until another time.
        case tierEntered(Standing)
        /// A meter's or pool's running period is this one; its earlier one is closed.
        indirect case periodOpened(Period)
        /// A running period, and the grants that end with it, end at another instant.
        case periodExtended(Balance.Subject, until: Timestamp)
        /// Units were given.
        indirect case granted(Grant)
        /// A grant has this many units more, or fewer.
        case resized(Grant.ID, by: Int64)
        /// Units were used, from a grant or from none, by work that counts at an instant.
        case drawn(Draw)
        /// Units that were used came back to where they came from.
        indirect case returned(Return)
        /// Units that were used before are now covered by another grant, or by none.
        indirect case moved(Balance.Subject, from: Grant.ID?, to: Grant.ID?, amount: Int64)
        /// Units that a grant had left went on to another.
        case carried(Grant.ID, amount: Int64)
        /// What a grant had left is gone.
        case expired(Grant.ID, amount: Int64)
        /// What a grant had left was taken back, and the grant is over from this instant on.
        case voided(Grant.ID, amount: Int64, at: Timestamp)
        /// A grant, as given, has nothing left and nothing held, and is no longer live.
        indirect case retired(Grant)
        /// A grant is live as given: one that had been retired, or one whose numbers were put right.
        indirect case restored(Grant)
        /// Units were set aside.
        indirect case held(Hold)
        /// A hold lapses at another instant.
        case holdExtended(Hold.ID, until: Timestamp)
        /// A hold is over; what it set aside is free again.
        case holdEnded(Hold.ID, HoldEnd)
        /// A gauge stands at this many units.
        case levelled(Meter.ID, at: Int64)
        /// A rate's running window is this one.
        indirect case windowOpened(Window)
        /// A balance has fallen below a threshold.
        case warned(Warning)
        /// A balance has risen above a threshold again.
        case recovered(Warning)
        /// The trial is as given.
        indirect case trialChanged(Trial)
        /// The customer has paid, first at this instant.
        case purchased(Timestamp)
        /// The terms in place of the tier's are as given.
        case overridden([Override])
        /// A subscription is as given.
        indirect case subscribed(Subscription)
        /// A benefit is as given.
        indirect case benefited(Benefit)
        /// A subscription, as given, is over and remembered no more: a new one needs its room.
        indirect case subscriptionForgotten(Subscription)
        /// A benefit, as given, was taken back and is remembered no more: a new one needs its room.
        indirect case benefitForgotten(Benefit)
        /// An attempt to buy is as given, after what happened to it.
        indirect case upgraded(Upgrade, Upgrade.Step)
        /// An attempt to buy is remembered no more: its only checkout is another one's, or newer ones need its room.
        indirect case upgradeForgotten(Upgrade.Key)
        /// An order is as given.
        indirect case ordered(Order)
    }

    /// How a hold ended.
    public enum HoldEnd: String, Hashable, Sendable, CaseIterable {
        /// The work was done.
        case captured
        /// The work failed.
        case released
        /// Nobody said anything in time.
        case lapsed
        /// It goes on, with units of another grant.
        case moved
    }
}
