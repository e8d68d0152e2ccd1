extension BillingSystem {
    /// What became of units that were to be set aside.
    public enum Reserving: Hashable, Sendable {
        /// They are set aside; the work may begin.
        case reserved(Reservation)
        /// There are not enough; nothing was set aside.
        case denied(Account.Denial)
        /// Work under this key was finished before; nothing was set aside.
        case alreadyDone(Account.Receipt)
    }

    /// What became of units that were to be given back.
    public enum Releasing: Hashable, Sendable {
        /// They are free again.
        case released(Account.Receipt)
        /// The hold is gone: captured, released before, or lapsed.
        case alreadyReleased
    }

    /// What became of work that was to be given more time.
    public enum Extending: Hashable, Sendable {
        /// Its hold lapses at this instant.
        case extended(until: Timestamp)
        /// The hold is gone: captured, released, or lapsed. The work can still be captured.
        case alreadyReleased
    }

    /// Sets units aside for work that begins here and ends elsewhere.
    ///
    /// For work that one call cannot be wrapped around, such as a job in a queue; where one can, `metered` is
    /// simpler and cannot be forgotten. End it with ``capture(_:amount:by:)`` or ``release(_:by:)``; otherwise its
    /// units come back by themselves when the hold lapses. A system that is told to stop does not wait for it.
    ///
    /// ```swift
    /// guard case .reserved(let work) = try await billing.reserve(of: .renderings, for: org, key: .job("42"))
    /// else { return showPaywall() }
    /// queue.push(Job(id: "42", work: work))
    /// // Later, when the job is done:
    /// let receipt = try await billing.capture(work)
    /// ```
    ///
    /// - Parameters:
    ///   - amount: The units, 1 or more.
    ///   - meter: The meter, which is no gauge.
    ///   - customer: Whose units.
    ///   - member: Who does the work.
    ///   - reference: The host's name for the work, 1 to 255 bytes: a denial carries it.
    ///   - key: What names the work, so that it is counted once.
    ///   - limit: How long the units stay set aside, up to ``/BillingModel/Catalog/Limits/holdSeconds``; when left
    ///     out, as long as the catalog's settings say.
    ///   - attempt: What tells this try at the work from others: a retry with the same one gets the reservation
    ///     again. When left out every call is a try of its own, and while one goes on the others are refused.
    /// - Returns: The reservation, the denial, or the receipt of work that was finished before.
    /// - Throws: ``/BillingModel/Account/DecisionError`` as for ``consume(_:of:for:by:reference:key:)``, with
    ///   `workInProgress` and the time until which it may go on where another try does, and with `tooMany` for more
    ///   than ``/BillingModel/Account/maximumHolds`` live holds; ``StoreError``; ``BillingError``;
    ///   `CancellationError` when the task was cancelled before the command waited.
    public func reserve(
        _ amount: Int64 = 1,
        of meter: Meter.ID,
        for customer: CustomerID,
        by member: MemberID? = nil,
        reference: String? = nil,
        key: Key,
        holdingFor limit: Duration? = nil,
        attempt: String? = nil
    ) async throws -> Reserving {
        let key = try key.resolved(by: entropy)
        let command = Account.Command(
            .reserve(
                .init(meter: meter, amount: amount, attempt: attempt ?? entropy.nextName(), lapsesAfter: limit)
            ),
            key: key,
            member: member,
            reference: reference
        )
        return switch try await answer(to: command, for: customer) {
        case .held(let receipt, let hold):
            .reserved(Reservation(customer: customer, key: key, hold: hold, meter: meter, receipt: receipt))
        case .denied(let denial): .denied(denial)
        case .repeated(let receipt): .alreadyDone(receipt)
        case let other: throw unexpected(other)
        }
    }

    /// Uses up what was set aside, because the work is done.
    ///
    /// It is never refused. Less than was set aside gives the rest back; what goes beyond is drawn, and recorded as
    /// overage where it is not there. After the hold has lapsed the work is counted all the same, and the receipt
    /// says that it is late. A cancelled task changes nothing about it.
    ///
    /// - Parameters:
    ///   - reservation: What the work began with.
    ///   - amount: The units that the work took, 0 or more; what was set aside when left out.
    ///   - member: Who did the work.
    /// - Returns: The receipt, the first one where the work was captured before.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a key that was used for something else or an amount out
    ///   of bounds; ``StoreError``; ``BillingError``.
    public func capture(
        _ reservation: Reservation,
        amount: Int64? = nil,
        by member: MemberID? = nil
    ) async throws -> Account.Receipt {
        let capture = Account.Command.Capture(of: reservation.receipt, hold: reservation.hold, amount: amount)
        let command = Account.Command(.capture(capture), key: reservation.key, member: member)
        return switch try await mailbox.answer(to: command, for: reservation.customer) {
        case .applied(let receipt), .repeated(let receipt): receipt
        case let other: throw unexpected(other)
        }
    }

    /// Gives back what was set aside, because the work failed; its key is free again.
    ///
    /// A cancelled task changes nothing about it.
    ///
    /// - Parameters:
    ///   - reservation: What the work began with.
    ///   - member: Who did the work.
    /// - Returns: The receipt, or that the hold is gone.
    /// - Throws: ``StoreError``; ``BillingError``; ``/BillingModel/Account/DecisionError``.
    @discardableResult
    public func release(_ reservation: Reservation, by member: MemberID? = nil) async throws -> Releasing {
        let command = Account.Command(.release(reservation.hold), key: keyOfCall, member: member)
        return switch try await mailbox.answer(to: command, for: reservation.customer) {
        case .applied(let receipt), .repeated(let receipt): .released(receipt)
        case .alreadyReleased: .alreadyReleased
        case let other: throw unexpected(other)
        }
    }

    /// Gives work more time: its hold lapses so long after now, and never earlier than before.
    ///
    /// For work that can say that it still goes on; called now and then, a short hold is enough for long work, and
    /// its units come back soon after a crash.
    ///
    /// - Parameters:
    ///   - reservation: What the work began with.
    ///   - time: How long the hold lasts from now on, up to ``/BillingModel/Catalog/Limits/holdSeconds``.
    /// - Returns: When the hold lapses, or that it is gone.
    /// - Throws: ``/BillingModel/Account/DecisionError`` for a time out of bounds; ``StoreError``; ``BillingError``.
    @discardableResult
    public func extend(_ reservation: Reservation, by time: Duration) async throws -> Extending {
        let command = Account.Command(.extend(reservation.hold, byMicroseconds: time.wholeMicroseconds))
        return switch try await mailbox.answer(to: command, for: reservation.customer) {
        case .extended(until: let end): .extended(until: end)
        case .alreadyReleased: .alreadyReleased
        case let other: throw unexpected(other)
        }
    }
}
