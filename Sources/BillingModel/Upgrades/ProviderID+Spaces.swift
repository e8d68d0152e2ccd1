extension ProviderID {
    private static let space = UInt8(ascii: " ")
    private static let mark = UInt8(ascii: "%")

    /// The name as it is written between spaces: of a provider account's name anything may be part.
    var withoutSpaces: String {
        var bytes: [UInt8] = []
        for byte in rawValue.utf8 {
            switch byte {
            case Self.space: bytes += "%20".utf8
            case Self.mark: bytes += "%25".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Creates the id from its name as it was written between spaces.
    init(withoutSpaces text: String) {
        var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
        while let byte = rest.popFirst() {
            let isSpace = rest.starts(with: "20".utf8)
            if byte == Self.mark, isSpace || rest.starts(with: "25".utf8) {
                bytes.append(isSpace ? Self.space : Self.mark)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        self.init(String(decoding: bytes, as: UTF8.self))
    }
}
