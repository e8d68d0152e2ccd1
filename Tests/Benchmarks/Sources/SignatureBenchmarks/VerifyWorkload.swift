#if Crypto
import CCryptoFloor
import Measuring
import WebhookSignatures

/// Verifying a delivery of Standard Webhooks, by the module or by as little C on libcrypto as will do.
struct VerifyWorkload: Workload {
    let name: String
    let operations: Int
    private let way: Way
    private let body: [UInt8]
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let now: Int64 = 1_700_000_000
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private enum Way {
        case module(WebhookVerifier, id: [String], time: [String], signature: [String])
        case floor(FloorKey, signature: String)
    }

    /// The prepared key of the C code, freed with its last user.
    private final class FloorKey {
        let key: OpaquePointer

        init(_ bytes: [UInt8]) { key = crypto_floor_key_make(bytes, bytes.count) }
        deinit { crypto_floor_key_free(key) }
    }

    init(bytes: Int, isFloor: Bool) throws {
        name = "\(isFloor ? "libcrypto" : "WebhookVerifier"), \(Double(bytes).wholeText) bytes"
        operations = max(1, (1 << 18) / (bytes + 256))
        body = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let headers = try WebhookSigner(.standardWebhooks, secrets: [Self.secret])
            .sign(body, id: Self.id, timestamp: Self.now)
        guard let signature = headers["webhook-signature"] else { throw Failure("The signer has not signed.") }
        way =
            isFloor
            ? .floor(FloorKey(try Self.keyBytes()), signature: signature)
            : .module(
                try WebhookVerifier(.standardWebhooks, secrets: [Self.secret]),
                id: [Self.id],
                time: [String(Self.now)],
                signature: [signature]
            )
    }

    func prepare() {}

    func run() throws {
        var verifiedCount = 0
        switch way {
        case .module(let verifier, let id, let time, let signature):
            for _ in 0..<operations {
                let verdict = verifier.verify(body, at: Self.now) { name in
                    switch name {
                    case "webhook-id": id
                    case "webhook-timestamp": time
                    default: signature
                    }
                }
                if case .verified = verdict { verifiedCount += 1 }
            }
        case .floor(let key, let signature):
            let time = String(Self.now)
            for _ in 0..<operations
            where crypto_floor_verify(key.key, Self.id, time, signature, body, body.count, Self.now) {
                verifiedCount += 1
            }
        }
        guard verifiedCount == operations else { throw Failure("\(name): \(verifiedCount) of \(operations) verified.") }
    }

    /// The key that the secret stands for, decoded by hand because the module shows it to nobody.
    private static func keyBytes() throws -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bytes: [UInt8] = []
        var (pending, bits) = (0, 0)
        for letter in secret.dropFirst(6) {
            guard let value = alphabet.firstIndex(of: letter) else { throw Failure("The secret is no Base64.") }
            pending = (pending << 6 | value) & 0xffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
            }
        }
        return bytes
    }
}
#endif
