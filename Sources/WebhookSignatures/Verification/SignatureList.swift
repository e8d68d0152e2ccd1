/// The signatures of a header that are worth a comparison.
///
/// Senders list several signatures while secrets are being exchanged, and may list versions that this receiver does
/// not know. So nothing in one entry is a reason to give up the others.
struct SignatureList {
    /// The most entries that are looked at, which leaves the rest unread.
    static let entryLimit = 64

    /// The codes of the known version that are 32 bytes in canonical Base64.
    private(set) var codes: [[UInt8]] = []

    /// Whether there was an entry of the known version, well formed or not.
    private(set) var hasKnownVersion = false

    /// Reads entries of the form `version,code`, divided by spaces.
    init(_ value: ArraySlice<UInt8>, version: [UInt8]) {
        let entries = value.split(separator: UInt8(ascii: " "), maxSplits: Self.entryLimit)
        for entry in entries.prefix(Self.entryLimit) {
            let comma = entry.firstIndex(of: UInt8(ascii: ",")) ?? entry.endIndex
            guard comma < entry.endIndex, entry[..<comma].elementsEqual(version) else {
                continue
            }
            hasKnownVersion = true
            let text = entry[(comma + 1)...]
            guard text.count == Self.encodedCodeByteCount, let code = Base64.decodeStrictly(text),
                code.count == SHA256.byteCount
            else {
                continue
            }
            codes.append(code)
        }
    }

    /// The length of 32 bytes in padded Base64.
    private static let encodedCodeByteCount = 44
}
