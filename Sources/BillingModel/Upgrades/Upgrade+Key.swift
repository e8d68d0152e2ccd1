extension Upgrade {
    /// What tells one attempt of a customer from another.
    public enum Key: Hashable, Sendable {
        /// The host's reference for the work that the attempt began from.
        case reference(String)
        /// The target tier, for an attempt without a reference.
        case tier(Tier.ID)
        /// The target pack, for an attempt without a reference.
        case pack(Pack.ID)
        /// The provider's name for the checkout, for an order of which nothing else is known yet.
        case checkout(String)
        /// What is bought again, for an attempt without a reference that began after one for the same was completed, by
        /// this order of a provider's.
        indirect case again(Upgrade.Target, after: ProviderReference)
    }
}

extension Upgrade.Key {
    /// Creates the key of an attempt: its reference where there is one, else what is to be bought, else its checkout.
    ///
    /// - Parameters:
    ///   - reference: The host's reference.
    ///   - target: What is to be bought.
    ///   - checkout: The provider's name for the checkout.
    init?(reference: String?, target: Upgrade.Target?, checkout: String? = nil) {
        if let reference {
            self = .reference(reference)
        } else if let target {
            self.init(target)
        } else if let checkout {
            self = .checkout(checkout)
        } else {
            return nil
        }
    }

    /// Creates the key of an attempt without a reference.
    public init(_ target: Upgrade.Target) {
        switch target {
        case .tier(let tier): self = .tier(tier)
        case .pack(let pack): self = .pack(pack)
        }
    }

    /// The kind of key, as a word.
    package var kind: String {
        switch self {
        case .reference: "reference"
        case .tier: "tier"
        case .pack: "pack"
        case .checkout: "checkout"
        case .again(.tier, after: _): "tier_again"
        case .again(.pack, after: _): "pack_again"
        }
    }

    /// The words that a kind of key can be.
    package static let kinds = ["reference", "tier", "pack", "checkout", "tier_again", "pack_again"]

    /// The name that the key is.
    package var name: String {
        switch self {
        case .reference(let name), .checkout(let name): name
        case .tier(let tier): tier.rawValue
        case .pack(let pack): pack.rawValue
        // No provider's name for an order has a space.
        case .again(let target, after: let order): "\(order.provider.withoutSpaces) \(order.id) \(target.name)"
        }
    }

    /// What a word names that does not know which of several attempts it is of: for a tier or a pack that was bought
    /// before the same as for the first time.
    var family: Upgrade.Key {
        if case .again(let target, after: _) = self { Upgrade.Key(target) } else { self }
    }

    /// What is to be bought, where that is what the key says.
    var target: Upgrade.Target? {
        switch self {
        case .tier(let tier): .tier(tier)
        case .pack(let pack): .pack(pack)
        case .again(let target, after: _): target
        case .reference, .checkout: nil
        }
    }

    /// Creates a key from its kind and its name, or `nil` for a kind that is none.
    package init?(kind: String, name: String) {
        switch kind {
        case "reference": self = .reference(name)
        case "tier": self = .tier(Tier.ID(name))
        case "pack": self = .pack(Pack.ID(name))
        case "checkout": self = .checkout(name)
        case "tier_again", "pack_again":
            let parts = name.utf8.split(separator: UInt8(ascii: " "), maxSplits: 2)
                .map { String(decoding: $0, as: UTF8.self) }
            guard parts.count == 3, let target = Upgrade.Target(kind: String(kind.prefix(4)), name: parts[2])
            else { return nil }
            let provider = ProviderID(withoutSpaces: parts[0])
            self = .again(target, after: ProviderReference(provider: provider, kind: .order, id: parts[1]))
        default: return nil
        }
    }

    /// Returns whether the first says more of an attempt than the second.
    ///
    /// A reference says more than a target, and a target more than a checkout. Of two that say as much, either has to be
    /// the first, always the same.
    func precedes(_ other: Upgrade.Key) -> Bool {
        if weight != other.weight { return weight < other.weight }
        return name.utf8.lexicographicallyPrecedes(other.name.utf8)
    }

    private var weight: Int {
        switch self {
        case .reference: 0
        case .pack: 1
        case .tier: 2
        case .checkout: 3
        case .again(.pack, after: _): 4
        case .again(.tier, after: _): 5
        }
    }

    /// Returns whether two tell of the same attempt: names are compared byte for byte.
    public static func == (left: Self, right: Self) -> Bool {
        left.weight == right.weight && left.name.hasSameBytes(as: right.name)
    }

    /// Feeds the key to a hasher, its name by its bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(weight)
        for byte in name.utf8 { hasher.combine(byte) }
    }
}

extension Upgrade.Key: CustomStringConvertible {
    /// The kind of key and its name, such as `reference 'job-1'`.
    public var description: String { "\(kind) '\(name)'" }
}
