/// What has to hold in every world, after every commit and every answer unless it says otherwise.
///
/// The numbers up to 25 are those of the list that the kit's storage was designed by, where a world can show them; what
/// that list does not have comes after them.
public enum Invariant: Int, Hashable, Sendable, CaseIterable {
    /// The account is the sum of its journal, and what a receipt says is left is the sum of the live grants.
    case balanceIsSumOfEntries = 1
    /// Nothing is used beyond what is there, unless the tier lets it or the work was done already.
    case nothingBeyondTheLimit = 2
    /// Of every grant there is never less than nothing and never more than all, and nothing is drawn out of its time.
    case grantsStayWithinBounds = 3
    /// No grant is drawn on while one that comes before it has something left.
    case burnOrder = 4
    /// One key has one effect: its repeat gives the same receipt, and another request under it a named error.
    case oneKeyOneEffect = 5
    /// A hold ends once, and what goes beyond it is drawn or recorded as overage.
    case holdsEndOnce = 6
    /// At rest, no hold has outlived its time.
    case nothingHeldAtRest = 7
    /// The journal is only added to, and its revisions are dense.
    case journalNeverChanges = 8
    /// A grant is given once, taken back once, and leaves once, with all of its units accounted for.
    case grantsEndOnce = 9
    /// Refunds of one use never give back more than it took.
    case refundsNeverExceedUse = 10
    /// What is bought with one order is given once, to one customer.
    case oneOrderOneGrant = 11
    /// An event is counted once within the time for which it is remembered, however often it is told of.
    case eventsCountOnce = 19
    /// A notice is told if and only if what it tells of was committed; at rest every one has been told.
    case noticesAreTold = 20
    /// Nothing of one customer is in another's journal.
    case customersStayApart = 21
    /// What was answered is in the journal as it was answered, and what an error says was not done is not there.
    case answeredMeansWritten = 24
    /// At rest, whoever asked has been answered, and every server answers the same.
    case everyoneIsAnswered = 26
    /// A refusal is true at some instant between question and answer.
    case refusalsAreTrue = 27

    /// The invariant in a sentence.
    public var sentence: String {
        switch self {
        case .balanceIsSumOfEntries: "The account is the sum of its journal."
        case .nothingBeyondTheLimit: "Nothing is used beyond what is there, unless the tier lets it."
        case .grantsStayWithinBounds: "Of every grant there is between nothing and all, in its time."
        case .burnOrder: "No grant is drawn on while one before it has something left."
        case .oneKeyOneEffect: "One key has one effect and one receipt."
        case .holdsEndOnce: "A hold ends once, and what goes beyond it is on record."
        case .nothingHeldAtRest: "At rest, no hold has outlived its time."
        case .journalNeverChanges: "The journal is only added to, and its revisions are dense."
        case .grantsEndOnce: "A grant is given, taken back and retired once."
        case .refundsNeverExceedUse: "Refunds never give back more than was used."
        case .oneOrderOneGrant: "What is bought with one order is given once."
        case .eventsCountOnce: "An event is counted once, however often it is told of."
        case .everyoneIsAnswered: "At rest, everyone has been answered, and every server answers the same."
        case .noticesAreTold: "Every committed notice is told, and no other."
        case .customersStayApart: "Nothing of one customer is in another's journal."
        case .answeredMeansWritten: "What was answered is written, and what was said not to be done is not."
        case .refusalsAreTrue: "A refusal is true at some instant between question and answer."
        }
    }
}
