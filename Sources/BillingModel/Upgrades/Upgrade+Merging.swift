extension Upgrade {
    /// Word of an attempt.
    ///
    /// Whatever the order in which words come, and however often each does, the attempt they make is the same: of what
    /// was first the earliest is kept, of what is newest the latest, and every checkout with its newest report.
    enum Word {
        /// A paywall offered it.
        case locked(Account.Command.UpgradeRequest, by: MemberID?, at: Timestamp)
        /// The customer asked for it.
        case clicked(Account.Command.UpgradeRequest, by: MemberID?, at: Timestamp)
        /// The host opened a checkout.
        case opened(Opening, at: Timestamp)
        /// A success page was seen.
        case successSeen(at: Timestamp)
        /// The customer said that nothing shall come of it.
        case cancelled(at: Timestamp)
        /// The provider spoke of a checkout.
        case report(CheckoutSnapshot)
        /// An order paid.
        case paid(Checkout.Payment, checkout: String)

        /// The provider's name for the checkout that the word is about, where it is about one.
        var checkout: String? {
            switch self {
            case .opened(let opening, at: _): opening.id
            case .report(let report): report.id
            case .paid(_, let checkout): checkout
            case .locked, .clicked, .successSeen, .cancelled: nil
            }
        }
    }

    /// Takes a word in.
    mutating func take(_ word: Word) {
        switch word {
        case .locked(let request, by: let member, at: let instant):
            lockedAt = min(lockedAt ?? instant, instant)
            if clickedAt == nil { take(request.wish(at: instant)) }
            take(request, by: member, at: instant)
        case .clicked(let request, by: let member, at: let instant):
            // What a paywall has offered counts until the first click, and not after it.
            if clickedAt == nil { wish = nil }
            clickedAt = min(clickedAt ?? instant, instant)
            take(request.wish(at: instant))
            take(request, by: member, at: instant)
        case .successSeen(at: let instant): successSeenAt = min(successSeenAt ?? instant, instant)
        case .cancelled(at: let instant): cancelledAt = max(cancelledAt ?? instant, instant)
        case .opened(let opening, at: let instant): update(opening.id) { $0.take(opening, at: instant) }
        case .report(let report): update(report.id) { $0.take(report) }
        case .paid(let payment, let checkout): update(checkout) { $0.take(payment) }
        }
    }

    /// Takes in a checkout that another attempt was thought to have.
    mutating func take(_ checkout: Checkout) {
        update(checkout.id) { $0.take(checkout) }
    }

    private mutating func update(_ id: String, _ body: (inout Checkout) -> Void) {
        var checkout = checkout(id) ?? Checkout(id: id)
        body(&checkout)
        set(checkout)
    }

    private mutating func take(_ other: Wish) {
        guard let wish else { return wish = other }
        if wish.isBefore(other) { self.wish = other }
    }

    /// Takes in what says where an attempt came from: of each the earliest that was told.
    private mutating func take(_ request: Account.Command.UpgradeRequest, by member: MemberID?, at instant: Timestamp) {
        if let member {
            let other = Start(by: member, at: instant)
            if start.map({ (other.at, other.member) < ($0.at, $0.member) }) ?? true { start = other }
        }
        if let denied = request.denial {
            let other = Denial(denied, at: instant)
            if denial.map(other.isBefore) ?? true { denial = other }
        }
        if let attribution = request.attribution, !attribution.isEmpty {
            let other = Visit(attribution, at: instant)
            if visit.map(other.isBefore) ?? true { visit = other }
        }
    }
}

// Where two were told of one instant, their texts decide: which does not matter, but it has to be the same one always.

extension Upgrade.Wish {
    fileprivate func isBefore(_ other: Self) -> Bool {
        at == other.at ? text.utf8.lexicographicallyPrecedes(other.text.utf8) : at < other.at
    }

    private var text: String { "\(target)\0\(cycle?.description ?? "")\0\(promoCode ?? "")" }
}

extension Upgrade.Denial {
    fileprivate func isBefore(_ other: Self) -> Bool {
        at == other.at ? text.utf8.lexicographicallyPrecedes(other.text.utf8) : at < other.at
    }

    private var text: String { "\(limit.rawValue)\0\(meter)\0\(tier)\0\(requested)\0\(remaining)" }
}

extension Upgrade.Visit {
    fileprivate func isBefore(_ other: Self) -> Bool {
        at == other.at ? text.utf8.lexicographicallyPrecedes(other.text.utf8) : at < other.at
    }

    private var text: String { attribution.texts.map { $0 ?? "" }.joined(separator: "\0") }
}
