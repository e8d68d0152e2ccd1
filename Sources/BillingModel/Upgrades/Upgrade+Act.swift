extension Upgrade {
    /// Something that somebody did on the host's side of an attempt: an offer, a click, a look at a page, a word that
    /// nothing shall come of it.
    ///
    /// An attempt keeps all that it is told of, each once by its kind and its instant; what a page shows follows from them.
    public struct Act: Hashable, Sendable {
        /// What was done.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// A paywall offered it.
            case locked
            /// The customer asked for it.
            case clicked
            /// The customer said that nothing shall come of it.
            case cancelled
            /// A success page was seen, which proves nothing.
            case successSeen = "success_seen"
        }

        /// What was done.
        public let kind: Kind

        /// When it was done.
        public let at: Timestamp

        /// What was offered or asked for.
        public var wish: Wish?

        /// Who did it, where the host said.
        public var member: MemberID?

        /// The refusal that led to it, where the host said.
        public var denial: Denial?

        /// Where the customer came from, where the host said.
        public var attribution: Attribution?

        /// When the attempt expires if nothing comes after this, or `nil` for never.
        public var expiresAt: Timestamp?

        /// When a host is told that nothing came after this, or `nil` for never.
        public var abandonedAt: Timestamp?

        /// Creates an act from what a store has kept.
        ///
        /// - Parameters:
        ///   - kind: What was done.
        ///   - at: When it was done.
        ///   - wish: What was offered or asked for.
        ///   - member: Who did it.
        ///   - denial: The refusal that led to it.
        ///   - attribution: Where the customer came from.
        ///   - expiresAt: When the attempt expires if nothing comes after this.
        ///   - abandonedAt: When a host is told that nothing came after this.
        public init(
            _ kind: Kind,
            at: Timestamp,
            wish: Wish? = nil,
            member: MemberID? = nil,
            denial: Denial? = nil,
            attribution: Attribution? = nil,
            expiresAt: Timestamp? = nil,
            abandonedAt: Timestamp? = nil
        ) {
            self.kind = kind
            self.at = at
            self.wish = wish
            self.member = member
            self.denial = denial
            self.attribution = attribution
            self.expiresAt = expiresAt
            self.abandonedAt = abandonedAt
        }
    }
}

extension Upgrade.Act {
    /// Creates the act of an offer or a click.
    init(
        _ kind: Kind,
        _ request: Account.Command.UpgradeRequest,
        by member: MemberID?,
        at instant: Timestamp
    ) {
        self.init(
            kind,
            at: instant,
            wish: request.wish(at: instant),
            member: member,
            denial: request.denial.map { Upgrade.Denial($0, at: instant) },
            attribution: request.attribution.flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    /// A Boolean value indicating whether an attempt can begin with it.
    var isBeginning: Bool { kind == .locked || kind == .clicked }

    /// Returns whether nothing can come after it any more at an instant.
    func isOver(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// Returns whether the first was done before the second.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        left.at == right.at ? left.kind.place < right.kind.place : left.at < right.at
    }

    /// Takes in what else was told of the same act.
    ///
    /// Where two were told of one instant, their texts decide: which does not matter, but it has to be the same one always.
    mutating func take(_ other: Self) {
        wish = [wish, other.wish].compactMap(\.self).max { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        member = [member, other.member].compactMap(\.self).min()
        denial = [denial, other.denial].compactMap(\.self).min { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        attribution = [attribution, other.attribution].compactMap(\.self)
            .min { $0.joined.utf8.lexicographicallyPrecedes($1.joined.utf8) }
        expiresAt = [expiresAt, other.expiresAt].compactMap(\.self).max()
        abandonedAt = [abandonedAt, other.abandonedAt].compactMap(\.self).max()
    }
}

extension Upgrade.Act.Kind {
    /// The kind's place among those of one instant.
    fileprivate var place: Int {
        switch self {
        case .locked: 0
        case .clicked: 1
        case .cancelled: 2
        case .successSeen: 3
        }
    }
}

extension Upgrade.Wish {
    fileprivate var text: String { "\(target)\0\(cycle?.description ?? "")\0\(promoCode ?? "")" }
}

extension Upgrade.Denial {
    fileprivate var text: String { "\(limit.rawValue)\0\(meter)\0\(tier)\0\(requested)\0\(remaining)" }
}

extension Upgrade.Attribution {
    fileprivate var joined: String { texts.map { $0 ?? "" }.joined(separator: "\0") }
}
