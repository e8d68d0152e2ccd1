extension Recurrence: CustomStringConvertible {
    /// The recurrence in words, such as `month`, `3 days` or `month at UTC+02:00`.
    public var description: String {
        let interval = count == 1 ? unit.rawValue : "\(count) \(unit.rawValue)s"
        guard offsetSeconds != 0 else { return interval }
        let seconds = Int(offsetSeconds.magnitude)
        let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        let offset = time.prefix(seconds % 60 == 0 ? 2 : 3).joined(separator: ":")
        return "\(interval) at UTC\(offsetSeconds < 0 ? "-" : "+")\(offset)"
    }
}
