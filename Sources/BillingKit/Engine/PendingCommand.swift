/// One command that waits, and who waits for its answer.
///
/// A reference, because it goes from hand to hand and a command is large.
final class PendingCommand: Sendable {
    let customer: CustomerID
    let command: Account.Command
    /// The delivery whose effect the command is.
    let lease: DeliveryLease?
    /// What the account is held against, where it is to be examined or mended.
    let examination: CommandProcessor.Examination?
    private let caller: CheckedContinuation<Account.Answer, any Error>

    init(
        _ command: Account.Command,
        for customer: CustomerID,
        lease: DeliveryLease?,
        examination: CommandProcessor.Examination?,
        caller: CheckedContinuation<Account.Answer, any Error>
    ) {
        self.customer = customer
        self.command = command
        self.lease = lease
        self.examination = examination
        self.caller = caller
    }

    /// Gives the caller the answer; once.
    func answer(_ result: Result<Account.Answer, any Error>) {
        caller.resume(with: result)
    }

    /// Whether it can be decided on the account alone, once its key turns out to be free.
    var needsOnlyTheAccount: Bool {
        guard lease == nil, examination == nil else { return false }
        switch command.action {
        case .consume, .consumeAll, .record, .reserve, .capture, .release, .setLevel, .raise, .lower: return true
        default: return false
        }
    }
}

extension Account.Command {
    /// Whether it belongs to work that has begun.
    ///
    /// That is never refused while anything is accepted: the work is done, or goes on.
    var isOfBegunWork: Bool {
        switch action {
        case .capture, .release, .extend: true
        default: false
        }
    }
}
