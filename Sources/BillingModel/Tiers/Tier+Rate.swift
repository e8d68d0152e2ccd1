extension Tier {
    /// A limit on how much of a meter can be used in a short time, beside the allowance.
    ///
    /// Windows follow one another as an allowance's intervals do. A rate protects what the work runs on; what a
    /// customer has bought is the allowance.
    public struct Rate: Hashable, Sendable, Codable {
        /// The units in one window, in the meter's smallest unit, from 1 to ``Catalog/Limits/units``.
        public let units: Int64

        /// The window: seconds to weeks, since months and years differ in length.
        public let window: Recurrence

        /// Creates a rate, such as 60 per minute.
        ///
        /// - Parameters:
        ///   - units: The units in one window.
        ///   - window: The window, at most ``Catalog/Limits/rateWindowSeconds`` long.
        public init(_ units: Int64, per window: Recurrence) {
            self.units = units
            self.window = window
        }
    }
}

extension Tier.Rate: CustomStringConvertible {
    /// The rate in words, such as `60 per minute`.
    public var description: String { "\(units) per \(window)" }
}

extension Tier.Rate {
    /// The window's length in seconds, or `nil` for months and years, which differ.
    var windowSeconds: Int64? {
        let unit: Int64
        switch window.unit {
        case .second: unit = 1
        case .minute: unit = 60
        case .hour: unit = 3_600
        case .day: unit = 86_400
        case .week: unit = 604_800
        case .month, .year: return nil
        }
        return unit * Int64(window.count)
    }
}
