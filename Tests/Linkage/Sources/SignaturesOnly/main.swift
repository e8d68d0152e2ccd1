import WebhookSignatures

// What a host that only verifies webhooks would call, so that the linker keeps it.
let signer = try WebhookSigner(.polar, secrets: ["polar_whs_linkage"])
let headers = try signer.sign([0x7B, 0x7D], id: "delivery", timestamp: 1_796_115_600)
let verifier = try WebhookVerifier(.polar, secrets: ["polar_whs_linkage"])
print(verifier.verify([0x7B, 0x7D], at: 1_796_115_600) { name in headers[name].map { [$0] } ?? [] })
