package import BillingKit

/// A step of a task, as it was acknowledged.
package struct CrashStep: Hashable, Sendable {
    /// Whose step it is, and which of its steps.
    package let task: Int
    package let number: Int
    /// Where it is in the journal.
    package let customer: CustomerID
    package let revision: Int64
    package let kind: String
    package let key: Account.Key

    init(task: Int, number: Int, receipt: Account.Receipt, of customer: CustomerID, kind: String, key: String) {
        self.task = task
        self.number = number
        self.customer = customer
        revision = receipt.revision
        self.kind = kind
        self.key = Account.Key(key)
    }

    /// Reads a step as a program has said it; `nil` when it has said something else.
    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 6, let task = Int(words[0]), let number = Int(words[1]), let revision = Int64(words[3])
        else { return nil }
        self.task = task
        self.number = number
        customer = CustomerID(String(words[2]))
        self.revision = revision
        kind = String(words[4])
        key = Account.Key(String(words[5]))
    }

    /// Whether a journal has it, where it was said to be.
    package func isThere(in audit: Audit) -> Bool {
        let change = audit.changes[customer]?[revision]
        return change?.key == key && change?.kind.rawValue == kind
    }
}

extension CrashStep: CustomStringConvertible {
    /// The step in the words of a program.
    package var description: String { "\(task) \(number) \(customer) \(revision) \(kind) \(key)" }
}
