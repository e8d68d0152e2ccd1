/// A calculation with money that has no right answer, or text that is no amount.
public struct MoneyError: Error, Hashable, Sendable {
    /// What was wrong.
    public enum Code: Hashable, Sendable {
        /// The text is not the code of a currency with a known number of decimals.
        case unknownCurrency
        /// The amounts are in different currencies.
        case differentCurrencies
        /// The result is beyond what an `Int64` of minor units holds.
        case overflow
        /// The text is not a decimal number.
        case malformedNumber
        /// The value has more decimals than the type keeps, and nobody named a rounding.
        case inexact
        /// A number of parts, a weight or a divisor is not within its bounds.
        case outOfBounds
    }

    /// What was wrong.
    public let code: Code

    /// What was wrong, with which value, as a sentence.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension MoneyError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
