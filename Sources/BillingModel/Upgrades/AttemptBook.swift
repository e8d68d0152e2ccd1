/// All that is told of a customer's attempts to buy, and the attempts that it makes.
///
/// What is told is kept in heaps, one for each key that a word can name, and attempts are made of them anew with each word:
/// so they depend on what was told and not on when. A heap that no word has touched makes the attempts that are there.
struct AttemptBook {
    private let known: [Upgrade]
    /// What was told, by ``Upgrade/Key/family``, of what a word may have changed.
    private var heaps: [Upgrade.Key: Upgrade] = [:]
    /// The keys of the first attempts of heaps that can make several.
    private var firstKeys: [Upgrade.Key: Upgrade.Key] = [:]
    /// The payments of changes of a running subscription, which complete every attempt that they fulfil.
    private var changes: [Upgrade.Checkout.Payment] = []
    private var isWhole = false

    init(_ upgrades: [Upgrade]) {
        known = upgrades
        for upgrade in upgrades {
            for checkout in upgrade.checkouts { if let change = checkout.change { add(change) } }
        }
    }

    private mutating func add(_ change: Upgrade.Checkout.Payment) {
        guard !changes.contains(where: { $0.orderReference == change.orderReference }) else { return }
        changes.insert(change, at: changes.firstIndex { change.precedes($0) } ?? changes.endIndex)
    }

    /// Makes the heap of an attempt, where there is none yet.
    private mutating func open(_ family: Upgrade.Key) {
        guard heaps[family] == nil else { return }
        heaps[family] = Upgrade(key: family)
        for upgrade in known where upgrade.key.family == family { add(upgrade, to: family) }
    }

    /// Makes the heaps of all attempts.
    private mutating func openAll() {
        isWhole = true
        let opened = Set(heaps.keys)
        for upgrade in known {
            let family = upgrade.key.family
            if !opened.contains(family) { add(upgrade, to: family) }
        }
    }

    private mutating func add(_ upgrade: Upgrade, to family: Upgrade.Key) {
        firstKeys[family] = upgrade.key == family ? family : firstKeys[family] ?? upgrade.key
        for act in upgrade.acts { heaps[family, default: Upgrade(key: family)].take(act) }
        for checkout in upgrade.checkouts where checkout.change == nil {
            heaps[family, default: Upgrade(key: family)].take(checkout)
        }
    }

    /// Takes a word in.
    ///
    /// - Parameters:
    ///   - word: What is told.
    ///   - key: The attempt that the word itself says it is of.
    /// - Returns: The key that it turned out to be of.
    mutating func take(_ word: Upgrade.Word, of key: Upgrade.Key) -> Upgrade.Key {
        // Which attempts a change completes hangs on all of them.
        if let change = word.change { add(change) }
        if !changes.isEmpty { openAll() }
        guard word.change == nil else { return key.family }
        let family = word.checkout.map { place(checkout: $0, saidToBeOf: key.family) } ?? key.family
        open(family)
        heaps[family]?.take(word)
        return family
    }

    /// Returns the key that a checkout belongs to, and brings it there.
    ///
    /// Word of one checkout may come with the host's reference or without: then it was thought to be of the attempt to buy
    /// its tier, or of none that is known. It belongs to the attempt that the word which says most says.
    private mutating func place(checkout id: String, saidToBeOf key: Upgrade.Key) -> Upgrade.Key {
        let holder = known.first { $0.checkout(id).map { $0.change == nil } ?? false }?.key.family
        guard let holder, holder != key else { return key }
        guard key.precedes(holder) else { return holder }
        open(holder)
        open(key)
        guard let checkout = heaps[holder]?.remove(checkout: id) else { return holder }
        heaps[key]?.take(checkout)
        return key
    }

    /// Returns whether the attempts of a key have been made anew.
    func hasTouched(_ family: Upgrade.Key) -> Bool { isWhole || heaps[family] != nil }

