import BillingKit
import Foundation
import WebhookSignatures

/// The recorded deliveries, as they come over the wire.
struct PolarDeliveries {
    /// One delivery.
    struct Item: Decodable {
        let headers: [String: String]
        let body: String

        var bytes: [UInt8] { Array(body.utf8) }
        var id: String { headers["webhook-id"] ?? "" }

        /// When it was sent: the signed second, or within that second the instant the event tells of.
        var sentAt: Timestamp {
            let second = Timestamp(seconds: headers["webhook-timestamp"].flatMap { Int64($0) } ?? 0)
            return head.flatMap { Timestamp(rfc3339: $0.timestamp) }.map { max($0, second) } ?? second
        }

        /// The event's type, for people to read.
        var type: String { head?.type ?? "unreadable" }

        private var head: Head? { try? JSONDecoder().decode(Head.self, from: Data(body.utf8)) }

        private struct Head: Decodable {
            let type: String
            let timestamp: String
        }
    }

    private struct File: Decodable {
        let secret: String
        let deliveries: [Item]
    }

    let secret: String
    let items: [Item]

    init() throws {
        guard let url = Bundle.module.url(forResource: "lifecycle-legacy-key", withExtension: "json") else {
            throw Surprise(description: "the recorded deliveries are not there")
        }
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        secret = file.secret
        items = file.deliveries
    }

    /// A delivery as its sender's retry: the same id and body, signed anew for another time.
    func retry(of item: Item, at now: Timestamp) throws -> Item {
        let signed = try WebhookSigner(.polar, secrets: [secret]).sign(item.bytes, id: item.id, timestamp: now.seconds)
        return Item(headers: item.headers.merging(signed) { _, new in new }, body: item.body)
    }
}
