import BillingKit

/// A value that the file can hold.
protocol Filed {
    /// Writes the value to the end of a page.
    func write(to page: inout Page)

    /// Reads the value where a page is read.
    init(from page: inout Page) throws
}

/// Bytes that values are written to and read from: numbers in figures, texts after their length.
struct Page {
    /// A page that does not say what it should.
    struct Unreadable: Error {
        let position: Int
    }

    private(set) var bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// Whether there is nothing left to read.
    var isRead: Bool { position == bytes.count }

    mutating func write<each Value: Filed>(_ values: repeat each Value) {
        repeat (each values).write(to: &self)
    }

    mutating func read<Value: Filed>(_: Value.Type = Value.self) throws -> Value {
        try Value(from: &self)
    }

    mutating func write(number: Int64) {
        bytes += Array("\(number) ".utf8)
    }

    mutating func readNumber() throws -> Int64 {
        guard
            let end = bytes[position...].firstIndex(of: UInt8(ascii: " ")),
            let number = Int64(String(decoding: bytes[position..<end], as: UTF8.self))
        else { throw unreadable }
        position = end + 1
        return number
    }

    mutating func write(bytes more: some Collection<UInt8>) {
        write(number: Int64(more.count))
        bytes += more
    }

    mutating func readBytes() throws -> ArraySlice<UInt8> {
        guard let count = Int(exactly: try readNumber()), count >= 0, count <= bytes.count - position else {
            throw unreadable
        }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// The error of what is read here.
    var unreadable: Unreadable { Unreadable(position: position) }
}

// MARK: What every language has

extension Int64: Filed {
    func write(to page: inout Page) { page.write(number: self) }

    init(from page: inout Page) throws { self = try page.readNumber() }
}

extension Int: Filed {
    func write(to page: inout Page) { page.write(number: Int64(self)) }

    init(from page: inout Page) throws { self = Int(try page.readNumber()) }
}

extension Bool: Filed {
    func write(to page: inout Page) { page.write(number: self ? 1 : 0) }

    init(from page: inout Page) throws { self = try page.readNumber() == 1 }
}

extension String: Filed {
    func write(to page: inout Page) { page.write(bytes: utf8) }

    init(from page: inout Page) throws { self.init(decoding: try page.readBytes(), as: UTF8.self) }
}

extension Optional: Filed where Wrapped: Filed {
    func write(to page: inout Page) {
        page.write(self != nil)
        if let value = self { page.write(value) }
    }

    init(from page: inout Page) throws { self = try page.read(Bool.self) ? try page.read(Wrapped.self) : nil }
}

extension Array: Filed where Element: Filed {
    func write(to page: inout Page) {
        page.write(count)
        for element in self { page.write(element) }
    }

    init(from page: inout Page) throws {
        self = []
        for _ in 0..<(try page.read(Int.self)) { append(try page.read()) }
    }
}

// Whatever is a text in another type.

extension Filed where Self: RawRepresentable, RawValue == String {
    func write(to page: inout Page) { page.write(rawValue) }

    init(from page: inout Page) throws {
        guard let value = Self(rawValue: try page.read()) else { throw page.unreadable }
        self = value
    }
}

extension Filed where Self: Identifier {
    func write(to page: inout Page) { page.write(rawValue) }

    init(from page: inout Page) throws { self.init(try page.read(String.self)) }
}
