extension Account.Receipt {
    /// What the command did to each balance, in the order that they were asked for.
    public var lines: [Line] { [line] + others }

    /// Returns the receipt with the lines of another one added, as it is put together again from its rows.
    package func adding(_ other: Account.Receipt) -> Account.Receipt {
        Account.Receipt(
            revision: revision,
            line: line,
            isLate: isLate,
            at: at,
            others: others + other.lines,
            skipped: skipped
        )
    }
}
