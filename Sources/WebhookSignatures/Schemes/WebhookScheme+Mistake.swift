extension WebhookScheme {
    /// What is wrong with the description, if anything.
    package var mistake: WebhookSchemeError? {
        (mistakeInNames ?? mistakeInContent).map { WebhookSchemeError($0) }
    }

    private var mistakeInNames: WebhookSchemeError.Code? {
        let names = headerNames
        guard names.allSatisfy({ Self.isName([UInt8]($0.utf8)) }) else {
            return .malformedName
        }
        guard Set(names).count == names.count else {
            return .repeatedName
        }
        switch signature.form {
        case .list(let version):
            return Self.isName(version) ? nil : .malformedName
        case .fields(let separator, let timestamp, let signature):
            guard Self.isSeparator(separator) else {
                return .malformedSeparator
            }
            guard ([signature] + [timestamp].compactMap { $0 }).allSatisfy(Self.isName),
                !signature.contains(separator), timestamp?.contains(separator) != true
            else {
                return .malformedName
            }
            return timestamp == signature ? .repeatedName : nil
        case .single(let prefix):
            return prefix.allSatisfy { (0x21...0x7e).contains($0) } ? nil : .malformedName
        }
    }

    private var mistakeInContent: WebhookSchemeError.Code? {
        guard signedContent.last == .body, signedContent.count(where: { $0 == .body }) == 1 else {
            return .bodyNotLast
        }
        let timestampPlaceCount = (timestampHeader == nil ? 0 : 1) + (signature.hasTimestamp ? 1 : 0)
        let identifierPlaceCount = identifierHeader == nil ? 0 : 1
        for (part, placeCount) in [(SignedPart.timestamp, timestampPlaceCount), (.identifier, identifierPlaceCount)] {
            guard let index = signedContent.firstIndex(of: part) else {
                if placeCount > 0 {
                    return .notSigned
                }
                continue
            }
            guard placeCount == 1 else {
                return .notSent
            }
            guard index == signedContent.lastIndex(of: part), Self.isEnd(signedContent[index + 1], of: part) else {
                return .ambiguousContent
            }
        }
        return nil
    }

    /// Whether a text after the identifier or the timestamp shows without doubt where that ends.
    private static func isEnd(_ next: SignedPart, of part: SignedPart) -> Bool {
        guard case .text(let text) = next.kind, let first = text.first else {
            return false
        }
        return part == .identifier || !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }

    /// Whether bytes can be the name of a header (RFC 9110, 5.6.2) and, having no `=`, `,` or space, of a field.
    private static func isName(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                isAlphanumeric(byte) || [UInt8]("!#$%&'*+-.^_`|~".utf8).contains(byte)
            }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        (0x21...0x7e).contains(byte) && !isAlphanumeric(byte) && ![UInt8]("=+/-_".utf8).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
