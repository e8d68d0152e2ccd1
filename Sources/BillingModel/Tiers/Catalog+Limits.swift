extension Catalog {
    /// The bounds of a catalog.
    ///
    /// They are wider than any catalog that people can read, and narrow enough that no catalog can exhaust a
    /// server, overflow a sum or fail to fit a column.
    public enum Limits {
        /// The most units in one number: 10¹⁸, so that a few of them still add up within 64 bits.
        public static let units: Int64 = 1_000_000_000_000_000_000

        /// The most credits that one of a meter's units costs: 10⁹.
        public static let cost: Int64 = 1_000_000_000

        /// The most minor units in a price: 10¹⁵.
        public static let minorUnits: Int64 = 1_000_000_000_000_000

        /// The largest rank; its negative is the smallest.
        public static let rank: Int64 = 1_000_000

        /// The most decimals of a meter.
        public static let decimals: Int64 = 9

        /// The most days of a trial, a refund's extension or a grace.
        public static let days: Int64 = 366

        /// The longest window of a rate, in seconds: 31 days.
        public static let rateWindowSeconds: Int64 = 31 * 86_400

        /// The longest default length of a hold, in seconds: 31 days.
        public static let holdSeconds: Int64 = 31 * 86_400

        /// The most meters.
        public static let meters = 256

        /// The most features.
        public static let features = 256

        /// The most tiers.
        public static let tiers = 64

        /// The most credit pools.
        public static let pools = 64

        /// The most packs.
        public static let packs = 256

        /// The most prices of one tier or pack.
        public static let prices = 64

        /// The most providers' products of one price.
        public static let products = 16

        /// The most rates of one meter in one tier.
        public static let rates = 8

        /// The most thresholds.
        public static let thresholds = 16

        /// The most reminders of a trial.
        public static let reminders = 16

        /// The most overrides of one customer.
        public static let overrides = 64

        /// The most bytes of a name.
        public static let name = 255

        /// The most bytes of the word for a meter's unit.
        public static let unit = 64

        /// The most bytes of a description, or of a feature's text.
        public static let text = 4_096
    }
}
