/// What the counter written by hand notes down.
final class JournalRecord {
    let key: String
    let amount: Int64
    let microseconds: Int64

    init(key: String, amount: Int64, microseconds: Int64) {
        self.key = key
        self.amount = amount
        self.microseconds = microseconds
    }
}
