import BillingKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads Polar's events into the kit's words.
struct PolarEventReader {
    let provider: ProviderID
    let products: [String: Upgrade.Target]
    let benefits: [String: Benefit.Gift]

    func event(from body: [UInt8]) throws(ProviderEventError) -> ProviderEvent {
        let head: PolarEnvelope.Head = try decode(body)
        switch head.type {
        case "checkout.created", "checkout.updated", "checkout.expired":
            return checkout(try data(of: body), at: head.timestamp.value)
        case "customer.created", "customer.updated":
            return customer(try data(of: body))
        case "customer.state_changed":
            return try state(try data(of: body), at: head.timestamp.value)
        case let type where type.hasPrefix("subscription."):
            return try subscription(try data(of: body), at: head.timestamp.value)
        case "order.created", "order.updated", "order.paid", "order.refunded":
            return try order(try data(of: body), at: head.timestamp.value)
        case "benefit_grant.created", "benefit_grant.updated", "benefit_grant.cycled", "benefit_grant.revoked":
            return benefit(try data(of: body), at: head.timestamp.value)
        case "refund.created", "refund.updated":
            return .ignored("The order's own event tells what was given back.")
        default:
            return .ignored("Events of this type are not used.")
        }
    }

    // MARK: Events

    private func checkout(_ checkout: PolarCheckout, at timestamp: Timestamp) -> ProviderEvent {
        guard let target = checkout.productID.flatMap({ products[$0] }) else {
            return .ignored("The checkout is for no product that stands for a tier or a pack.")
        }
        let references = [
            checkout.customerID.map { reference(.customer, $0) }, reference(.checkout, checkout.id),
        ].compactMap(\.self)
        guard checkout.externalCustomerID != nil || checkout.customerID != nil else {
            return .ignored("The checkout is not for a customer yet.")
        }
        let snapshot = CheckoutSnapshot(
            id: checkout.id,
            version: ObjectVersion(object: (checkout.modifiedAt ?? checkout.createdAt).value, event: timestamp),
            createdAt: checkout.createdAt.value,
            expiresAt: checkout.expiresAt?.value,
            isExpired: checkout.status == "expired" || checkout.status == "failed",
            url: checkout.url,
            target: target,
            reference: checkout.metadata?.reference
        )
        return .snapshot(
            ProviderSnapshot(provider: provider, providerCustomer: checkout.customerID, checkout: snapshot),
            customer: subject(checkout.externalCustomerID, else: references)
        )
    }

    private func customer(_ customer: PolarCustomer) -> ProviderEvent {
        guard let externalID = customer.externalID else {
            return .ignored("The customer was not given the host's id.")
        }
        return .snapshot(
            ProviderSnapshot(provider: provider, providerCustomer: customer.id),
            customer: .customer(CustomerID(externalID))
        )
    }

    /// Reads the state of a customer.
    ///
    /// It lists subscriptions that are active or trialing and no others, so one that is absent may be past due
    /// or paused as well as over: absence says nothing.
    private func state(_ state: PolarCustomerState, at timestamp: Timestamp) throws(ProviderEventError) -> ProviderEvent
    {
        var snapshots: [SubscriptionSnapshot] = []
        // One that is for none of the host's tiers does not hold the others back; its own events say what it is.
        for subscription in state.activeSubscriptions ?? [] where products[subscription.productID]?.tier != nil {
            // A state leaves out what is set for later and how many intervals a period has, and is sent after the
            // subscription's own events: of one modification those say more, whenever they come.
            snapshots.append(try snapshot(of: subscription, at: Timestamp(seconds: 0), isOfState: true))
        }
        return .snapshot(
            ProviderSnapshot(provider: provider, providerCustomer: state.id, subscriptions: snapshots),
            customer: subject(state.externalID, else: [reference(.customer, state.id)])
        )
    }

