extension Double {
    /// The number for a table: as many decimals as a measurement of its size is worth.
    package var text: String {
        text(decimals: self < 10 ? 2 : self < 100 ? 1 : 0)
    }

    /// The number without decimals, for what was counted.
    package var wholeText: String { text(decimals: 0) }

    private func text(decimals: Int) -> String {
        guard isFinite, magnitude < 1e15 else { return "-" }
        var scale: Double = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = String(Int64((magnitude * scale).rounded()))
        let digits = String(repeating: "0", count: max(0, decimals + 1 - scaled.count)) + scaled
        let whole = (self < 0 ? "-" : "") + Self.grouped(digits.dropLast(decimals))
        return decimals == 0 ? whole : "\(whole).\(digits.suffix(decimals))"
    }

    /// Returns digits with a comma before each three.
    private static func grouped(_ digits: Substring) -> String {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
