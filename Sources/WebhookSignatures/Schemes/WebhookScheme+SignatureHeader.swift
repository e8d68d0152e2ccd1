extension WebhookScheme {
    /// The header with the signatures, and how they are written in it.
    public struct SignatureHeader: Sendable, Hashable {
        /// How the value of the header is divided.
        enum Form: Hashable {
            /// `v1,CODE v1,CODE`
            case list(version: [UInt8])
            /// `t=DIGITS,v1=CODE,v1=CODE`
            case fields(separator: UInt8, timestamp: [UInt8]?, signature: [UInt8])
            /// `CODE`, after an optional prefix.
            case single(prefix: [UInt8])
        }

        /// The name of the header, in lowercase.
        let name: String

        let form: Form
        let encoding: Encoding

        private init(_ name: String, _ form: Form, _ encoding: Encoding) {
            self.name = name.lowercased()
            self.form = form
            self.encoding = encoding
        }

        /// Returns a header with signatures such as `v1,CODE`, divided by spaces.
        ///
        /// Entries of other versions are ignored. A comma at the end of an entry is a sign of two headers joined and
        /// refused.
        ///
        /// - Parameters:
        ///   - name: The name of the header.
        ///   - version: What stands before the comma of a signature.
        ///   - encoding: How the code is written.
        /// - Returns: The header.
        public static func list(
            _ name: String,
            version: String = "v1",
            encoding: Encoding = .base64
        ) -> SignatureHeader {
            SignatureHeader(name, .list(version: [UInt8](version.utf8)), encoding)
        }

        /// Returns a header with named fields such as `t=1700000000,v1=CODE`.
        ///
        /// There may be several signatures and has to be exactly one timestamp. Fields of other names are ignored. A
        /// blank, or a comma where another character divides, is a sign of two headers joined and refused.
        ///
        /// - Parameters:
        ///   - name: The name of the header.
        ///   - separator: The ASCII character between two fields: punctuation other than `=`, `+` and `/`.
        ///   - timestamp: The name of the field with the time in Unix seconds, or `nil` where it is not in this header.
        ///   - signature: The name of the fields with a signature.
        ///   - encoding: How the code is written.
        /// - Returns: The header.
        public static func fields(
            _ name: String,
            separator: Character = ",",
            timestamp: String? = "t",
            signature: String = "v1",
            encoding: Encoding = .hexadecimal
        ) -> SignatureHeader {
            // What is no ASCII character becomes a separator that is refused when the scheme is made.
            let form = Form.fields(
                separator: separator.asciiValue ?? UInt8(ascii: "="),
                timestamp: timestamp.map { [UInt8]($0.utf8) },
                signature: [UInt8](signature.utf8)
            )
            return SignatureHeader(name, form, encoding)
        }

        /// Returns a header with one signature and nothing else.
        ///
        /// - Parameters:
        ///   - name: The name of the header.
        ///   - prefix: What stands before the code.
        ///   - encoding: How the code is written.
        /// - Returns: The header.
        public static func single(
            _ name: String,
            prefix: String = "",
            encoding: Encoding = .hexadecimal
        ) -> SignatureHeader {
            SignatureHeader(name, .single(prefix: [UInt8](prefix.utf8)), encoding)
        }

        /// Whether the timestamp is in this header.
        var hasTimestamp: Bool {
            if case .fields(_, .some, _) = form { true } else { false }
        }
    }
}

extension WebhookScheme.SignatureHeader {
    /// How the 32 bytes of a code are written.
    ///
    /// Each code has one spelling only: others of the same bytes are refused.
    public enum Encoding: Sendable, Hashable {
        /// 44 characters of padded Base64 with `+` and `/`.
        case base64

        /// 64 lowercase hexadecimal digits.
        case hexadecimal

        /// The number of characters.
        var characterCount: Int {
            switch self {
            case .base64: 44
            case .hexadecimal: 64
            }
        }

        /// Returns the words of a code, or `nil` for anything but the one spelling of one.
        func code(_ text: Span<UInt8>) -> SIMD8<UInt32>? {
            switch self {
            case .base64: Base64.code(text)
            case .hexadecimal: Hexadecimal.code(text)
            }
        }

        /// Returns the one spelling of a code.
        func text(_ code: HMACSHA256.AuthenticationCode) -> String {
            switch self {
            case .base64: Base64.encode(code.bytes)
            case .hexadecimal: Hexadecimal.encode(code.bytes)
            }
        }
    }
}
