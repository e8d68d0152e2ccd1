import BillingKit
import WebhookSignatures

/// Receives what Polar sends when an organisation subscribes, signed as Polar signs it.
func subscribe(_ customer: CustomerID, to product: String, with billing: BillingSystem, secret: String) async throws {
    let now = SystemClock().now()
    let end = now.advanced(by: .seconds(30 * 86_400))
    let body = """
        {"type":"subscription.active","timestamp":"\(now)","data":{"id":"sub_1","status":"active","product_id":"\(product)",
        "customer_id":"cus_1","customer":{"id":"cus_1","external_id":"\(customer)"},"recurring_interval":"month",
        "current_period_start":"\(now)","current_period_end":"\(end)","created_at":"\(now)","modified_at":null}}
        """
    let signer = try WebhookSigner(.polar, secrets: [secret])
    let headers = try signer.sign(Array(body.utf8), id: "delivery-1", timestamp: now.seconds)
    let answer = await billing.webhooks.receive(Array(body.utf8)) { name in headers[name].map { [$0] } ?? [] }
    print(answer.statusCode, answer.outcome)
}
