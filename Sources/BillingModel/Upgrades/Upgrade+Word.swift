extension Upgrade {
    /// Word of an attempt.
    ///
    /// Whatever the order in which words come, and however often each does, the attempts that they make are the same.
    enum Word {
        /// Somebody did something on the host's side.
        case act(Act)
        /// The host opened a checkout.
        case opened(Opening, at: Timestamp)
        /// The provider spoke of a checkout.
        case report(CheckoutSnapshot)
        /// An order paid: by a checkout, or by none.
        case paid(Checkout.Payment, checkout: String?)
        /// An order of nothing began a subscription: by a checkout, or by the name of that order.
        case began(Checkout.Beginning, checkout: String)

        /// The name of what the word is about, among an attempt's checkouts.
        var checkout: String? {
            switch self {
            case .opened(let opening, at: _): opening.id
            case .report(let report): report.id
            case .paid(let payment, let checkout): checkout ?? payment.name
            case .began(_, let checkout): checkout
            case .act: nil
            }
        }

        /// The payment of a change of the running subscription that no checkout was opened for.
        var change: Checkout.Payment? {
            if case .paid(let payment, checkout: nil) = self, payment.isChange { payment } else { nil }
        }
    }

    /// Takes a word in.
    mutating func take(_ word: Word) {
        switch word {
        case .act(let act): take(act)
        case .opened(let opening, at: let instant): update(opening.id) { $0.take(opening, at: instant) }
        case .report(let report): update(report.id) { $0.take(report) }
        case .paid(let payment, let checkout): update(checkout ?? payment.name) { $0.take(payment) }
        case .began(let beginning, let checkout): update(checkout) { $0.take(beginning) }
        }
    }

    /// Takes in an act.
    mutating func take(_ act: Act) {
        if let index = acts.firstIndex(where: { $0.kind == act.kind && $0.at == act.at }) {
            acts[index].take(act)
        } else {
            acts.insert(act, at: acts.firstIndex { Act.precedes(act, $0) } ?? acts.endIndex)
        }
    }

    /// Takes in a checkout that another attempt was thought to have.
    mutating func take(_ checkout: Checkout) {
        update(checkout.id) { $0.take(checkout) }
    }

    private mutating func update(_ id: String, _ body: (inout Checkout) -> Void) {
        var checkout = remove(checkout: id) ?? Checkout(id: id)
        body(&checkout)
        checkouts.insert(checkout, at: checkouts.firstIndex { Checkout.precedes(checkout, $0) } ?? checkouts.endIndex)
    }

    /// Takes a checkout out.
    mutating func remove(checkout id: String) -> Checkout? {
        checkouts.firstIndex { $0.id.hasSameBytes(as: id) }.map { checkouts.remove(at: $0) }
    }
}
