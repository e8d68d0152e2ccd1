#if Crypto
import CCryptoFloor
import Measuring
import WebhookSignatures

/// Hashing a message at once, by the module or by libcrypto.
struct HashWorkload: Workload {
    let name: String
    let operations: Int
    private let isFloor: Bool
    private let message: [UInt8]
    private let expected: [UInt8]

    init(bytes: Int, isFloor: Bool) {
        name = "\(isFloor ? "libcrypto" : "SHA256"), \(Double(bytes).wholeText) bytes"
        operations = max(1, (1 << 18) / (bytes + 128))
        self.isFloor = isFloor
        message = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        expected = Self.floorDigest(message)
    }

    func prepare() {}

    func run() throws {
        if isFloor {
            var digest = [UInt8](repeating: 0, count: 32)
            for _ in 0..<operations {
                crypto_floor_hash(message, message.count, &digest)
            }
            guard digest == expected else { throw Failure("libcrypto found another digest than before.") }
        } else {
            var digest = SHA256.hash([])
            for _ in 0..<operations {
                digest = SHA256.hash(message)
            }
            guard digest.bytes == expected else { throw Failure("The module found another digest than libcrypto.") }
        }
    }

    private static func floorDigest(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        crypto_floor_hash(message, message.count, &digest)
        return digest
    }
}
#endif
