extension Account.Command {
    /// The provider's names that the command is about, of which a decision has to know the owners.
    package var references: [ProviderReference] {
        switch action {
        case .take(let snapshot): snapshot.references
        case .grant(let granting): [granting.identity].compactMap(\.self)
        case .grantPack(let granting): [granting.order]
        default: []
        }
    }

    /// The key of whose spending a decision has to know.
    package var spendingKey: Account.Key? {
        if case .refund(let refund) = action { refund.key } else { nil }
    }

    /// The ids of the events that the command counts, of which a decision has to know those that were counted.
    package var events: [Account.EventID] {
        if case .recordAll(let events) = action { events.map(\.id) } else { [] }
    }

    /// A Boolean value indicating whether nothing else can be done under the command's key once it is done.
    ///
    /// Work has its key from its beginning, and its end uses it up.
    var usesItsKeyUp: Bool {
        switch action {
        case .reserve, .capture, .release, .extend, .settle, .examine, .repair, .changeSubscription: false
        default: true
        }
    }

    /// A number that stands for what the command asks, so that a key used again for something else is noticed.
    ///
    /// The end of a piece of work has the number of its beginning: they share a key. Who acts, what the work is
    /// called and which try it is are no part of it; a retry may come from elsewhere. It is the 64-bit FNV-1a hash
    /// of a plain text, the same on every platform and in every process.
    package var fingerprint: Int64 {
        switch action {
        case .consume(let use): Self.hash(use.isPartial ? FNV1a("consume up to") : .consume, use)
        case .consumeAll(let uses): Self.hash("consume all", uses)
        case .record(let use): Self.hash("record", [use])
        case .recordAll(let events): Self.hash("record all", events)
        case .reserve(let use): Self.hash("work", [.init(meter: use.meter, amount: use.amount)])
        case .capture(let use): Self.hash("work", [use.subject.name, String(use.reserved)])
        case .extend(let hold, byMicroseconds: let time): Self.hash("extend", [hold.rawValue, String(time)])
        case .release(let hold): Self.hash("release", [hold.rawValue])
        case .refund(let refund): Self.hash("refund", refund.texts)
        case .correct(let correction): Self.hash("correct", correction.texts)
        case .setLevel(let level): Self.hash("set level", [level.meter.rawValue, String(level.units)])
        case .raise(let use): Self.hash("raise", [use])
        case .lower(let use): Self.hash("lower", [use])
        case .grant(let granting): Self.hash("grant", granting.texts)
        case .grantPack(let granting): Self.hash("grant pack", granting.texts)
        case .void(let grant): Self.hash("void", [grant.rawValue])
        case .startTrial: Self.hash("start trial", [String]())
        case .override(let overrides): Self.hash("override", overrides.map(\.text))
        case .settle: Self.hash("settle", [String]())
        case .examine: Self.hash("examine", [String]())
        case .repair(let finding): Self.hash("repair", [finding.description])
        case .startUpgrade(let wish): Self.hash("upgrade", wish.texts)
        case .advanceUpgrade(let advance): Self.hash("advance upgrade", advance.texts)
        case .changeSubscription(let change): Self.hash("change subscription", change.texts)
        // A delivery is known by its id alone: its provider signs and words a retry anew.
        case .take(let snapshot): Self.hash("provider", [snapshot.provider.rawValue])
        }
    }

    private static func hash(_ word: String, _ texts: [String]) -> Int64 {
        var hash = FNV1a(word)
        for text in texts { hash.add(text) }
        return hash.value
    }

    private static func hash(_ word: String, _ events: [Event]) -> Int64 {
        var hash = FNV1a(word)
        for event in events {
            hash.add(event.id.rawValue)
            hash.add(event.meter.rawValue)
            hash.add(event.amount)
        }
        return hash.value
    }

    private static func hash(_ beginning: FNV1a, _ use: Consumption) -> Int64 {
        var hash = beginning
        hash.add(use.meter.rawValue)
        hash.add(use.amount)
        return hash.value
    }

    private static func hash(_ word: String, _ uses: [Consumption]) -> Int64 {
        var hash = FNV1a(word)
        for use in uses {
            hash.add(use.meter.rawValue)
            hash.add(use.amount)
        }
        return hash.value
    }
}
