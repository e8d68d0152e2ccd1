import WebhookSignatures

/// The way in for a provider's webhooks: verify, keep, answer, apply.
public final class WebhookInbox: Sendable {
    private static let page = 50

    let provider: (any BillingProvider)?
    private let store: any BillingStore
    private let mailbox: Mailbox
    private let clock: ConfirmedClock
    private let entropy: any BillingEntropy
    private let lease: Duration
    private let wakeup = Wakeup()

    init(
        provider: (any BillingProvider)?,
        store: any BillingStore,
        mailbox: Mailbox,
        clock: ConfirmedClock,
        entropy: any BillingEntropy,
        lease: Duration
    ) {
        self.provider = provider
        self.store = store
        self.mailbox = mailbox
        self.clock = clock
        self.entropy = entropy
        self.lease = lease
    }

    /// Receives a webhook.
    ///
    /// It is verified, then kept, and from then on safe; then it is applied at once, which takes a local
    /// transaction and no call to the provider. What cannot be applied yet is tried again later by
    /// ``BillingSystem/run()``, and the sender is answered all the same.
    ///
    /// ```swift
    /// let answer = await billing.webhooks.receive(body) { name in request.headers[name] }
    /// return Response(status: answer.statusCode)
    /// ```
    ///
    /// - Parameters:
    ///   - body: The body, byte for byte as received. A body that was parsed and written anew does not verify.
    ///   - headers: Returns all values of a header. It is asked for names in lower case.
    /// - Returns: What to answer and what became of it.
    public func receive(_ body: [UInt8], headers: (String) -> [String]) async -> WebhookAnswer {
        guard let provider else {
            return WebhookAnswer(.rejected("No provider is set up."), statusCode: 401)
        }
        do throws(StoreError) {
            try await clock.confirm()
        } catch {
            return WebhookAnswer(.unavailable(error.message), statusCode: 503)
        }
        let now = clock.now()
        switch provider.verify(body, at: now, headers: headers) {
        case .rejected(let reason):
            return WebhookAnswer(.rejected(reason.description), statusCode: reason == .bodyTooLarge ? 413 : 401)
        case .verified(let webhook):
            return await keep(webhook, of: provider, at: now)
        }
    }

    /// Returns a page of the log of deliveries, newest first.
    ///
    /// Ask for the states `.failed` and `.dead` to see what has not taken effect, and why.
    ///
    /// - Parameter query: Which deliveries, and where the page before ended.
    /// - Returns: The deliveries, with their bodies as received.
    /// - Throws: ``StoreError``.
    public func deliveries(_ query: DeliveryQuery = DeliveryQuery()) async throws(StoreError) -> [Delivery] {
        try await store.deliveries(query)
    }

    /// Tries a delivery again now, whatever became of it before, unless it has taken effect.
    ///
    /// For one that was given up: after a product was named among the provider's products, say.
    ///
    /// - Parameter id: The delivery.
    /// - Returns: What became of it, or `nil` when there is no such delivery, when it is finished, or when it is
    ///   being worked on.
    /// - Throws: ``StoreError``.
    public func retry(_ id: Delivery.ID) async throws(StoreError) -> WebhookAnswer.Outcome? {
        guard let provider, provider.id == id.provider else { return nil }
        try await clock.confirm()
        let now = clock.now()
        let request = LeaseDeliveryRequest(id: id, now: now, until: now.advanced(by: lease))
        guard let lease = try await store.leaseDelivery(request) else { return nil }
        return await handle(lease, of: provider)
    }

    private func keep(_ webhook: VerifiedWebhook, of provider: any BillingProvider, at now: Timestamp) async
        -> WebhookAnswer
    {
        let request = RecordDeliveryRequest(
            webhook,
            from: provider.id,
            receivedAt: now,
            leasedUntil: now.advanced(by: lease)
        )
        do throws(StoreError) {
            switch try await store.record(request) {
            case .leased(let lease): return WebhookAnswer(await handle(lease, of: provider))
            case .inProgress: return WebhookAnswer(.inProgress)
            case .finished: return WebhookAnswer(.duplicate)
            }
        } catch {
            return WebhookAnswer(.unavailable(error.message), statusCode: 503)
        }
    }

