extension Upgrade {
    /// Where a customer who wants to buy came from.
    ///
    /// All of it is text that strangers choose: it comes out of addresses. So it is made harmless where it enters and
    /// never refused, because nobody's purchase shall fail for a campaign's name: control characters and those that turn
    /// the direction of text are left out, and what is too long is cut, between characters. What is left is still a
    /// stranger's text: escape it where it is shown.
    public struct Attribution: Hashable, Sendable {
        /// The campaign's source, `utm_source`.
        public let source: String?

        /// The campaign's medium, `utm_medium`.
        public let medium: String?

        /// The campaign's name, `utm_campaign`.
        public let campaign: String?

        /// The words that were searched for, `utm_term`.
        public let term: String?

        /// Which of several links it was, `utm_content`.
        public let content: String?

        /// The page that the customer came from.
        public let referrer: String?

        /// The page that the customer came to.
        public let landingPage: String?

        /// The most bytes of each of the campaign's texts.
        public static let maximumTextLength = 255

        /// The most bytes of each page's address.
        public static let maximumPageLength = 2_048

        /// Creates an attribution; texts are made harmless, and those of which nothing is left are left out.
        ///
        /// - Parameters:
        ///   - source: The campaign's source; of this and the next four at most ``maximumTextLength`` bytes are kept.
        ///   - medium: The campaign's medium.
        ///   - campaign: The campaign's name.
        ///   - term: The words that were searched for.
        ///   - content: Which of several links it was.
        ///   - referrer: The page that the customer came from; of this and the next at most ``maximumPageLength`` bytes
        ///     are kept.
        ///   - landingPage: The page that the customer came to.
        public init(
            source: String? = nil,
            medium: String? = nil,
            campaign: String? = nil,
            term: String? = nil,
            content: String? = nil,
            referrer: String? = nil,
            landingPage: String? = nil
        ) {
            self.source = Self.harmless(source, within: Self.maximumTextLength)
            self.medium = Self.harmless(medium, within: Self.maximumTextLength)
            self.campaign = Self.harmless(campaign, within: Self.maximumTextLength)
            self.term = Self.harmless(term, within: Self.maximumTextLength)
            self.content = Self.harmless(content, within: Self.maximumTextLength)
            self.referrer = Self.harmless(referrer, within: Self.maximumPageLength)
            self.landingPage = Self.harmless(landingPage, within: Self.maximumPageLength)
        }

        /// A Boolean value indicating whether it says nothing.
        public var isEmpty: Bool { texts.allSatisfy { $0 == nil } }

        /// The texts, in the order that they are declared.
        package var texts: [String?] { [source, medium, campaign, term, content, referrer, landingPage] }

        private static func harmless(_ text: String?, within maximum: Int) -> String? {
            guard let text else { return nil }
            var kept = String.UnicodeScalarView()
            var length = 0
            // However much of it is left out: a stranger does not make us read a gigabyte.
            for scalar in text.unicodeScalars.prefix(4 * maximum) where !isHarmful(scalar) {
                length += UTF8.width(scalar)
                guard length <= maximum else { break }
                kept.append(scalar)
            }
            return kept.isEmpty ? nil : String(kept)
        }

        private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0: true  // controls, NUL among them
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // turns of direction
            case 0x2028, 0x2029: true  // ends of lines
            case 0xFEFF, 0xFFF9...0xFFFB: true  // marks that nobody sees
            default: false
            }
        }
    }

    /// Where a customer came from, and when that was told.
    public struct Visit: Hashable, Sendable {
        /// Where from.
        public let attribution: Attribution

        /// When it was told.
        public let at: Timestamp

        /// Creates a visit.
        public init(_ attribution: Attribution, at: Timestamp) {
            self.attribution = attribution
            self.at = at
        }
    }
}