    private func subscription(
        _ subscription: PolarSubscription,
        at timestamp: Timestamp
    ) throws(ProviderEventError) -> ProviderEvent {
        let customerID = subscription.customer?.id ?? subscription.customerID
        let references = [
            customerID.map { reference(.customer, $0) }, reference(.subscription, subscription.id),
        ].compactMap(\.self)
        return .snapshot(
            ProviderSnapshot(
                provider: provider,
                providerCustomer: customerID,
                subscriptions: [try snapshot(of: subscription, at: timestamp)]
            ),
            customer: subject(subscription.customer?.externalID, else: references)
        )
    }

    private func order(_ order: PolarOrder, at timestamp: Timestamp) throws(ProviderEventError) -> ProviderEvent {
        let currency: Currency
        do {
            currency = try Currency(named: order.currency)
        } catch {
            throw ProviderEventError(.unreadable, "An order cannot be read: \(error.message)")
        }
        let customerID = order.customer?.id ?? order.customerID
        let read = Account.Order(
            provider: provider,
            id: order.id,
            version: ObjectVersion(object: (order.modifiedAt ?? order.createdAt).value, event: timestamp),
            status: order.status,
            isPaid: order.paid ?? ["paid", "refunded", "partially_refunded"].contains(order.status),
            purpose: purpose(of: order),
            createdAt: order.createdAt.value,
            total: Money(minorUnits: order.totalAmount, currency: currency),
            refundedMinorUnits: order.refundedAmount ?? 0,
            tier: order.productID.flatMap { products[$0]?.tier },
            pack: order.productID.flatMap { products[$0]?.pack },
            subscription: order.subscriptionID,
            checkout: order.checkoutID,
            reference: order.metadata?.reference
        )
        let references = [
            customerID.map { reference(.customer, $0) },
            order.subscriptionID.map { reference(.subscription, $0) },
            order.checkoutID.map { reference(.checkout, $0) },
            read.providerReference,
        ].compactMap(\.self)
        return .snapshot(
            ProviderSnapshot(provider: provider, providerCustomer: customerID, order: read),
            customer: subject(order.customer?.externalID, else: references)
        )
    }

    // MARK: Parts

    private func snapshot(
        of subscription: PolarSubscription,
        at timestamp: Timestamp,
        isOfState: Bool = false
    ) throws(ProviderEventError) -> SubscriptionSnapshot {
        let tier = products[subscription.productID]?.tier
        guard
            let end = subscription.currentPeriodEnd?.value,
            let period = TimeSpan(start: subscription.currentPeriodStart.value, end: end)
        else {
            throw ProviderEventError(
                .unreadable,
                "Subscription \(subscription.id) has no period that ends after it starts."
            )
        }
        // A product that stands for no tier is named as it is: an end counts whatever it is the end of.
        let snapshot = SubscriptionSnapshot(
            provider: provider,
            id: subscription.id,
            version: ObjectVersion(object: (subscription.modifiedAt ?? subscription.createdAt).value, event: timestamp),
            tier: tier ?? Tier.ID(subscription.productID),
            status: SubscriptionStatus(subscription.status),
            cycle: isOfState ? subscription.cycle(by: period) : subscription.cycle,
            period: period,
            cancelsAtPeriodEnd: subscription.cancelAtPeriodEnd ?? false,
            endsAt: subscription.endsAt?.value,
            endedAt: subscription.endedAt?.value,
            pastDueAt: subscription.pastDueAt?.value,
            trialEnd: subscription.trialEnd?.value,
            pausesAtPeriodEnd: subscription.pauseAtPeriodEnd ?? false,
            resumesAt: subscription.resumesAt?.value,
            quantity: subscription.seats ?? subscription.units,
            discount: subscription.discountID,
            price: price(of: subscription),
            pending: subscription.pendingUpdate.map { pending($0, besides: tier ?? Tier.ID(subscription.productID)) }
        )
        guard tier != nil || !snapshot.asksForTier else {
            throw ProviderEventError(
                .unknownProduct,
                "Product \(subscription.productID) stands for no tier; name it among the provider's products."
            )
        }
        return snapshot
    }

    /// What an order was made for; a word that this code does not know is one that the provider acts on by itself.
    private func purpose(of order: PolarOrder) -> Account.Order.Purpose {
        switch order.billingReason {
        case "purchase", "subscription_create": .purchase
        case "subscription_update": .change
        default: .renewal
        }
    }