    /// Tries deliveries again that failed or were left behind, until the task is cancelled.
    func run(every interval: Duration) async {
        guard let provider else { return }
        while !Task.isCancelled {
            // A store that cannot be reached now is asked again after the interval; the log keeps everything.
            let leases = (try? await leaseDue(of: provider)) ?? []
            for lease in leases where !Task.isCancelled {
                _ = await handle(lease, of: provider)
            }
            if leases.count < Self.page { await wakeup.wait(atMost: interval, by: clock) }
        }
    }

    /// Leases a page of deliveries that are due.
    private func leaseDue(of provider: any BillingProvider) async throws(StoreError) -> [DeliveryLease] {
        try await clock.confirm()
        let now = clock.now()
        let lease = LeaseRequest(now: now, until: now.advanced(by: lease), limit: Self.page)
        return try await store.leaseDeliveries(LeaseDeliveriesRequest(provider: provider.id, lease: lease))
    }

    /// Works on a leased delivery and settles it.
    private func handle(_ lease: DeliveryLease, of provider: any BillingProvider) async -> WebhookAnswer.Outcome {
        do {
            switch try provider.event(from: lease.body) {
            case .ignored(let reason):
                _ = try await store.settle(DeliverySettlement(lease: lease, state: .ignored, detail: reason))
                return .ignored(reason)
            case .snapshot(let snapshot, let subject):
                guard let customer = try await customer(of: subject) else {
                    return await fail(
                        lease,
                        "No customer is known for it yet: the provider was not given the host's customer id, and none of "
                            + "its own names in it belongs to anyone."
                    )
                }
                return try await apply(snapshot, to: customer, lease: lease)
            }
        } catch let error as ProviderEventError {
            return await fail(lease, error.message, isFinal: error.code == .unreadable)
        } catch let error as Account.DecisionError {
            return await fail(lease, error.message)
        } catch {
            return await fail(lease, "\(error)")
        }
    }

    private func customer(of subject: ProviderEvent.Subject) async throws(StoreError) -> CustomerID? {
        switch subject {
        case .customer(let customer): return customer
        case .ownerOfAny(let references):
            for reference in references {
                if let owner = try await store.owner(of: reference) { return owner }
            }
            return nil
        }
    }

    private func apply(
        _ snapshot: ProviderSnapshot,
        to customer: CustomerID,
        lease: DeliveryLease
    ) async throws -> WebhookAnswer.Outcome {
        // The key is the customer's mark that the delivery took effect: it is written with the effect, so a
        // repeat is harmless wherever the log row was left.
        let key = Account.Key("delivery:\(lease.id.provider):\(lease.id.id)")
        let command = Account.Command(.take(snapshot), key: key)
        switch try await mailbox.answer(to: command, for: customer, lease: lease) {
        case .taken:
            return .applied
        case .alreadyTaken:
            _ = try await store.settle(DeliverySettlement(lease: lease, state: .done, detail: "applied"))
            return .applied
        default:
            _ = try await store.settle(DeliverySettlement(lease: lease, state: .done, detail: "stale"))
            return .stale
        }
    }

    private func fail(_ lease: DeliveryLease, _ reason: String, isFinal: Bool = false) async -> WebhookAnswer.Outcome {
        let now = clock.now()
        let retry =
            isFinal ? nil : Backoff.standard.next(after: lease.attempt, from: now, entropy: entropy)
        let settlement = DeliverySettlement(
            lease: lease,
            state: retry == nil ? .dead : .failed,
            detail: reason,
            retryAt: retry
        )
        // A log that cannot be written now keeps the lease, which ends by itself.
        _ = try? await store.settle(settlement)
        wakeup.wake()
        return retry == nil ? .dead(reason) : .deferred(reason)
    }
}
