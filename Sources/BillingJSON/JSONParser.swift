import BillingModel

/// Reads JSON strictly, as RFC 8259 has it.
///
/// The platform's readers take the first or the last of two equal keys and turn numbers into `Double` on the way;
/// in a catalog either would change what a customer pays. This one keeps what is written and says where it stops.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var duplicates: [CatalogJSONError.Problem] = []

    /// Reads a document.
    ///
    /// - Returns: The value, and every key that an object has twice.
    static func parse(
        _ document: some Sequence<UInt8>
    ) throws(CatalogJSONError) -> (value: JSONValue, duplicates: [CatalogJSONError.Problem]) {
        var bytes: [UInt8] = []
        for byte in document {
            guard bytes.count < CatalogJSONError.maximumBytes else { throw CatalogJSONError([.init(.tooLarge)]) }
            bytes.append(byte)
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw CatalogJSONError([.init(.notUTF8)]) }
        var parser = JSONParser(bytes: bytes)
        // The mark that some editors put before UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        let value = try parser.value(at: CatalogError.Place())
        parser.skipSpace()
        if parser.next != nil { throw parser.failure("the end of the document") }
        return (value, parser.duplicates)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func failure(_ expected: String) -> CatalogJSONError {
        let before = bytes[..<position]
        let line = before.count { $0 == 0x0A } + 1
        let column = position - (before.lastIndex(of: 0x0A) ?? -1)
        return CatalogJSONError([.init(.syntax(line: line, column: column, expected: expected))])
    }

    private mutating func skipSpace() {
        while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func value(at place: CatalogError.Place) throws(CatalogJSONError) -> JSONValue {
        skipSpace()
        guard let next else { throw failure("a value") }
        switch Unicode.Scalar(next) {
        case "{": return try nested(at: place) { (parser) throws(CatalogJSONError) in try parser.object(at: place) }
        case "[": return try nested(at: place) { (parser) throws(CatalogJSONError) in try parser.array(at: place) }
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        case "-", "0"..."9": return try number()
        default: throw failure("a value")
        }
    }

    private mutating func nested(
        at place: CatalogError.Place,
        _ body: (inout JSONParser) throws(CatalogJSONError) -> JSONValue
    ) throws(CatalogJSONError) -> JSONValue {
        depth += 1
        guard depth <= CatalogJSONError.maximumDepth else { throw CatalogJSONError([.init(.tooDeep, at: place)]) }
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(CatalogJSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("'\(word)'") }
        position += word.utf8.count
        return value
    }

    private mutating func object(at place: CatalogError.Place) throws(CatalogJSONError) -> JSONValue {
        position += 1
        var members: [(key: JSONKey, value: JSONValue)] = []
        var seen: Set<JSONKey> = []
        skipSpace()
        if skip("}") { return .object([]) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a key in quotes") }
            let key = JSONKey(try string())
            let inner = place.at(key.rawValue)
            if !seen.insert(key).inserted { duplicates.append(.init(.duplicateKey, at: inner)) }
            skipSpace()
            guard skip(":") else { throw failure("':'") }
            members.append((key, try value(at: inner)))
            skipSpace()
            if skip("}") { return .object(members) }
            guard skip(",") else { throw failure("',' or '}'") }
        }
    }

    private mutating func array(at place: CatalogError.Place) throws(CatalogJSONError) -> JSONValue {
        position += 1
        var entries: [JSONValue] = []
        skipSpace()
        if skip("]") { return .array([]) }
        while true {
            entries.append(try value(at: place.item(entries.count)))
            skipSpace()
            if skip("]") { return .array(entries) }
            guard skip(",") else { throw failure("',' or ']'") }
        }
    }

    private mutating func number() throws(CatalogJSONError) -> JSONValue {
        let start = position
        _ = skip("-")
        let leadsWithZero = next == UInt8(ascii: "0")
        let wholeDigits = digits()
        guard wholeDigits > 0 else { throw failure("a digit") }
        guard !leadsWithZero || wholeDigits == 1 else { throw failure("a number without a leading zero") }
        let end = position
        if skip("."), digits() == 0 { throw failure("a digit") }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            if digits() == 0 { throw failure("a digit") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if position == end, let integer = Int64(text) { return .integer(integer) }
        return .number(text)
    }

    private mutating func digits() -> Int {
        let start = position
        while let next, (0x30...0x39).contains(next) { position += 1 }
        return position - start
    }

    private mutating func string() throws(CatalogJSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case 0x22:
                position += 1
                return String(decoding: text, as: UTF8.self)
            case 0x5C:
                position += 1
                try escape(into: &text)
            case 0..<0x20: throw failure("no control character; write it as \\u00…")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw failure("the closing quote of a text")
    }

    private mutating func escape(into text: inout [UInt8]) throws(CatalogJSONError) {
        guard let letter = next else { throw failure("an escape") }
        position += 1
        switch Unicode.Scalar(letter) {
        case "\"", "\\", "/": text.append(letter)
        case "b": text.append(0x08)
        case "f": text.append(0x0C)
        case "n": text.append(0x0A)
        case "r": text.append(0x0D)
        case "t": text.append(0x09)
        case "u": text += Array(String(Character(try scalar())).utf8)
        default:
            position -= 1
            throw failure("one of \" \\ / b f n r t u")
        }
    }

    private mutating func scalar() throws(CatalogJSONError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Half of a pair, which names a character only together with the other half.
        guard first < 0xDC00, skip("\\"), skip("u") else { throw failure("the second half of a surrogate pair") }
        let second = try codeUnit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw failure("the second half of a surrogate pair") }
        return scalar
    }

    private mutating func codeUnit() throws(CatalogJSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let next, let digit = Character(Unicode.Scalar(next)).hexDigitValue else {
                throw failure("four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
