/// What a verifier found out about a delivery.
///
/// A delivery that is not genuine is expected and is no fault, so it is a value and nothing is thrown. Answer a
/// rejected delivery with one status for every reason: to the sender the reason is of no use, to a forger it is.
public enum WebhookVerdict: Sendable, Equatable {
    /// The delivery was signed by a holder of one of the secrets, at a time within the tolerance.
    case verified(VerifiedWebhook)

    /// The delivery is not to be trusted. Nothing of it may be acted on.
    case rejected(WebhookRejection)
}
