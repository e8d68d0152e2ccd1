extension BillingSystem {
    /// Does one round of what ``run()`` does after each ``Configuration/sweepInterval``, for laws that are to know
    /// when it is over.
    package func sweep() async {
        await sweeper.sweep()
    }
}
