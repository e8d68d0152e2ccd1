import CAllocations
import Foundation
import WebhookSignatures

// Counts what one verification allocates, for each scheme, and fails where it is more than what the verified webhook
// owns: nothing, because it shares the body with the caller and the identifier with the header it came in.

guard allocations_are_known() else {
    print("allocations: not counted, this needs glibc")
    exit(0)
}

/// A delivery whose headers lie ready, so that what is allocated is not the caller's.
struct Delivery {
    let name: String
    let verifier: WebhookVerifier
    let body: [UInt8]
    let values: [(name: String, value: [String])]

    init(_ scheme: WebhookScheme, name: String? = nil, forged: Bool = false) throws {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        self.name = name ?? scheme.name
        verifier = try WebhookVerifier(scheme, secrets: ["whsec_c29tZSBvdGhlciBzZWNyZXQ=", secret])
        body = (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        // Longer than what a string holds without memory of its own.
        let headers = try WebhookSigner(scheme, secrets: [forged ? "whsec_YWJjZGVm" : secret])
            .sign(body, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_700_000_000)
        values = headers.map { (name: $0.key, value: [$0.value]) }
    }

    func verify() -> WebhookVerdict {
        verifier.verify(body, at: 1_700_000_000) { name in
            for entry in values where entry.name == name {
                return entry.value
            }
            return []
        }
    }
}

let rounds = 1_000
var failures = 0
var deliveries = try [
    WebhookScheme.standardWebhooks, .svix, .polar, .stripe, .paddle, .lemonSqueezy, .github,
].map { try Delivery($0) }
deliveries.append(try Delivery(.standardWebhooks, name: "standard-webhooks, forged", forged: true))
for delivery in deliveries {
    // Once for what is allocated the first time alone.
    _ = delivery.verify()
    let before = allocations_made()
    var verifiedCount = 0
    for _ in 0..<rounds {
        if case .verified = delivery.verify() {
            verifiedCount += 1
        }
    }
    let count = allocations_made() - before
    let isForged = delivery.name.hasSuffix("forged")
    guard verifiedCount == (isForged ? 0 : rounds) else {
        print("allocations: \(delivery.name): \(verifiedCount) of \(rounds) verified")
        exit(1)
    }
    print("allocations: \(delivery.name): \(count) in \(rounds) verifications of 2,048 bytes")
    failures += count == 0 ? 0 : 1
}

// That the counting counts.
let before = allocations_made()
let copy = deliveries[0].body + [0]
guard allocations_made() > before, copy.count == 2049 else {
    print("allocations: a copy of a body was not counted")
    exit(1)
}
exit(failures == 0 ? 0 : 1)
