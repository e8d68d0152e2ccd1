extension Upgrade {
    /// Returns the attempts that all that is told of one key makes.
    ///
    /// A reference stands for one attempt for ever. What has none can be bought again: the first offer, click or checkout
    /// after the payment that completed an attempt begins the next one, and so does the next order that came from nothing
    /// that is known of. What happens belongs to the attempt that was going on at its instant, a payment to its checkout's.
    /// So it does not matter when it is told.
    ///
    /// - Parameter first: The key of the first attempt.
    /// - Returns: The attempts, oldest first.
    func rounds(first: Key) -> [Upgrade] {
        guard let target = key.family.target else { return [within(key)] }
        var rounds = [Upgrade(key: first)]
        // An order that is told to have paid twice completes one attempt.
        var (homes, followed): ([ProviderReference: Int], Set<ProviderReference>) = ([:], [])
        for event in events {
            var place = rounds.endIndex - 1
            if let home = event.order.flatMap({ homes[$0] }) {
                place = home
            } else if let paid = rounds[place].paid?.payment, event.isNext(after: paid),
                followed.insert(paid.orderReference).inserted
            {
                rounds.append(Upgrade(key: .again(target, after: paid.orderReference)))
                place += 1
            }
            switch event.content {
            case .act(let act): rounds[place].take(act)
            case .checkout(let checkout):
                rounds[place].take(checkout)
                if let order = checkout.payment?.orderReference { homes[order] = homes[order] ?? place }
            }
        }
        return rounds.map { $0.within($0.key) }
    }

    private struct Event {
        enum Content {
            case act(Act)
            case checkout(Checkout)
        }

        let at: Timestamp
        /// Whether it is an offer, a click or a checkout.
        let isBeginning: Bool
        let content: Content

        /// The order that it is, where it came from nothing that is known of.
        var order: ProviderReference? {
            guard case .checkout(let checkout) = content, checkout.openedAt == nil else { return nil }
            return checkout.beginning?.orderReference ?? checkout.payment?.orderReference
        }

        /// Returns whether an attempt begins with it that comes after one which was completed.
        func isNext(after paid: Checkout.Payment) -> Bool {
            if isBeginning { return paid.at < at }
            return order.map { $0 != paid.orderReference } ?? false && paid.at <= at
        }
    }

    /// What happened, in its order; of one instant what can begin an attempt comes first.
    private var events: [Event] {
        let acts = acts.map { Event(at: $0.at, isBeginning: $0.isBeginning, content: .act($0)) }
        let checkouts = checkouts.map { checkout in
            Event(at: checkout.firstAt, isBeginning: checkout.openedAt != nil, content: .checkout(checkout))
        }
        return (acts + checkouts).enumerated().sorted { left, right in
            if left.element.at != right.element.at { return left.element.at < right.element.at }
            if left.element.isBeginning != right.element.isBeginning { return left.element.isBeginning }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// Returns the attempt with no more than is remembered of one.
    private func within(_ key: Key) -> Upgrade {
        var (acts, checkouts) = (acts, checkouts)
        if key.family.target == nil {
            // Of these nothing but the first look ever counts.
            let seen = successSeenAt
            acts.removeAll { $0.kind == .successSeen && $0.at != seen }
        }
        acts = acts.remembered
        while checkouts.count > Self.maximumCheckouts {
            // The oldest that was not paid; where all were, the one that was paid last.
            let last = checkouts.indices.max { left, right in
                guard let one = checkouts[left].payment, let other = checkouts[right].payment else { return false }
                return one.precedes(other)
            }
            guard let surplus = checkouts.firstIndex(where: { $0.payment == nil }) ?? last else { break }
            checkouts.remove(at: surplus)
        }
        return Upgrade(key: key, stage: stage, acts: acts, checkouts: checkouts, abandonedAt: abandonedAt)
    }
}
