/// Everything that is wrong with a catalog.
public struct CatalogError: Error, Hashable, Sendable {
    /// One thing that is wrong with a catalog.
    public struct Problem: Hashable, Sendable {
        /// Where it is.
        public let place: Place

        /// What it is.
        public let fault: Fault
    }

    /// The problems, in the order of the catalog's parts.
    public let problems: [Problem]
}

extension CatalogError: CustomStringConvertible {
    /// The problems as sentences.
    public var description: String {
        "The catalog is not consistent: " + problems.map(\.description).joined(separator: " ")
    }
}

extension CatalogError.Problem: CustomStringConvertible {
    /// The problem as a sentence that begins with its place.
    ///
    /// Such as: `tiers[1].allowances.calls (of 'pro'): no meter is called 'calls'.`
    public var description: String {
        "\(place)\(place.owner.map { " (of \(quoted($0)))" } ?? ""): \(fault)."
    }
}

extension CatalogError {
    /// What kind of thing an id names.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// A meter.
        case meter
        /// A credit pool.
        case pool = "credit pool"
        /// A feature.
        case feature
        /// A tier.
        case tier
    }

    /// What is wrong at a place.
    public enum Fault: Hashable, Sendable {
        /// A list that needs an entry has none.
        case empty
        /// A list has more entries than its bound.
        case tooMany(Int, limit: Int)
        /// A number is not within its bounds.
        case outOfBounds(Int64, ClosedRange<Int64>)
        /// A text is empty, longer than its bound in bytes, or contains NUL.
        case malformedText(limit: Int)
        /// An entry says again what another one says.
        case duplicate(String)
        /// An id names nothing in the catalog.
        case unknown(Part, String)
        /// Another tier has the same rank, so neither is higher.
        case equalRank(Int, of: String)
        /// A gauge is not used up: it takes a level and no allowance per interval.
        case limitOnGauge
        /// A consumable meter is used up: it takes an allowance per interval and no level.
        case levelOnConsumable
        /// A gauge is not used up, so it can have no credits to draw on, no rate, and no units to buy.
        case notForGauges
        /// A value is not of its feature's kind.
        case wrongKind(Feature.Kind, expected: Feature.Kind)
        /// No meter draws on the pool, so its credits would buy nothing.
        case undrawnPool
        /// A rate's window is longer than 31 days, or of months or years, which differ in length.
        case longWindow(Recurrence)
        /// A rate gives more than another one whose window is as long or longer, so it never holds.
        case idleRate(Tier.Rate, besides: Tier.Rate)
        /// The fallback costs something, though everyone has it for nothing.
        case pricedFallback
        /// A trial gives a tier that is not above the fallback.
        case idleTrial(String)
        /// A trial's reminder would come before the trial.
        case earlyReminder(days: Int, trialDays: Int)
        /// A provider's product is that of another offer too.
        case productTaken(String, by: Catalog.Offer)
    }
}

extension CatalogError.Fault: CustomStringConvertible {
    /// What is wrong, as a part of a sentence.
    public var description: String {
        switch self {
        case .empty: "at least one is needed"
        case .tooMany(let count, let limit): "\(count) are too many; the bound is \(limit)"
        case .outOfBounds(let number, let bounds):
            "\(number) is not between \(bounds.lowerBound) and \(bounds.upperBound)"
        case .malformedText(let limit): "the text is not 1 to \(limit) bytes without NUL"
        case .duplicate(let text): "\(quoted(text)) is there before"
        case .unknown(let part, let id): "no \(part.rawValue) is called \(quoted(id))"
        case .equalRank(let rank, let other): "\(quoted(other)) has the rank \(rank) too"
        case .limitOnGauge: "a gauge takes '.level', for it is not used up"
        case .levelOnConsumable: "a consumable meter takes '.limited', for a level is a gauge's"
        case .notForGauges: "this needs a consumable meter, for a gauge is not used up"
        case .wrongKind(let kind, let expected): "the value is a \(kind), and the feature is a \(expected)"
        case .undrawnPool: "no meter draws on this pool"
        case .longWindow(let window): "a window of \(window) is not a fixed time of at most 31 days"
        case .idleRate(let rate, let other): "\(rate) can never be reached, because of \(other)"
        case .pricedFallback: "the fallback is free of charge, and this price is not"
        case .idleTrial(let tier): "\(quoted(tier)) is not above the fallback"
        case .earlyReminder(let days, let trial): "\(days) days before the end of a trial of \(trial) is not within it"
        case .productTaken(let product, let offer): "\(quoted(product)) is already the product of \(offer)"
        }
    }
}
