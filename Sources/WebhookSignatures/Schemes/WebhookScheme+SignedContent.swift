extension WebhookScheme {
    /// Returns the code of a delivery: over identifier, timestamp and body, with full stops between them.
    ///
    /// - Parameters:
    ///   - body: The body's bytes.
    ///   - identifier: The identifier's bytes as they are in the header.
    ///   - digits: The timestamp's bytes as they are in the header.
    ///   - key: The prepared key.
    /// - Returns: The code that a genuine delivery carries.
    func code(
        of body: [UInt8],
        identifier: ArraySlice<UInt8>,
        digits: ArraySlice<UInt8>,
        using key: HMACSHA256.Key
    ) -> HMACSHA256.AuthenticationCode {
        let fullStop = CollectionOfOne(UInt8(ascii: "."))
        var mac = HMACSHA256(key: key)
        mac.update(identifier.span)
        mac.update(fullStop)
        mac.update(digits.span)
        mac.update(fullStop)
        mac.update(body)
        return mac.finalize()
    }
}
