import BillingKit

/// What a server answered to a request.
enum Answer: Sendable {
    case receipt(Account.Receipt, grant: Account.Grant.ID? = nil)
    case denied(Account.Denial)
    case reserved(BillingSystem.Reservation)
    case released(Account.Receipt)
    /// The hold or the grant is gone.
    case gone
    case extended(until: Timestamp)
    case exceedsUse(left: Int64)
    case alreadyGranted
    case trial(began: Bool)
    case allowed(Account.Remaining)
    case standing(Account.Overview)
    case findings([Account.Finding])
    /// The work failed, as it was to.
    case workFailed
    /// What was asked cannot be decided.
    case refused(Account.DecisionError)
    /// A fault of the store, after which the caller tries again.
    case storeFault(StoreError)
    /// A fault of the kit, after which the caller tries again.
    case fault(BillingError)
    case cancelled

    /// Whether there is nothing more to be asked.
    var isFinal: Bool {
        switch self {
        case .storeFault, .fault, .cancelled: false
        case .refused(let error): if case .workInProgress = error.code { false } else { true }
        default: true
        }
    }

    /// What the tally calls it, where it is not known whether it was given before.
    var outcome: String {
        switch self {
        case .receipt, .released, .reserved, .extended: "applied"
        case .denied: "denied"
        case .gone: "gone"
        case .exceedsUse: "exceeds use"
        case .alreadyGranted: "already granted"
        case .trial(let began): began ? "applied" : "refused"
        case .allowed, .standing, .findings: "read"
        case .workFailed: "work failed"
        case .refused(let error): Text.of(error.code)
        case .storeFault, .fault: "fault"
        case .cancelled: "cancelled"
        }
    }
}
