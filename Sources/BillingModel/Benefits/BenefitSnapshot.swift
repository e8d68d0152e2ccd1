/// One report of a provider about something that it gives beside a tier.
public struct BenefitSnapshot: Hashable, Sendable {
    /// What tells the benefit from every other.
    public let key: Benefit.Key

    /// How new the report is.
    public let version: ObjectVersion

    /// What the benefit is.
    public let gift: Benefit.Gift

    /// A Boolean value indicating whether it is given.
    public let isGranted: Bool

    /// The subscription that it came with, where it came with one.
    public let subscription: String?

    /// When the units were credited that the report tells of, or `nil` for a feature.
    ///
    /// Each instant stands for one lot: told twice, it is given once.
    public let creditedAt: Timestamp?

    /// The first instant at which that lot can no longer be used, where the provider says one.
    public let expiry: Timestamp?

    /// When it was taken back, or `nil` where it was not.
    public let revokedAt: Timestamp?

    /// Creates a report.
    public init(
        key: Benefit.Key,
        version: ObjectVersion,
        gift: Benefit.Gift,
        isGranted: Bool,
        subscription: String? = nil,
        creditedAt: Timestamp? = nil,
        expiry: Timestamp? = nil,
        revokedAt: Timestamp? = nil
    ) {
        self.key = key
        self.version = version
        self.gift = gift
        self.isGranted = isGranted
        self.subscription = subscription
        self.creditedAt = creditedAt
        self.expiry = expiry
        self.revokedAt = revokedAt
    }

    /// The name of the lot, which is given once for ever, or `nil` where the report tells of none.
    var lot: ProviderReference? {
        guard case .units = gift, let creditedAt else { return nil }
        return ProviderReference(
            provider: key.provider,
            kind: .grant,
            id: "\(key.id)@\(creditedAt.microseconds)"
        )
    }

    /// When the lot was credited that the report tells of, where it takes the place of those before it.
    ///
    /// Each word says that of its own lot, whatever newer ones say of theirs: a lot that has ended cannot come back, so what
    /// is left must not hang on which of the words came first.
    fileprivate var replacedAt: Timestamp? {
        if case .units(_, of: _, rollsOver: false) = gift { creditedAt } else { nil }
    }

    /// The provider's names that the report lays claim to.
    var references: [ProviderReference] {
        [ProviderReference(provider: key.provider, kind: .grant, id: key.id)] + [lot].compactMap(\.self)
    }
}

extension Benefit {
    /// Returns the benefit with a report taken in, whatever its version.
    func merging(_ report: BenefitSnapshot) -> Benefit {
        var merged = self
        if report.version > version {
            merged.version = report.version
            merged.gift = report.gift
            merged.isGranted = report.isGranted
            merged.subscription = report.subscription
        }
        merged.creditedAt = Self.later(creditedAt, report.creditedAt)
        merged.revokedAt = Self.later(revokedAt, report.revokedAt)
        merged.replacedAt = Self.later(replacedAt, report.replacedAt)
        return merged
    }

    /// Creates the benefit of which this is the first report.
    init(_ report: BenefitSnapshot) {
        self.init(
            key: report.key,
            version: report.version,
            gift: report.gift,
            isGranted: report.isGranted,
            subscription: report.subscription,
            creditedAt: report.creditedAt,
            revokedAt: report.revokedAt,
            replacedAt: report.replacedAt
        )
    }

    /// Returns whether a lot that was credited at an instant is still there to be used.
    func keepsLot(creditedAt instant: Timestamp) -> Bool {
        if let revokedAt, instant <= revokedAt { return false }
        if let replacedAt, instant < replacedAt { return false }
        return true
    }

    private static func later(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
        guard let left, let right else { return left ?? right }
        return max(left, right)
    }
}
