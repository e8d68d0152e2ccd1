/// What a signature header says, found in one walk without copying anything.
///
/// Senders list several signatures while secrets are being exchanged, and may list versions that this receiver does
/// not know. So a code in one entry that is no code is no reason to give up the others.
package struct SignatureFindings: Equatable {
    /// The most entries that are looked at, which leaves the rest unread.
    package static let entryLimit = 64

    /// Whether there was an entry of the known version, well formed or not.
    package private(set) var hasKnownVersion = false

    /// The number of entries of the known version that are as long as a code is.
    package private(set) var candidateCount = 0

    /// The number of entries whose code is the expected one.
    package private(set) var matchCount = 0

    /// Where the timestamp's digits are, in a header that has exactly one timestamp.
    package private(set) var timestamp: Range<Int>?

    /// Whether a field that matters has no value, or there are two timestamps or signs of two values joined.
    package private(set) var isMalformed = false

    /// Reads a header's value and compares its codes with an expected one.
    ///
    /// Every code is compared in full, and what one comparison finds is added to what the others found.
    ///
    /// - Parameters:
    ///   - value: The value, without spaces around it.
    ///   - header: How the value is divided.
    ///   - expected: The code to compare with, or `nil` to look at the form alone.
    package init(
        _ value: Span<UInt8>,
        in header: WebhookScheme.SignatureHeader,
        comparedWith expected: SIMD8<UInt32>? = nil
    ) {
        switch header.form {
        case .list(let version):
            Self.forEachEntry(of: value, dividedBy: UInt8(ascii: " ")) { entry in
                // Only a joining of two header lines puts a comma there. Which of their entries would be read depends on
                // the order of the lines, so none is.
                isMalformed = isMalformed || value[entry.upperBound - 1] == UInt8(ascii: ",")
                let nameEnd = Self.index(of: UInt8(ascii: ","), in: value, entry) ?? entry.upperBound
                if nameEnd < entry.upperBound, Self.text(version, isAt: entry.lowerBound..<nameEnd, of: value) {
                    take(value.extracting(nameEnd + 1..<entry.upperBound), header.encoding, expected)
                }
            }
        case .fields(let separator, let timestamp, let signature):
            isMalformed = Self.isJoined(value, dividedBy: separator)
            Self.forEachEntry(of: value, dividedBy: separator) { entry in
                let nameEnd = Self.index(of: UInt8(ascii: "="), in: value, entry) ?? entry.upperBound
                let name = entry.lowerBound..<nameEnd
                let isTimestamp = timestamp.map { Self.text($0, isAt: name, of: value) } ?? false
                guard isTimestamp || Self.text(signature, isAt: name, of: value) else {
                    return
                }
                guard nameEnd < entry.upperBound else {
                    isMalformed = true
                    return
                }
                let text = nameEnd + 1..<entry.upperBound
                if isTimestamp {
                    isMalformed = isMalformed || self.timestamp != nil
                    self.timestamp = text
                } else {
                    take(value.extracting(text), header.encoding, expected)
                }
            }
        case .single(let prefix):
            let prefixEnd = min(prefix.count, value.count)
            if !value.isEmpty, Self.text(prefix, isAt: 0..<prefixEnd, of: value) {
                take(value.extracting(prefixEnd..<value.count), header.encoding, expected)
            }
        }
    }

    private mutating func take(
        _ text: Span<UInt8>,
        _ encoding: WebhookScheme.SignatureHeader.Encoding,
        _ expected: SIMD8<UInt32>?
    ) {
        hasKnownVersion = true
        guard text.count == encoding.characterCount else {
            return
        }
        candidateCount += 1
        if let expected, let code = encoding.code(text) {
            matchCount += ConstantTime.areEqual(expected, code) ? 1 : 0
        }
    }

    /// Calls a function for each entry that is not empty, up to the limit.
    private static func forEachEntry(
        of value: Span<UInt8>,
        dividedBy separator: UInt8,
        _ body: (_ entry: Range<Int>) -> Void
    ) {
        var start = 0
        var entryCount = 0
        while start < value.count && entryCount < entryLimit {
            let end = index(of: separator, in: value, start..<value.count) ?? value.count
            if end > start {
                entryCount += 1
                body(start..<end)
            }
            start = end + 1
        }
    }

    /// Whether a value of fields has what only a joining of two header lines puts there.
    private static func isJoined(_ value: Span<UInt8>, dividedBy separator: UInt8) -> Bool {
        let comma = UInt8(ascii: ",")
        for index in 0..<value.count {
            switch value[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): return true
            case comma where separator != comma: return true
            default: continue
            }
        }
        return false
    }

    private static func index(of byte: UInt8, in value: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if value[index] == byte {
                return index
            }
            index += 1
        }
        return nil
    }

    private static func text(_ text: [UInt8], isAt range: Range<Int>, of value: Span<UInt8>) -> Bool {
        guard text.count == range.count else {
            return false
        }
        for offset in text.indices where text[offset] != value[range.lowerBound + offset] {
            return false
        }
        return true
    }
}
