extension Subscription {
    /// Something that the provider said of the contract's standing and that is no payment.
    public struct Told: Hashable, Sendable {
        /// What was said.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Nothing is given.
            case lost
            /// A payment is due.
            case due
            /// The payment that is due failed then.
            case failed
            /// A word that is newer than this code.
            case unknown
        }

        /// What was said.
        public let kind: Kind

        /// The instant of the report, or an earlier one that it says this of.
        public let at: Timestamp

        /// Creates it.
        public init(_ kind: Kind, at instant: Timestamp) {
            self.kind = kind
            at = instant
        }
    }

    /// Keeps of what was told what may still matter, whatever order it came in.
    ///
    /// What a payment precedes that is told late matters still, unless a newer period is known to be paid whatever else is
    /// told, or is the oldest of as many as are kept. Where there is too much, what is neither the first after a period nor
    /// among the newest 15 goes, which leaves the same whatever order it is told in. Only a payment that is told after
    /// 15 losses newer than the one it precedes may find that one gone; the next that is kept then counts, which is past
    /// as well, so that access lasts no longer for it.
    mutating func note(_ told: [Told]) {
        self.told = Told.Kind.allCases.flatMap { kind in
            let floor = kind == .unknown ? paid?.version.object : oldestThatMatters
            let instants = told.filter { one in one.kind == kind && (floor.map { $0 < one.at } ?? true) }.map(\.at)
            return kept(Set(instants).sorted()).map { Told(kind, at: $0) }
        }
    }

    /// What was told up to then is over, whatever will be told.
    private var oldestThatMatters: Timestamp? {
        let proved = periods.first { $0.version.object >= $0.failsBefore }?.version.object
        let oldest = periods.count < Self.maximumPeriods ? nil : periods.last?.version.object
        return [proved, oldest].compactMap(\.self).max()
    }

    private func kept(_ instants: [Timestamp]) -> [Timestamp] {
        guard instants.count > Self.newestKept + 1 else { return instants }
        let firsts = ([nil] + periods.map(\.version.object)).compactMap { after in
            instants.first { instant in after.map { $0 < instant } ?? true }
        }
        return Set(firsts + instants.suffix(Self.newestKept)).sorted()
    }

    /// More than a contract usually has between two payments, and few enough to be read with every account.
    private static let newestKept = 15
}
