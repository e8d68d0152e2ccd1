public import BillingKit

/// Which records may leave the database, and after how long.
///
/// A log that nobody clears grows for ever. What is named here is handed to the host to keep elsewhere, and then deleted;
/// see ``SQLStore/archive(_:at:to:)``. What nothing is said of stays.
///
/// The journal is another matter than the logs: refunds, keys, past standings and examinations are read from it. Let it go
/// only where its size hurts, see ``journalDays``. The provider's names are never touched, they belong to their customers
/// for ever.
public struct SQLRetention: Hashable, Sendable {
    /// The fewest days that finished webhooks stay: 7, because a provider that has heard no answer repeats them for days.
    public static let minimumDeliveryDays = 7

    /// The fewest days that notices stay: 7.
    public static let minimumNoticeDays = 7

    /// The fewest days that the ids of counted events stay: 33, a day more than events are remembered, so that no server
    /// whose clock is behind counts one again.
    public static let minimumEventDays = 33

    /// The fewest days that changes stay in the journal: 400, so that keys, refunds and usage of a year's period are known.
    public static let minimumJournalDays = 400

    /// How many days finished webhooks stay, from when they were first received; `nil` for ever.
    public let deliveryDays: Int?

    /// How many days notices stay that were told or given up, from when they happened; `nil` for ever.
    public let noticeDays: Int?

    /// How many days the ids of counted events stay; `nil` for ever.
    public let eventDays: Int?

    /// How many days changes stay in the journal, from when they were decided; `nil` for ever.
    ///
    /// Of each customer they leave from the first on. Those stay, however old, that follow on one which is young, which
    /// speaks of a grant or a hold that is live, or which a running period has begun before; and the newest always does.
    /// Keep more days than the longest interval that any tier gives an allowance for, because a change of tier asks what was
    /// used since that began. Then is lost, of a customer whose journal is no longer whole:
    ///
    /// - A key that was used in what has left is free again; what was used under it cannot be refunded.
    /// - `overview(of:asOf:)`, `examine` and `repair` fail with ``/BillingKit/StoreError/Code/archived``, and say from which
    ///   revision on the journal is kept.
    public let journalDays: Int?

    /// The most rows of a batch, 1 to 1,000.
    public let batchSize: Int

    /// Days that are too few, or too many to be meant.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong and what is allowed, as a sentence.
        public let message: String

        /// The message.
        public var description: String { message }
    }

    /// Creates a retention; what is left out stays for ever.
    ///
    /// - Parameters:
    ///   - deliveryDays: How many days finished webhooks stay, ``minimumDeliveryDays`` or more. Those that failed or are
    ///     dead stay until they are finished.
    ///   - noticeDays: How many days notices stay that were told or given up, ``minimumNoticeDays`` or more.
    ///   - eventDays: How many days the ids of counted events stay, ``minimumEventDays`` or more.
    ///   - journalDays: How many days changes stay in the journal, ``minimumJournalDays`` or more.
    ///   - batchSize: The most rows of a batch, 1 to 1,000: they are all in memory at once, webhooks with their bodies.
    /// - Throws: ``Refusal`` for fewer days than there have to be, or for more than a hundred years.
    public init(
        deliveryDays: Int? = nil,
        noticeDays: Int? = nil,
        eventDays: Int? = nil,
        journalDays: Int? = nil,
        batchSize: Int = 100
    ) throws(Refusal) {
        try Self.check(deliveryDays, "webhooks", Self.minimumDeliveryDays)
        try Self.check(noticeDays, "notices", Self.minimumNoticeDays)
        try Self.check(eventDays, "event ids", Self.minimumEventDays)
        try Self.check(journalDays, "the journal", Self.minimumJournalDays)
        self.deliveryDays = deliveryDays
        self.noticeDays = noticeDays
        self.eventDays = eventDays
        self.journalDays = journalDays
        self.batchSize = min(max(1, batchSize), 1_000)
    }

    private static func check(_ days: Int?, _ what: String, _ minimum: Int) throws(Refusal) {
        guard let days else { return }
        guard days >= minimum, days <= 36_500 else {
            throw Refusal(message: "\(days) days is no time to keep \(what) for; \(minimum) to 36500 days are allowed.")
        }
    }

    /// Returns the instant before which what has to stay for so many days may go.
    static func end(of days: Int, before now: Timestamp) -> Timestamp {
        now.advanced(by: .seconds(-86_400 * Int64(days)))
    }
}

extension SQLRetention {
    /// Records of one kind that are to leave the database, the oldest or by customer.
    public enum Batch: Hashable, Sendable {
        /// Finished webhooks with their bodies, which hold personal data.
        case deliveries([Delivery])
        /// Notices that were told or given up.
        case notices([SettledNotice])
        /// Events that were counted.
        case events([CountedEvent])
        /// The oldest changes of one customer, as far as their notices and event ids have not left before.
        case changes([Account.Change])
    }

    /// A notice that is not told again.
    public struct SettledNotice: Hashable, Sendable {
        /// The notice.
        public let notice: Account.Notice
        /// A Boolean value indicating whether every observer has heard it; else it was given up.
        public let wasDelivered: Bool
        /// How often it was told.
        public let attempts: Int
    }

    /// An event that was counted.
    public struct CountedEvent: Hashable, Sendable {
        /// Whose event.
        public let customer: CustomerID
        /// The revision that counted it.
        public let revision: Int64
        /// Its place among the events of the revision, from 0.
        public let ordinal: Int
        /// Its id.
        public let event: Account.EventID
        /// When it was counted.
        public let recordedAt: Timestamp
    }

    /// What has left the database.
    public struct Summary: Hashable, Sendable {
        /// The number of webhooks.
        public internal(set) var deliveries = 0
        /// The number of notices.
        public internal(set) var notices = 0
        /// The number of events.
        public internal(set) var events = 0
        /// The number of changes.
        public internal(set) var changes = 0

        /// Creates the summary of nothing.
        public init() {}
    }
}
