#if Postgres
import BillingKit
import BillingSQL
import CBillingPostgres

/// The reading of results, which come in binary form.
enum PostgresResult {
    /// Reads the rows of a result that is not an error.
    static func rows(of result: OpaquePointer) throws(StoreError) -> SQLRows {
        let changed = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        let (rowCount, columnCount) = (PQntuples(result), PQnfields(result))
        guard rowCount > 0 else { return SQLRows([], changed: changed) }
        let types = (0..<columnCount).map { PQftype(result, $0) }
        var rows: [[SQLValue]] = []
        rows.reserveCapacity(Int(rowCount))
        for row in 0..<rowCount {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(columnCount))
            for column in 0..<columnCount {
                values.append(try value(in: result, row, column, types[Int(column)]))
            }
            rows.append(values)
        }
        return SQLRows(rows, changed: changed)
    }

    private static func value(
        in result: OpaquePointer,
        _ row: Int32,
        _ column: Int32,
        _ type: Oid
    ) throws(StoreError) -> SQLValue {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch type {
        case BinaryArrays.TypeID.int8, BinaryArrays.TypeID.int4, BinaryArrays.TypeID.int2:
            // Shorter ones are extended by their sign.
            var value: Int64 = (bytes.first ?? 0) & 0x80 == 0 ? 0 : -1
            for byte in bytes { value = value << 8 | Int64(byte) }
            return .integer(value)
        case BinaryArrays.TypeID.bool: return .integer(Int64(bytes.first ?? 0))
        case BinaryArrays.TypeID.bytea: return .blob([UInt8](bytes))
        case BinaryArrays.TypeID.void: return .null
        case BinaryArrays.TypeID.text, 19, 705, 1042, 1043:
            return .text(PostgresText.text(bytes.bindMemory(to: UInt8.self)))
        default:
            throw StoreError(
                .corrupt,
                "Column \(column) of a result is of a type, \(type), that the kit does not read."
            )
        }
    }
}
#endif
