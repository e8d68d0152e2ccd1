extension WebhookScheme {
    /// The ways in which Polar has made keys of its endpoint secrets.
    ///
    /// Polar changed its way for secrets created from 8 September 2026 on. Secrets from before keep the original
    /// one, and neither their text nor their prefix tells the two apart.
    public enum PolarKeys: Sendable, Hashable {
        /// Both ways are tried, the original one first.
        ///
        /// This is right for every secret and costs a forged delivery a second hash of its body. A secret that is
        /// not Base64 after its prefix has the original key only.
        case either

        /// The key is the UTF-8 text of the whole secret, prefix included.
        case original

        /// The key is what the text after `whsec_` stands for in Base64, as Standard Webhooks has it.
        case standard
    }

    /// Polar's webhooks, whichever way the secret's key is made.
    ///
    /// Use ``polar(keys:)`` to pin one way when you know when the secret was created. Headers and signatures are
    /// those of ``standardWebhooks``. Source: Polar's official clients since September 2026, which try both.
    public static let polar = WebhookScheme.polar(keys: .either)

    /// Returns the scheme of Polar's webhooks with the way of making keys pinned.
    ///
    /// - Parameter keys: Which way to use, or either. Either is what ``polar`` has.
    /// - Returns: The scheme with the default tolerance.
    public static func polar(keys: PolarKeys) -> WebhookScheme {
        let derivations: [KeyDerivation] =
            switch keys {
            case .either: [.wholeSecret, .base64()]
            case .original: [.wholeSecret]
            case .standard: [.base64()]
            }
        return standard("polar", keyDerivations: derivations)
    }
}
