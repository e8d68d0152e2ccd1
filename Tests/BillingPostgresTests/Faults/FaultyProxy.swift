#if Postgres
import BillingKit
import CBillingPostgres
import Foundation

/// A way to PostgreSQL that goes wrong when it is told to: it cuts connections, falls silent, or holds back what is written.
///
/// It is a socket with a thread of its own. Between two calls it lets everything through.
final class FaultyProxy: @unchecked Sendable {
    // Unchecked because the thread alone touches what is not locked.

    /// What becomes of new connections.
    enum Door: Sendable {
        case open
        /// They are taken, and nobody says anything.
        case silent
        /// They end at once.
        case shut
    }

    /// Where it is, as libpq takes it.
    let connection: String

    private let folder: URL
    private let listener: Int32
    private let wake: (reading: Int32, writing: Int32)
    private let orders = Lock<[@Sendable (FaultyProxy) -> Void]>([])
    private let target: sockaddr_un
    private var pairs: [ProxyPair] = []
    private var door = Door.open
    private var trap: ProxyPair.Fault?
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOver = false

    private struct Failure: Error {
        let what: String
    }

    /// Opens a way to a server that listens on a Unix socket.
    init(to connection: String) throws {
        let probe = PQconnectdb(connection)
        defer { PQfinish(probe) }
        guard let host = PQhost(probe), let port = PQport(probe), host.pointee == UInt8(ascii: "/") else {
            throw Failure(what: "the server does not listen on a Unix socket")
        }
        target = try Self.address("\(String(cString: host))/.s.PGSQL.\(String(cString: port))")
        folder = URL(fileURLWithPath: "/tmp/billing-proxy-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.connection = "\(connection) host=\(folder.path) port=1"
        listener = Self.socket()
        var ends: [Int32] = [0, 0]
        guard
            Self.call(bind, listener, try Self.address("\(folder.path)/.s.PGSQL.1")), listen(listener, 64) == 0,
            pipe(&ends) == 0
        else { throw Failure(what: "no socket: \(errno)") }
        wake = (ends[0], ends[1])
        // Who writes to a connection that has ended is told so, and not ended too.
        signal(SIGPIPE, SIG_IGN)
        Thread.detachNewThread { self.run() }
    }

    // MARK: Orders

    /// Lets the next transaction that writes go wrong.
    func spoilNextWrite(_ fault: ProxyPair.Fault) async {
        await order { $0.trap = fault }
    }

    /// Returns once a transaction is held back.
    func waitUntilHeld() async {
        await withCheckedContinuation { waiter in
            send { proxy in
                proxy.waiting.append(waiter)
                proxy.tellOfHeld()
            }
        }
    }

    /// Lets go on what was held back, and returns when the server has answered it.
    func release() async {
        await withCheckedContinuation { waiter in
            send { proxy in
                let held = proxy.pairs.filter(\.isHeld)
                var left = held.count
                if held.isEmpty { waiter.resume() }
                for pair in held {
                    pair.release {
                        left -= 1
                        if left == 0 { waiter.resume() }
                    }
                }
            }
        }
    }

    /// Ends all connections.
    func cut() async {
        await order { proxy in for pair in proxy.pairs { pair.close() } }
    }

    /// Swallows what comes through the connections that there are, which nobody is told.
    func fallSilent() async {
        await order { proxy in for pair in proxy.pairs { pair.isSilent = true } }
    }

    /// Says what becomes of new connections.
    func set(_ door: Door) async {
        await order { $0.door = door }
    }

    /// Ends the proxy.
    func close() async {
        await order { $0.isOver = true }
    }

    private func order(_ body: @escaping @Sendable (FaultyProxy) -> Void) async {
        await withCheckedContinuation { waiter in
            send { proxy in
                body(proxy)
                waiter.resume()
            }
        }
    }

    private func send(_ body: @escaping @Sendable (FaultyProxy) -> Void) {
        orders.withLock { $0.append(body) }
        var byte: UInt8 = 0
        _ = write(wake.writing, &byte, 1)
    }

    // MARK: The thread

    private func run() {
        while !isOver {
            var all = [Self.polled(wake.reading), Self.polled(listener)]
            // A descriptor below zero is left out.
            all += pairs.flatMap { [Self.polled($0.client ?? -1), Self.polled($0.server ?? -1)] }
            guard poll(&all, nfds_t(all.count), -1) > 0 else { continue }
            for (index, pair) in pairs.enumerated() {
                if all[2 + 2 * index].revents != 0 { pair.clientIsReady(&trap) }
                if all[3 + 2 * index].revents != 0, pair.server != nil { pair.serverIsReady() }
            }
            pairs.removeAll(where: \.isOver)
            if all[1].revents != 0 { accept() }
            if all[0].revents != 0 {
                var byte: UInt8 = 0
                _ = read(wake.reading, &byte, 1)
                for order in orders.withLock({ orders in
                    defer { orders = [] }; return orders
                }) { order(self) }
            }
            tellOfHeld()
        }
        for pair in pairs { pair.close() }
        for descriptor in [listener, wake.reading, wake.writing] { Foundation.close(descriptor) }
        try? FileManager.default.removeItem(at: folder)
    }

    private func tellOfHeld() {
        guard pairs.contains(where: \.isHeld) else { return }
        for waiter in waiting { waiter.resume() }
        waiting = []
    }

    private func accept() {
        let client = Foundation.accept(listener, nil, nil)
        guard client >= 0 else { return }
        switch door {
        case .open:
            let server = Self.socket()
            if Self.call(connect, server, target) {
                pairs.append(ProxyPair(client: client, server: server))
            } else {
                Foundation.close(client)
                Foundation.close(server)
            }
        case .silent: pairs.append(ProxyPair(client: client, server: nil))
        case .shut: Foundation.close(client)
        }
    }

    // MARK: Sockets

    private static func polled(_ descriptor: Int32) -> pollfd {
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    }

    private static func socket() -> Int32 {
        #if canImport(Glibc)
        Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
        Foundation.socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
    }

    private static func address(_ path: String) throws -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Failure(what: "'\(path)' is long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32,
        _ descriptor: Int32,
        _ address: sockaddr_un
    ) -> Bool {
        withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
#endif
