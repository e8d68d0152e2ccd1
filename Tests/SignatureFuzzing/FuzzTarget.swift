import WebhookSignatures

/// What outside bytes are read by, each with what has to hold for all bytes.
///
/// A fuzzer looks for bytes that trap. So what does not hold traps too.
package enum FuzzTarget: String, CaseIterable {
    case base64, hexadecimal, secret, timestamp, identifier
    case signatureList = "signature-list"
    case signatureFields = "signature-fields"
    case singleSignature = "single-signature"
    case delivery

    /// Gives bytes to the target.
    package func run(_ bytes: [UInt8]) {
        switch self {
        case .base64: Self.readBase64(bytes)
        case .hexadecimal: Self.readHexadecimal(bytes)
        case .secret: Self.readSecret(bytes)
        case .timestamp: Self.readTimestamp(bytes)
        case .identifier: Self.readIdentifier(bytes)
        case .signatureList: Self.readSignatures(bytes, in: .list("a"), separator: " ", name: "v1", end: ",")
        case .signatureFields:
            Self.readSignatures(bytes, in: .fields("a"), separator: ",", name: "v1", end: "=", timestamp: "t")
        case .singleSignature: Self.readSingleSignature(bytes)
        case .delivery: DeliveryTrial.run(bytes)
        }
    }

    private static func readBase64(_ bytes: [UInt8]) {
        let strict = Base64.decodeStrictly(bytes)
        if let strict {
            precondition(Array(Base64.encode(strict).utf8) == bytes, "canonical text has one spelling")
            precondition(Base64.decodeLeniently(bytes) == strict, "who is lenient reads canonical text as well")
        }
        if let lenient = Base64.decodeLeniently(bytes) {
            precondition(lenient.count <= bytes.count * 3 / 4, "four letters are three bytes")
            precondition(Base64.decodeStrictly(Array(Base64.encode(lenient).utf8)) == lenient, "bytes come back")
        }
        let code = bytes.read { Base64.code($0) }
        precondition((code != nil) == (strict?.count == 32), "a code is canonical text of 32 bytes")
        if let code, let strict {
            precondition(Self.bytes(of: code) == strict, "both readers read the same")
        }
    }

    private static func readHexadecimal(_ bytes: [UInt8]) {
        let isCode = bytes.count == 64 && bytes.allSatisfy { Array("0123456789abcdef".utf8).contains($0) }
        let code = bytes.read { Hexadecimal.code($0) }
        precondition((code != nil) == isCode, "a code is 64 lowercase digits")
        if let code {
            precondition(Array(Hexadecimal.encode(Self.bytes(of: code)).utf8) == bytes, "a code has one spelling")
        }
    }

    private static func readSecret(_ bytes: [UInt8]) {
        let secret = String(decoding: bytes, as: UTF8.self)
        let verifier = try? WebhookVerifier(.standardWebhooks, secrets: [secret])
        let prefix = "whsec_"
        let encoded = secret.utf8.dropFirst(secret.utf8.starts(with: prefix.utf8) ? prefix.utf8.count : 0)
        let key = Base64.decodeLeniently(encoded) ?? []
        precondition(verifier == nil || !key.isEmpty, "a verifier has a key")
        // The rest takes hashes, which are slow under a sanitizer: now and then is enough.
        guard bytes.count.isMultiple(of: 16) else {
            return
        }
        for scheme in [WebhookScheme.standardWebhooks, .polar, .stripe] {
            guard let signer = try? WebhookSigner(scheme, secrets: [secret]),
                let verifier = try? WebhookVerifier(scheme, secrets: [secret]),
                let headers = try? signer.sign([1], id: "a", timestamp: 5)
            else {
                continue
            }
            let verdict = verifier.verify([1], at: 5) { headers[$0].map { [$0] } ?? [] }
            guard case .verified = verdict else {
                preconditionFailure("what is signed under a secret is verified under it")
            }
        }
    }

    private static func readTimestamp(_ bytes: [UInt8]) {
        guard let value = bytes.read({ HeaderSyntax.timestamp($0) }) else {
            precondition(
                bytes.isEmpty || bytes.count > 15 || (bytes[0] == 0x30 && bytes.count > 1)
                    || bytes.contains { !(0x30...0x39).contains($0) },
                "digits are a timestamp"
            )
            return
        }
        precondition(Array(String(value).utf8) == bytes, "an instant has one spelling")
    }

    private static func readIdentifier(_ bytes: [UInt8]) {
        let end = UInt8(ascii: ".")
        let isIdentifier =
            !bytes.isEmpty && bytes.count <= 255 && !bytes.contains(end) && bytes.allSatisfy { 0x20 < $0 && $0 < 0x7f }
        precondition(bytes.read({ HeaderSyntax.isIdentifier($0, endedBy: end) }) == isIdentifier)
        let trimmed = bytes.read { HeaderSyntax.trimmed($0) }
        let blanks: Set<UInt8> = [0x20, 0x09]
        precondition(bytes[..<trimmed.lowerBound].allSatisfy(blanks.contains))
        precondition(bytes[trimmed.upperBound...].allSatisfy(blanks.contains))
        if let first = bytes[trimmed].first, let last = bytes[trimmed].last {
            precondition(!blanks.contains(first) && !blanks.contains(last), "nothing is left around the value")
        }
    }

    /// Reads a header by the module and by a second reader, which cuts it into arrays.
    private static func readSignatures(
        _ bytes: [UInt8],
        in header: WebhookScheme.SignatureHeader,
        separator: Unicode.Scalar,
        name: String,
        end: Unicode.Scalar,
        timestamp: String? = nil
    ) {
        let findings = bytes.read { SignatureFindings($0, in: header) }
        var codes: [[UInt8]] = []
        var candidateCount = 0
        var hasKnownVersion = false
        var isMalformed = false
        var times: [[UInt8]] = []
        for entry in bytes.split(separator: UInt8(ascii: separator)).prefix(SignatureFindings.entryLimit) {
            isMalformed = isMalformed || (timestamp == nil && entry.last == UInt8(ascii: ","))
            let parts = entry.split(separator: UInt8(ascii: end), maxSplits: 1, omittingEmptySubsequences: false)
            let isTimestamp = timestamp.map { Array($0.utf8) == Array(parts[0]) } ?? false
            guard isTimestamp || Array(name.utf8) == Array(parts[0]) else {
                continue
            }
            guard parts.count == 2 else {
                isMalformed = isMalformed || timestamp != nil
                continue
            }
            if isTimestamp {
                times.append(Array(parts[1]))
                continue
            }
            hasKnownVersion = true
            candidateCount += parts[1].count == (timestamp == nil ? 44 : 64) ? 1 : 0
            if timestamp == nil {
                if let code = Base64.decodeStrictly(parts[1]), code.count == 32 { codes.append(code) }
            } else if let code = Array(parts[1]).read({ Hexadecimal.code($0) }) {
                codes.append(Self.bytes(of: code))
            }
        }
        precondition(findings.hasKnownVersion == hasKnownVersion)
        precondition(findings.candidateCount == candidateCount)
        let hasBlank = timestamp != nil && (bytes.contains(0x20) || bytes.contains(0x09))
        precondition(findings.isMalformed == (isMalformed || hasBlank || times.count > 1))
        precondition((findings.timestamp != nil) == !times.isEmpty)
        if let place = findings.timestamp, let time = times.last {
            precondition(Array(bytes[place]) == time)
        }
        if let code = codes.randomlyChosen(by: bytes.count), let words = Self.words(of: code) {
            let matches = bytes.read { SignatureFindings($0, in: header, comparedWith: words) }.matchCount
            precondition(matches == codes.count { $0 == code }, "a code is found as often as it is there")
        }
    }

    private static func readSingleSignature(_ bytes: [UInt8]) {
        let findings = bytes.read { SignatureFindings($0, in: .single("a", prefix: "sha256=")) }
        let prefix = Array("sha256=".utf8)
        precondition(findings.hasKnownVersion == bytes.starts(with: prefix))
        let text = Array(bytes.dropFirst(prefix.count))
        precondition(findings.candidateCount == (findings.hasKnownVersion && text.count == 64 ? 1 : 0))
        let bare = bytes.read { SignatureFindings($0, in: .single("a", encoding: .base64)) }
        precondition(bare.candidateCount == (bytes.count == 44 ? 1 : 0))
        for code in [text.read { Hexadecimal.code($0) }, bytes.read { Base64.code($0) }].compactMap({ $0 }) {
            let found = bytes.read { SignatureFindings($0, in: .single("a", prefix: "sha256="), comparedWith: code) }
            precondition(
                found.matchCount == (text.read { Hexadecimal.code($0) } == code && found.hasKnownVersion ? 1 : 0)
            )
        }
    }

    static func bytes(of words: SIMD8<UInt32>) -> [UInt8] {
        words.indices.flatMap { index in
            (0..<4).map { UInt8(truncatingIfNeeded: words[index] >> UInt32(24 - 8 * $0)) }
        }
    }

    private static func words(of bytes: [UInt8]) -> SIMD8<UInt32>? {
        Array(Hexadecimal.encode(bytes).utf8).read { Hexadecimal.code($0) }
    }
}

extension [UInt8] {
    /// Returns what a function makes of a span of the bytes.
    fileprivate func read<Answer>(_ body: (Span<UInt8>) -> Answer) -> Answer {
        let slice = self[...]
        return body(slice.span)
    }
}

extension Array {
    /// An element that depends on the number alone, so that a run can be repeated.
    fileprivate func randomlyChosen(by number: Int) -> Element? {
        isEmpty ? nil : self[number % count]
    }
}
