/// The least that a gate written by hand would do: compare, subtract and note down.
///
/// It has one counter, one customer and no periods; it looks nothing up, and forgets what it has noted. It is the floor
/// that the model is compared with, and no gate that anybody should have.
struct HandWrittenCounter {
    private(set) var remaining: Int64

    init(remaining: Int64) {
        self.remaining = remaining
    }

    // Not inlined, because the model's functions are not, and because a record that the caller sees being made need
    // not be allocated.
    @inline(never)
    mutating func consume(_ amount: Int64, key: String, at microseconds: Int64) -> JournalRecord? {
        guard amount > 0, amount <= remaining else { return nil }
        remaining -= amount
        return JournalRecord(key: key, amount: amount, microseconds: microseconds)
    }
}
