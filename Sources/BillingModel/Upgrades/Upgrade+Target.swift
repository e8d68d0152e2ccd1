extension Upgrade {
    /// What can be bought.
    public enum Target: Hashable, Sendable {
        /// A tier, by a subscription.
        case tier(Tier.ID)
        /// A pack, by a single order.
        case pack(Pack.ID)
    }
}

extension Upgrade.Target {
    /// The kind of target, as a word.
    package var kind: String {
        switch self {
        case .tier: "tier"
        case .pack: "pack"
        }
    }

    /// The words that a kind of target can be.
    package static let kinds = ["tier", "pack"]

    /// The target's id.
    package var name: String {
        switch self {
        case .tier(let tier): tier.rawValue
        case .pack(let pack): pack.rawValue
        }
    }

    /// Creates a target from its kind and its id, or `nil` for a kind that is none.
    package init?(kind: String, name: String) {
        switch kind {
        case "tier": self = .tier(Tier.ID(name))
        case "pack": self = .pack(Pack.ID(name))
        default: return nil
        }
    }
}

extension Upgrade.Target: CustomStringConvertible {
    /// The kind of target and its id, such as `tier 'pro'`.
    public var description: String { "\(kind) '\(name)'" }
}
