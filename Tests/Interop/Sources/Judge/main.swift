import Foundation
import WebhookSignatures

/// One delivery and how to judge it, as a line of JSON.
struct Case: Decodable {
    let scheme: String
    let secret: String
    let now: Int64
    let headers: [String: [String]]
    /// In hexadecimal.
    let body: String

    /// What to sign the body with, in place of judging it.
    let sign: Facts?

    struct Facts: Decodable {
        let id: String
        let timestamp: Int64
    }
}

/// What the module says to it, as a line of JSON.
struct Answer: Encodable {
    var isVerified = false
    var id: String?
    var timestamp: Int64?
    /// Why it was rejected, or why the secret was.
    var reason: String?
    /// What the body was signed with.
    var headers: [String: String]?
}

let schemes: [String: WebhookScheme] = [
    "standard": .standardWebhooks, "svix": .svix, "polar": .polar, "stripe": .stripe,
]

func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal.utf8).map { $0 < 0x3a ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func answer(_ delivery: Case) -> Answer {
    guard let scheme = schemes[delivery.scheme] else {
        return Answer(reason: "unknown scheme")
    }
    if let facts = delivery.sign {
        let signer = try? WebhookSigner(scheme, secrets: [delivery.secret])
        return Answer(
            headers: try? signer?.sign(bytes(delivery.body), id: facts.id, timestamp: facts.timestamp)
        )
    }
    do throws(WebhookSecretError) {
        let verifier = try WebhookVerifier(scheme, secrets: [delivery.secret])
        switch verifier.verify(bytes(delivery.body), at: delivery.now, headers: { delivery.headers[$0] ?? [] }) {
        case .verified(let webhook):
            return Answer(isVerified: true, id: webhook.id, timestamp: webhook.timestamp)
        case .rejected(let rejection):
            return Answer(reason: rejection.code.description)
        }
    } catch {
        return Answer(reason: "secret: \(error.code)")
    }
}

let decoder = JSONDecoder()
let encoder = JSONEncoder()
while let line = readLine() {
    let delivery = try decoder.decode(Case.self, from: Data(line.utf8))
    print(String(decoding: try encoder.encode(answer(delivery)), as: UTF8.self))
}
