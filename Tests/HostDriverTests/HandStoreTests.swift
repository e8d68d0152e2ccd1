#if Postgres
import BillingKit
import BillingSQL
import BillingTesting
import Testing

/// A store over a driver that the kit did not write, which drives the same transaction values.
@Suite(.enabled(if: Server.connection != nil, "There is no PostgreSQL to try."))
struct HandStoreTests {
    @Test(arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        try await Server.withSchema { schema in
            try await law.check {
                let database = HandDatabase(try (0..<3).map { _ in try schema.connect() })
                try await database.write(SQLSchema.preparation(in: .postgres))
                return HandStore(database: database)
            }
        }
    }

    private static func value(_ column: SQLColumn, _ row: Int) -> SQLValue { column[row] }

    @Test func `columns come back as they were bound`() async throws {
        try await Server.withSchema { schema in
            let host = try schema.connect()
            let columns: [SQLColumn] = [
                .integers([.min, nil, 0, .max, -1]),
                .texts(["", nil, "NULL", "a \"quoted\" \\ {b,c}", "\u{0}\u{1}\u{2} é\n"]),
                .blobs([[], nil, [0], [92, 34, 255], Array(0...255)]),
            ]
            for column in columns {
                let text = "SELECT v FROM unnest($1::\(column.postgresType)) WITH ORDINALITY AS p (v, n) ORDER BY n"
                let rows = try await host.run([SQLStep(SQLStatement(text), [column])])[0].rows
                #expect(rows == (0..<column.count).map { [column[$0]] })
            }
        }
    }

    @Test(arguments: [
        ("23505", StoreError.Code.unique), ("40001", .serialization), ("40P01", .deadlock), ("55P03", .lockTimeout),
        ("57P01", .connectionLost), ("08006", .connectionLost), ("53100", .full), ("40003", .outcomeUnknown),
        ("57014", .busy), ("42501", .cannotOpen), ("XX000", .corrupt),
    ])
    func `PostgreSQL's codes are sorted into the kit's`(state: String, code: StoreError.Code) {
        #expect(StoreError(sqlState: state, "said so").code == code)
    }
}
#endif
