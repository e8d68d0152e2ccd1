extension Account.Receipt {
    /// What was drawn on each meter, in the order that they were asked for.
    public var lines: [Line] {
        [Line(meter: meter, amount: amount, remaining: remaining)] + others
    }

    /// Returns the receipt with a line of another one added, as it is put together again from its rows.
    package func adding(_ other: Account.Receipt) -> Account.Receipt {
        Account.Receipt(
            revision: revision,
            meter: meter,
            amount: amount,
            overage: overage,
            isLate: isLate,
            remaining: remaining,
            at: at,
            others: others + [Line(meter: other.meter, amount: other.amount, remaining: other.remaining)]
        )
    }
}