    /// The attempts that were made anew, in no order, without their stages.
    var attempts: [Upgrade] {
        var heaps = heaps
        for change in changes {
            let name = change.name
            for key in fulfilled(by: change, among: heaps) {
                heaps[key, default: Upgrade(key: key)].take(Upgrade.Checkout(id: name, payment: change))
            }
        }
        return heaps.flatMap { family, heap in
            heap.rounds(first: firstKeys[family] ?? family).filter { !$0.isEmpty }
        }
    }

    /// Returns the keys of the attempts that a change of the running subscription completes.
    ///
    /// There is one subscription, and who asked for its new tier has it, whatever tab they asked in. A provider gives such
    /// an order the reference of the checkout that the subscription once came from, so the reference counts for an attempt
    /// that was not completed before. It stands alone only where that attempt asked for the new tier by then, and nothing
    /// says that it was about something else.
    private func fulfilled(
        by change: Upgrade.Checkout.Payment,
        among heaps: [Upgrade.Key: Upgrade]
    ) -> Set<Upgrade.Key> {
        var keys: Set<Upgrade.Key> = []
        var isForOthers = true
        if let reference = change.reference {
            let named = heaps[.reference(reference)]
            let wasCompleted = named?.isPaid(by: change.at) ?? false
            if !wasCompleted { keys.insert(.reference(reference)) }
            let didAsk = change.target.map { named?.hasAsked(for: $0, by: change.at) ?? false } ?? true
            isForOthers = wasCompleted || !didAsk || named?.speaksOfOthers(than: change.target) ?? false
        }
        guard isForOthers, let target = change.target else { return keys }
        for (key, heap) in heaps where heap.isWaiting(for: target, at: change.at) { keys.insert(key) }
        return keys.isEmpty ? [Upgrade.Key(target)] : keys
    }
}

extension Upgrade {
    fileprivate func isPaid(by instant: Timestamp) -> Bool {
        checkouts.contains { $0.payment.map { $0.at <= instant } ?? false }
    }

    /// Returns whether any word of the attempt was about something else.
    fileprivate func speaksOfOthers(than target: Target?) -> Bool {
        let targets =
            acts.compactMap(\.wish?.target) + checkouts.flatMap { [$0.target, $0.payment?.target].compactMap(\.self) }
        return targets.contains { $0 != target }
    }

    /// Returns whether something was offered or asked for by an instant.
    fileprivate func hasAsked(for target: Target, by instant: Timestamp) -> Bool {
        acts.contains { $0.isBeginning && $0.wish?.target == target && $0.at <= instant }
    }

    /// Returns whether somebody had asked for something by an instant, still wanted it, and it was not paid by then.
    fileprivate func isWaiting(for target: Target, at instant: Timestamp) -> Bool {
        guard let asked = acts.last(where: { $0.kind == .clicked && $0.wish?.target == target && $0.at <= instant })
        else { return false }
        // A reference stands for one attempt for ever.
        guard key.target != nil else { return !isPaid(by: instant) && isWanted(asked, at: instant) }
        let round = rounds(first: key).first { round in
            round.acts.contains { $0.kind == asked.kind && $0.at == asked.at }
        }
        let attempt = round ?? self
        return !attempt.isPaid(by: instant) && attempt.isWanted(asked, at: instant)
    }

    /// Returns whether a click still counted at an instant: it lasts for a time, and until the attempt is cancelled, after
    /// which a checkout can begin it anew.
    private func isWanted(_ click: Act, at instant: Timestamp) -> Bool {
        let cancelledAt = acts.last { $0.kind == .cancelled && $0.at <= instant }?.at
        if cancelledAt.map({ $0 < click.at }) ?? true, !click.isOver(at: instant) { return true }
        return checkouts.contains { checkout in
            guard let openedAt = checkout.openedAt, openedAt <= instant else { return false }
            guard cancelledAt.map({ $0 < openedAt }) ?? true else { return false }
            return (checkout.expiredAt ?? checkout.expiresAt).map { instant < $0 } ?? true
        }
    }
}
