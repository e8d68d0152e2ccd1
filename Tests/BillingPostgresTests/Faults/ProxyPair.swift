#if Postgres
import Foundation

/// A connection through a proxy: the client's end and the server's, and what goes wrong between them.
final class ProxyPair {
    /// What is done with the next transaction that writes.
    enum Fault: Sendable {
        /// The connection ends before the server is asked to commit.
        case cutBefore
        /// The connection ends after the server has answered, and before the client has heard it.
        case cutAfter
        /// The client gets another answer to its commit than the server's, after which the connection ends.
        case answer([UInt8])
        /// The server commits, and the client gets this where the first answer is due, after which the connection ends.
        case answerAtFirst([UInt8])
        /// Nothing of it reaches the server before it is released.
        case hold
    }

    /// What becomes of the server's answers.
    private enum Answers {
        case forwarded
        /// Nobody hears them, and with the last of them the connection ends.
        case dropped
        case replaced([UInt8])
        /// Nobody hears them but for this, and with the last of them the connection ends.
        case replacedAll([UInt8])
    }

    private enum Place {
        case beginning, commit, elsewhere
    }

    private(set) var client: Int32?
    private(set) var server: Int32?
    /// Whether nothing goes through any more, without either side being told.
    var isSilent = false
    /// What the client has sent since it was held back.
    private var held: [UInt8]?
    /// Told once the server has answered what was released.
    private var ending: (() -> Void)?
    private var fromClient = WireMessages(fromClient: true)
    private var fromServer = WireMessages(fromClient: false)
    private var answers = Answers.forwarded
    private var statements: [String: String] = [:]
    private var isWriting = false

    init(client: Int32, server: Int32?) {
        self.client = client
        self.server = server
        isSilent = server == nil
    }

    var isHeld: Bool { held != nil }
    var isOver: Bool { client == nil && server == nil }

    func close() {
        closeClient()
        if let server { Foundation.close(server) }
        server = nil
        ending?()
        ending = nil
    }

    private func closeClient() {
        if let client { Foundation.close(client) }
        client = nil
    }

    /// Lets what was held back go on, and calls back when the server has answered it.
    func release(_ ending: @escaping () -> Void) {
        guard let bytes = held else { return ending() }
        held = nil
        self.ending = ending
        if client == nil { answers = .dropped }
        send(bytes, to: server)
    }

    /// Takes what the client has sent, or its end.
    ///
    /// - Parameter trap: What is done with the next transaction that writes; `nil` once it has been done.
    func clientIsReady(_ trap: inout Fault?) {
        guard let bytes = receive(from: client) else {
            // What is held back is still on its way.
            return isHeld ? closeClient() : close()
        }
        guard !isSilent else { return }
        fromClient.add(bytes)
        while let message = fromClient.next() {
            guard held == nil else { held? += message.bytes; continue }
            let place = place(of: message)
            switch trap {
            case .hold where place == .beginning:
                (held, trap) = (message.bytes, nil)
                continue
            case .cutBefore where place == .commit:
                trap = nil
                return close()
            case .cutAfter where place == .commit: (answers, trap) = (.dropped, nil)
            case .answer(let bytes) where place == .commit: (answers, trap) = (.replaced(bytes), nil)
            case .answerAtFirst(let bytes) where place == .beginning: (answers, trap) = (.replacedAll(bytes), nil)
            default: break
            }
            send(message.bytes, to: server)
        }
    }

    /// Takes what the server has sent, or its end.
    func serverIsReady() {
        guard let bytes = receive(from: server) else { return close() }
        guard !isSilent else { return }
        fromServer.add(bytes)
        while let message = fromServer.next() {
            let isLast = message.type == UInt8(ascii: "Z")
            switch answers {
            case .forwarded:
                send(message.bytes, to: client)
                if isLast {
                    ending?()
                    ending = nil
                }
            case .dropped:
                if isLast { return close() }
            case .replacedAll(let other):
                guard isLast else { continue }
                send(other, to: client)
                return close()
            case .replaced(let other):
                guard message.type == UInt8(ascii: "C"), message.texts(1) == ["COMMIT"] else {
                    send(message.bytes, to: client)
                    continue
                }
                send(other, to: client)
                return close()
            }
        }
    }

    /// Where in a transaction that writes a message is.
    private func place(of message: WireMessages.Message) -> Place {
        switch message.type {
        case UInt8(ascii: "P"):
            let texts = message.texts(2)
            statements[texts[0]] = texts[1]
            return .elsewhere
        case UInt8(ascii: "B"):
            let statement = statements[message.texts(2)[1]] ?? ""
            let isBeginning = statement.hasPrefix("BEGIN")
            if isBeginning { isWriting = statement.hasSuffix("READ WRITE") }
            guard isWriting else { return .elsewhere }
            return isBeginning ? .beginning : statement == "COMMIT" ? .commit : .elsewhere
        default: return .elsewhere
        }
    }

    private func receive(from descriptor: Int32?) -> ArraySlice<UInt8>? {
        guard let descriptor else { return nil }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? bytes[..<count] : nil
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32?) {
        guard let descriptor else { return }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            // Its end is read sooner or later.
            guard count > 0 else { return }
            sent += count
        }
    }
}
#endif
