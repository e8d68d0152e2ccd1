extension BillingSystem {
    /// What makes a request take effect once.
    ///
    /// The same key with the same request gives the first receipt again, however often and from wherever it
    /// comes; with another request it is an error. Keys are apart for each customer.
    public struct Key: Hashable, Sendable {
        private enum Name: Hashable {
            case given(String)
            case fresh
        }

        private let name: Name

        /// Names a piece of work by the host's id for it.
        public static func job(_ id: some StringProtocol) -> Key {
            Key(name: .given("job:\(id)"))
        }

        /// Names a request by an id that its sender made before the first try.
        public static func request(_ id: some StringProtocol) -> Key {
            Key(name: .given("request:\(id)"))
        }

        /// A fresh key with every use, for what cannot be repeated.
        ///
        /// - Warning: A request that is sent twice is then counted twice. Use it only where no one retries.
        public static var once: Key { Key(name: .fresh) }

        func resolved(by entropy: some BillingEntropy) -> Account.Key {
            switch name {
            case .given(let text): Account.Key(text)
            case .fresh: Account.Key("once:\(entropy.nextName())")
            }
        }
    }
}
