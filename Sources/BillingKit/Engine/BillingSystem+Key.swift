extension BillingSystem {
    /// What makes a request take effect once.
    ///
    /// The same key with the same request gives the first receipt again, however often and from wherever it
    /// comes; with another request it is an error. Keys are apart for each customer.
    public struct Key: Hashable, Sendable {
        private enum Name: Hashable {
            case given(kind: String, id: String)
            case fresh
        }

        private let name: Name

        /// Names a piece of work by the host's id for it: 1 to 255 bytes without NUL.
        public static func job(_ id: some StringProtocol) -> Key {
            Key(name: .given(kind: "job", id: String(id)))
        }

        /// Names a request by an id that its sender made before the first try: 1 to 255 bytes without NUL.
        public static func request(_ id: some StringProtocol) -> Key {
            Key(name: .given(kind: "request", id: String(id)))
        }

        /// A fresh key with every use, for what cannot be repeated.
        ///
        /// - Warning: A request that is sent twice is then counted twice. Use it only where no one retries.
        public static var once: Key { Key(name: .fresh) }

        /// The key as the model knows it.
        ///
        /// An empty id is refused here, where it still can be told from others: every request without one would
        /// be a repeat of the first, and free.
        func resolved(by entropy: some BillingEntropy) throws(Account.DecisionError) -> Account.Key {
            switch name {
            case .given(let kind, let id):
                guard id.isWellFormedIdentifier else {
                    throw Account.DecisionError(
                        .malformedIdentifier,
                        "The id of a \(kind) key has \(id.utf8.count) bytes; 1 to \(String.maximumIdentifierLength) bytes "
                            + "without NUL are allowed. Give it the id of the work, or use '.once'."
                    )
                }
                return Account.Key("\(kind):\(id)")
            case .fresh:
                return Account.Key("once:\(entropy.nextName())")
            }
        }
    }
}

extension BillingSystem {
    /// A key of one call's own, for a command that its caller gives none.
    ///
    /// Where the store cannot say whether a commit was made, the command is decided again; by its key it then finds what it
    /// has done itself, and does not take that for another one's.
    var keyOfCall: Account.Key { Account.Key("once:\(entropy.nextName())") }

    /// Returns a command under a host's key.
    func command(
        _ action: Account.Command.Action,
        by member: MemberID?,
        reference: String? = nil,
        key: Key
    ) throws(Account.DecisionError) -> Account.Command {
        Account.Command(action, key: try key.resolved(by: entropy), member: member, reference: reference)
    }
}
