/// A fault of a store.
///
/// Every store sorts its database's errors into these codes; what to do about each is the engine's to know.
public struct StoreError: Error, Hashable, Sendable {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// Something that must be unique is there already.
        case unique
        /// The transaction cannot be put in an order with others; run it again.
        case serialization
        /// Two transactions waited for each other; run it again.
        case deadlock
        /// A lock was not to be had in time.
        case lockTimeout
        /// Another connection has the database locked.
        case busy
        /// The disk or the database is full.
        case full
        /// The connection broke before the commit; nothing was written.
        case connectionLost
        /// The connection broke during the commit; whether it was written is not known.
        case outcomeUnknown
        /// The database cannot be opened.
        case cannotOpen
        /// Another process has the database open.
        case inUse
        /// The database was written by a newer version of the kit.
        case newerSchema
        /// The store has been closed.
        case closed
        /// The part of the journal that was asked for has been archived.
        case archived
        /// A statement of the host's own is wrong, or may not run inside a transaction with the kit.
        case statement
        /// A row of the host's own breaks a constraint of its table.
        case constraint
        /// The server's clock is far ahead of the store's; nothing was done.
        case clockAhead
        /// What the database holds, or does, is not what the kit wrote or asked for.
        case corrupt
    }

    /// The kind of fault.
    public let code: Code

    /// What went wrong, with which value, and what to do, as a sentence.
    public let message: String

    /// Creates a fault.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A Boolean value indicating whether the same call may well succeed when it is made again at once.
    ///
    /// A lock is not among these: the store has waited for it already, as long as its host lets it.
    var isTransient: Bool {
        switch code {
        case .serialization, .deadlock, .connectionLost, .outcomeUnknown: true
        default: false
        }
    }

    /// A Boolean value indicating whether the fault is one of the store or the way to it, and neither of what was to be written
    /// nor of what others do with the same account.
    var isOfStore: Bool {
        switch code {
        case .unique, .corrupt, .lockTimeout, .serialization, .deadlock: false
        default: true
        }
    }

    /// The fault as it is for who meets it before anything was sent.
    var ofWhatWasNotSent: StoreError {
        code == .outcomeUnknown ? StoreError(.connectionLost, message) : self
    }

    /// A Boolean value indicating whether the fault may lie in what was to be written, and not in the store.
    var isOfData: Bool {
        code == .unique || code == .corrupt
    }
}

extension StoreError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
