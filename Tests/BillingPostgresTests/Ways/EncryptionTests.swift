#if Postgres
import BillingKit
import BillingPostgres
import CrashTesting
import Foundation
import Testing

/// Over a network and encrypted, as the connection string says it.
@Suite(
    .serialized,
    .enabled(
        if: OwnServer.isPossible && ServerUser.path(of: "openssl") != nil,
        "There is no PostgreSQL to start, or no openssl to make certificates."
    )
)
struct EncryptionTests {
    /// A server that lets in over the network who comes encrypted, and nobody else.
    private static func withServer(_ body: (OwnServer, _ folder: URL, _ port: Int) async throws -> Void) async throws {
        let port = Int.random(in: 20_000..<32_000)
        let place = Lock(URL(fileURLWithPath: "/"))
        try await OwnServer.with { folder in
            place.withLock { $0 = folder }
            for name in ["server", "other"] { try await makeCertificate(name, in: folder) }
            let rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n"
            let file = URL(fileURLWithPath: "/tmp/billing-rules-\(UInt32.random(in: 0 ... .max))")
            try rules.write(to: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(at: file) }
            try await ServerUser.run("/bin/cp", [file.path, "\(folder.path)/rules"], in: folder)
            return [
                "listen_addresses=127.0.0.1", "port=\(port)", "ssl=on", "hba_file=\(folder.path)/rules",
                "ssl_cert_file=\(folder.path)/server.crt", "ssl_key_file=\(folder.path)/server.key",
            ]
        } _: { server in
            try await body(server, place.withLock(\.self), port)
        }
    }

    private static func makeCertificate(_ name: String, in folder: URL) async throws {
        let program = try #require(ServerUser.path(of: "openssl"))
        let made = try await ServerUser.run(
            program,
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost", "-keyout", "\(folder.path)/\(name).key", "-out",
                "\(folder.path)/\(name).crt",
            ],
            in: folder
        )
        #expect(made, "a certificate is made")
    }

    @Test func `a store works over TLS, and goes on when its connections are cut`() async throws {
        try await Self.withServer { server, folder, port in
            let way = "host=localhost hostaddr=127.0.0.1 port=\(port) user=billing dbname=postgres"
            let known = "\(way) sslmode=verify-full sslrootcert=\(folder.path)/server.crt"
            let store = try await PostgresStore(known)
            let crew = CrashCrew(try await BillingSystem(catalog: CrashWorker.catalog(), store: store))
            let raw = try RawPostgres(server.connection + " port=\(port)")
            for _ in 0..<3 {
                try await crew.work(untilStruckAfter: 20) {
                    try raw.run(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'billing-kit'"
                    )
                }
                await crew.goOn()
                _ = try await crew.audit(store)
            }
            let encrypted = try raw.run(
                """
                SELECT s.ssl AND a.client_addr IS NOT NULL FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
                WHERE a.application_name = 'billing-kit'
                """
            )
            #expect(!encrypted.isEmpty && encrypted.allSatisfy { $0 == ["t"] }, "\(encrypted)")
            await store.close()
        }
    }

    @Test func `a server that shows another certificate gets nothing`() async throws {
        try await Self.withServer { _, folder, port in
            let way = "host=localhost hostaddr=127.0.0.1 port=\(port) user=billing dbname=postgres password=hushed"
            let strange = "\(way) sslmode=verify-full sslrootcert=\(folder.path)/other.crt"
            let wrongName = way.replacing("host=localhost", with: "host=elsewhere")
            let ways = [
                (strange, "certificate"), ("\(way) sslmode=disable", "pg_hba"),
                ("\(wrongName) sslmode=verify-full sslrootcert=\(folder.path)/server.crt", "elsewhere"),
            ]
            for (way, word) in ways {
                let error = await #expect(throws: StoreError.self) { _ = try await PostgresStore(way) }
                #expect(error?.code == .cannotOpen, "\(error?.message ?? "")")
                #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
                #expect(error?.message.contains("hushed") == false)
            }
        }
    }
}
#endif
