extension Upgrade.Checkout {
    /// Whose word something is, and how new that is.
    ///
    /// The provider's counts more than the host's, whenever it comes; of each, the newer one does.
    public struct Source: Hashable, Sendable {
        /// When the host said so, or by the provider's object.
        public let object: Timestamp

        /// When the provider made the event that said so, or `nil` where it was the host.
        public let event: Timestamp?

        /// Creates a source.
        ///
        /// - Parameters:
        ///   - object: When the host said so, or by the provider's object.
        ///   - event: When the provider made the event that said so; `nil` for the host.
        public init(object: Timestamp, event: Timestamp?) {
            self.object = object
            self.event = event
        }
    }

    /// Takes in what the host says of a checkout that it opened.
    ///
    /// The provider's word counts more, whenever it comes.
    mutating func take(_ opening: Upgrade.Opening, at instant: Timestamp) {
        if version == nil { openedAt = min(openedAt ?? instant, instant) }
        let source = Source(object: instant, event: nil)
        take(url: opening.url, by: source)
        take(expiry: opening.expiresAt, by: source)
    }

    /// Takes in what the provider says of the checkout: its standing where that is newer than what it said before, and what
    /// it leaves unsaid as it said it last.
    mutating func take(_ report: CheckoutSnapshot) {
        take(
            Self(
                id: id,
                openedAt: report.createdAt,
                isExpired: report.isExpired,
                version: report.version,
                target: report.target
            )
        )
        let source = Source(object: report.version.object, event: report.version.event)
        take(url: report.url, by: source)
        take(expiry: report.expiresAt, by: source)
    }

    /// Takes in an order that paid: of two the earlier one did.
    mutating func take(_ other: Payment) {
        // What is paid lasts for ever.
        runsUntil = nil
        if let payment, !other.precedes(payment) { return }
        payment = other
    }

    /// Takes in what it began for nothing: of two the earlier one.
    mutating func take(_ other: Beginning) {
        if let beginning, !other.precedes(beginning) { return }
        // How long the other one runs says nothing of this one.
        (beginning, runsUntil) = (other, nil)
    }

    /// Takes in what is known of the same checkout elsewhere.
    mutating func take(_ other: Self) {
        if let new = other.version {
            if version.map({ $0 < new }) ?? true {
                (version, openedAt, isExpired, target) = (other.version, other.openedAt, other.isExpired, other.target)
            }
        } else if version == nil {
            openedAt = [openedAt, other.openedAt].compactMap(\.self).min()
        }
        take(url: other.url, by: other.urlSource)
        take(expiry: other.expiresAt, by: other.expirySource)
        if let payment = other.payment { take(payment) }
        if let begun = other.beginning {
            take(begun)
            if beginning == begun, payment == nil { runsUntil = runsUntil ?? other.runsUntil }
        }
    }

    private mutating func take(url other: String?, by source: Source?) {
        guard let other else { return }
        if let url, !Self.isNewer((source, other), than: (urlSource, url)) { return }
        (url, urlSource) = (other, source)
    }

    private mutating func take(expiry other: Timestamp?, by source: Source?) {
        guard let other else { return }
        if let expiresAt, !Self.isNewer((source, other), than: (expirySource, expiresAt)) { return }
        (expiresAt, expirySource) = (other, source)
    }

    /// Returns whether the first counts more than the second.
    ///
    /// Of two that the host said at one instant the greater does, always the same. Of two by one version the provider has
    /// said one, whatever they say.
    private static func isNewer<Value: Comparable>(_ new: (Source?, Value), than known: (Source?, Value)) -> Bool {
        let (one, other) = (rank(of: new.0), rank(of: known.0))
        return one == other ? new.0?.event == nil && known.1 < new.1 : other < one
    }

    private static func rank(of source: Source?) -> (Int, Timestamp, Timestamp) {
        guard let source else { return (0, Timestamp(microseconds: .min), Timestamp(microseconds: .min)) }
        return (source.event == nil ? 1 : 2, source.object, source.event ?? source.object)
    }
}
