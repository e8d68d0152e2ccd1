#if Postgres
import BillingSQL

/// Columns as the binary arrays that PostgreSQL takes, or as one value where that is the same for all rows, one after the
/// other in memory that is used again and again.
final class BinaryArrays {
    /// The object identifiers of types, which are the same in every PostgreSQL.
    enum TypeID {
        static let bool: UInt32 = 16
        static let bytea: UInt32 = 17
        static let int8: UInt32 = 20
        static let int2: UInt32 = 21
        static let int4: UInt32 = 23
        static let text: UInt32 = 25
        static let void: UInt32 = 2278
        static let byteaArray: UInt32 = 1001
        static let textArray: UInt32 = 1009
        static let int8Array: UInt32 = 1016
    }

    private var memory = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var capacity = 1 << 16
    private var count = 0
    /// Where each begins; `nil` where it is null.
    private var offsets: [Int?] = []

    /// The arrays' types.
    private(set) var types: [UInt32] = []
    /// The arrays' lengths in bytes.
    private(set) var lengths: [Int32] = []
    /// That each is binary.
    private(set) var formats: [Int32] = []

    deinit {
        memory.deallocate()
    }

    /// Where the arrays are, until the next call of ``encode(_:)``.
    var pointers: [UnsafePointer<CChar>?] {
        offsets.map { offset in offset.map { UnsafePointer((memory + $0).assumingMemoryBound(to: CChar.self)) } }
    }

    /// Writes columns in place of those before.
    ///
    /// - Parameters:
    ///   - columns: The columns.
    ///   - uniform: Those of them that are written as one value.
    func encode(_ columns: [SQLColumn], _ uniform: UniformColumns) {
        count = 0
        offsets.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for (index, column) in columns.enumerated() {
            formats.append(1)
            if uniform.contains(index) {
                addValue(of: column)
                continue
            }
            let start = count
            offsets.append(start)
            switch column {
            case .integers(let values):
                types.append(TypeID.int8Array)
                addHead(of: values.count, TypeID.int8)
                add(values)
            case .texts(let values):
                types.append(TypeID.textArray)
                addHead(of: values.count, TypeID.text)
                for value in values { add(value) }
            case .blobs(let values):
                types.append(TypeID.byteaArray)
                addHead(of: values.count, TypeID.bytea)
                for value in values {
                    if let value { value.withUnsafeBytes { addElement($0) } } else { addNull() }
                }
            }
            lengths.append(Int32(clamping: count - start))
        }
    }

    /// Adds the one value of a column.
    private func addValue(of column: SQLColumn) {
        let head = count
        let isNull: Bool
        switch column {
        case .integers(let values):
            types.append(TypeID.int8)
            isNull = values[0] == nil
            add(values[0])
        case .texts(let values):
            types.append(TypeID.text)
            isNull = values[0] == nil
            add(values[0])
        case .blobs(let values):
            types.append(TypeID.bytea)
            isNull = values[0] == nil
            if let value = values[0] { value.withUnsafeBytes { addElement($0) } } else { addNull() }
        }
        // As an element it comes after its length, which is told apart here.
        offsets.append(isNull ? nil : head + 4)
        lengths.append(Int32(clamping: count - head - 4))
    }

    /// Dimensions, whether there may be nulls, the type of the elements, their number, and the first one's index.
    private func addHead(of elements: Int, _ type: UInt32) {
        add(1 as Int32)
        add(1 as Int32)
        add(Int32(bitPattern: type))
        add(Int32(clamping: elements))
        add(1 as Int32)
    }

    private func add(_ value: Int64?) {
        guard let value else { return addNull() }
        reserve(12)
        memory.storeBytes(of: Int32(8).bigEndian, toByteOffset: count, as: Int32.self)
        memory.storeBytes(of: value.bigEndian, toByteOffset: count + 4, as: Int64.self)
        count += 12
    }

    private func add(_ values: [Int64?]) {
        reserve(values.count * 12)
        var end = memory + count
        for value in values {
            guard let value else {
                end.storeBytes(of: -1, as: Int32.self)
                end += 4
                continue
            }
            end.storeBytes(of: Int32(8).bigEndian, as: Int32.self)
            end.storeBytes(of: value.bigEndian, toByteOffset: 4, as: Int64.self)
            end += 12
        }
        count = end - memory
    }

    private func add(_ value: String?) {
        guard var value else { return addNull() }
        value.withUTF8 { bytes in
            if PostgresText.isAffected(bytes) {
                PostgresText.escaped(bytes).withUnsafeBytes { addElement($0) }
            } else {
                addElement(UnsafeRawBufferPointer(bytes))
            }
        }
    }

    private func addElement(_ bytes: UnsafeRawBufferPointer) {
        add(Int32(clamping: bytes.count))
        reserve(bytes.count)
        if let base = bytes.baseAddress { (memory + count).copyMemory(from: base, byteCount: bytes.count) }
        count += bytes.count
    }

    private func addNull() {
        add(-1 as Int32)
    }

    private func add(_ value: Int32) {
        reserve(4)
        memory.storeBytes(of: value.bigEndian, toByteOffset: count, as: Int32.self)
        count += 4
    }

    private func reserve(_ bytes: Int) {
        guard count + bytes > capacity else { return }
        while count + bytes > capacity { capacity *= 2 }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        memory = larger
    }
}
#endif
