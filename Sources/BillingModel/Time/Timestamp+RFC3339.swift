extension Timestamp {
    /// Creates an instant from RFC 3339 text, such as `2026-12-01T09:04:00.031950Z`, or returns `nil`.
    ///
    /// Providers write the same instant with and without a fraction, so the text is read, never compared.
    /// Fractions beyond the microsecond are dropped. A leap second (`:60`) counts as the second after `:59`.
    ///
    /// - Parameter text: A date, `T`, a time, an optional fraction of up to 9 digits, and `Z` or a numeric
    ///   offset of at most ±23:59. A space instead of `T`, or a missing offset, is not RFC 3339.
    public init?(rfc3339 text: some StringProtocol) {
        var reader = Reader(Array(text.utf8))
        guard
            let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), (1...12).contains(month), reader.skip("-"),
            let day = reader.number(digits: 2), (1...CivilDate.daysInMonth(month, of: year)).contains(day),
            reader.skip("T") || reader.skip("t"),
            let hour = reader.number(digits: 2), hour < 24, reader.skip(":"),
            let minute = reader.number(digits: 2), minute < 60, reader.skip(":"),
            let second = reader.number(digits: 2), second <= 60,
            let fraction = reader.fractionInMicroseconds(),
            let offset = reader.offsetInSeconds(),
            reader.isAtEnd
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.init(microseconds: seconds * Self.microsecondsPerSecond + fraction)
    }

    /// The bytes of the text and how far they have been read.
    private struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { position == bytes.count }

        private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard let next, UInt32(next) == character.value else { return false }
            position += 1
            return true
        }

        private mutating func digit() -> Int64? {
            guard let next, (0x30...0x39).contains(next) else { return nil }
            position += 1
            return Int64(next) - 0x30
        }

        mutating func number(digits: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        mutating func fractionInMicroseconds() -> Int64? {
            guard skip(".") else { return 0 }
            var value: Int64 = 0
            var count = 0
            while let digit = digit() {
                count += 1
                if count <= 6 { value = value * 10 + digit }
            }
            guard (1...9).contains(count) else { return nil }
            for _ in 0..<max(0, 6 - count) { value *= 10 }
            return value
        }

        mutating func offsetInSeconds() -> Int64? {
            if skip("Z") || skip("z") { return 0 }
            let isNegative = skip("-")
            guard isNegative || skip("+") else { return nil }
            guard
                let hours = number(digits: 2), hours < 24, skip(":"),
                let minutes = number(digits: 2), minutes < 60
            else { return nil }
            let seconds = hours * 3_600 + minutes * 60
            return isNegative ? -seconds : seconds
        }
    }
}

extension Timestamp: CustomStringConvertible {
    /// The instant as RFC 3339 text in UTC, with six fractional digits when it is not on a whole second.
    public var description: String {
        let seconds = self.seconds
        let days = seconds.flooredQuotient(by: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        let secondOfDay = seconds - days * 86_400
        // `&-` and `&*` are exact here: the product lies within a second of an instant that is representable.
        let fraction = microseconds &- seconds &* Self.microsecondsPerSecond
        let time =
            Self.padded(secondOfDay / 3_600, to: 2) + ":" + Self.padded(secondOfDay / 60 % 60, to: 2) + ":"
            + Self.padded(secondOfDay % 60, to: 2)
        return Self.padded(date.year, to: 4) + "-" + Self.padded(date.month, to: 2) + "-"
            + Self.padded(date.day, to: 2) + "T" + time + (fraction == 0 ? "" : "." + Self.padded(fraction, to: 6))
            + "Z"
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