    private func price(of subscription: PolarSubscription) -> Money? {
        guard let amount = subscription.amount, let currency = try? subscription.currency.map(Currency.init(named:))
        else { return nil }
        return Money(minorUnits: amount, currency: currency)
    }

    /// Reads a change that is made later; a product that stands for no tier is named as it is, and the kit drops the change.
    private func pending(
        _ update: PolarSubscription.PendingUpdate,
        besides tier: Tier.ID
    ) -> Subscription.PendingChange {
        Subscription.PendingChange(
            tier: update.productID.map { products[$0]?.tier ?? Tier.ID($0) } ?? tier,
            quantity: update.seats ?? update.units,
            appliesAt: update.appliesAt.value
        )
    }

    private func benefit(_ grant: PolarBenefitGrant, at timestamp: Timestamp) -> ProviderEvent {
        guard let known = benefits[grant.benefitID] else {
            return .ignored("The benefit stands for nothing of the host's; name it among the provider's benefits.")
        }
        let customerID = grant.customer?.id ?? grant.customerID
        let references = [
            customerID.map { reference(.customer, $0) }, grant.subscriptionID.map { reference(.subscription, $0) },
            reference(.grant, grant.id),
        ].compactMap(\.self)
        var gift = known
        var creditedAt: Timestamp?
        // What is taken back is credited with less than nothing: it tells of no new lot.
        if case .units(let units, of: let subject, let rollsOver) = known, grant.isRevoked != true {
            // What was credited is what the event says; the host's number is for events that do not say it.
            let credited = grant.properties?.lastCreditedUnits ?? units
            guard credited > 0 else { return .ignored("The benefit credits nothing.") }
            gift = .units(min(credited, Catalog.Limits.units), of: subject, rollsOver: rollsOver)
            creditedAt = (grant.properties?.lastCreditedAt ?? grant.grantedAt)?.value
        }
        let snapshot = BenefitSnapshot(
            key: Benefit.Key(provider: provider, id: grant.id),
            version: ObjectVersion(object: (grant.modifiedAt ?? grant.createdAt).value, event: timestamp),
            gift: gift,
            isGranted: grant.isGranted && grant.isRevoked != true,
            subscription: grant.subscriptionID,
            creditedAt: creditedAt,
            revokedAt: grant.isRevoked == true ? (grant.revokedAt?.value ?? timestamp) : nil
        )
        return .snapshot(
            ProviderSnapshot(provider: provider, providerCustomer: customerID, benefits: [snapshot]),
            customer: subject(grant.customer?.externalID, else: references)
        )
    }

    private func subject(_ externalID: String?, else references: [ProviderReference]) -> ProviderEvent.Subject {
        externalID.map { .customer(CustomerID($0)) } ?? .ownerOfAny(references)
    }

    private func reference(_ kind: ProviderReference.Kind, _ id: String) -> ProviderReference {
        ProviderReference(provider: provider, kind: kind, id: id)
    }

    // MARK: JSON

    private func data<Payload: Decodable>(of body: [UInt8]) throws(ProviderEventError) -> Payload {
        let envelope: PolarEnvelope.Body<Payload> = try decode(body)
        return envelope.data
    }

    private func decode<Value: Decodable>(_ body: [UInt8]) throws(ProviderEventError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(body))
        } catch let error as DecodingError {
            throw ProviderEventError(.unreadable, "The body is not what Polar documents: \(error.place).")
        } catch {
            throw ProviderEventError(.unreadable, "The body is not JSON.")
        }
    }
}

extension DecodingError {
    /// Where the fault is and of what kind, without anything that the body holds.
    fileprivate var place: String {
        func path(_ context: Context) -> String {
            let names = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            return names.isEmpty ? "the top" : "'\(names.joined(separator: "."))'"
        }
        return switch self {
        case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing at \(path(context))"
        case .valueNotFound(_, let context): "a value is missing at \(path(context))"
        case .typeMismatch(_, let context): "a value of another type is at \(path(context))"
        case .dataCorrupted(let context): "a value cannot be read at \(path(context))"
        @unknown default: "it cannot be read"
        }
    }
}
