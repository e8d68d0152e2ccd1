#if Postgres
/// The messages in one direction of a connection, as bytes arrive.
struct WireMessages {
    private var buffer: [UInt8] = []
    /// The first that a client sends has no type.
    private var isStarted: Bool

    init(fromClient isClient: Bool) {
        isStarted = !isClient
    }

    /// One message with its head.
    struct Message {
        /// `0` for a client's first.
        let type: UInt8
        let bytes: [UInt8]

        /// The texts that it begins with, each of which ends with a zero.
        func texts(_ count: Int) -> [String] {
            bytes.dropFirst(5).split(separator: 0, maxSplits: count, omittingEmptySubsequences: false)
                .prefix(count).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    mutating func add(_ bytes: some Collection<UInt8>) {
        buffer += bytes
    }

    /// Takes the next message that is whole.
    mutating func next() -> Message? {
        let head = isStarted ? 1 : 0
        guard buffer.count >= head + 4 else { return nil }
        let length = head + buffer[head..<head + 4].reduce(0) { $0 << 8 | Int($1) }
        guard buffer.count >= length else { return nil }
        let message = Message(type: isStarted ? buffer[0] : 0, bytes: Array(buffer[..<length]))
        buffer.removeFirst(length)
        isStarted = true
        return message
    }
}
#endif
