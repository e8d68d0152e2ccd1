extension Upgrade {
    /// Returns the attempts that all that is told of one key makes.
    ///
    /// A reference stands for one attempt for ever. What has none can be bought again: the first offer, click or checkout
    /// after the payment that completed an attempt begins the next one. What happens belongs to the attempt that was
    /// going on at its instant, a payment to its checkout's. So it does not matter when it is told.
    ///
    /// - Parameter first: The key of the first attempt.
    /// - Returns: The attempts, oldest first.
    func rounds(first: Key) -> [Upgrade] {
        guard let target = key.family.target else { return [within(key)] }
        var rounds = [Upgrade(key: first)]
        for event in events {
            if event.isBeginning, let now = rounds.last, now.isPaid(before: event.at), let paid = now.paid?.payment {
                let key = Key.again(target, after: paid.order)
                // An order that is told to have paid twice completes one attempt.
                if !rounds.contains(where: { $0.key == key }) { rounds.append(Upgrade(key: key)) }
            }
            switch event.content {
            case .act(let act): rounds[rounds.endIndex - 1].take(act)
            case .checkout(let checkout): rounds[rounds.endIndex - 1].take(checkout)
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
        let isBeginning: Bool
        let content: Content
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

    private func isPaid(before instant: Timestamp) -> Bool {
        checkouts.contains { $0.payment.map { $0.at < instant } ?? false }
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
            // The oldest that was not paid; where all were, the newest, which did not complete the attempt.
            let surplus = checkouts.firstIndex { $0.payment == nil } ?? checkouts.index(before: checkouts.endIndex)
            checkouts.remove(at: surplus)
        }
        return Upgrade(key: key, stage: stage, acts: acts, checkouts: checkouts, abandonedAt: abandonedAt)
    }
}
