import BillingKit

extension SQLValue {
    init(_ value: Int64?) {
        self = value.map { .integer($0) } ?? .null
    }

    init(_ value: String?) {
        self = value.map { .text($0) } ?? .null
    }

    init(_ value: (some Identifier)?) {
        self.init(value?.rawValue)
    }

    init(_ value: Timestamp?) {
        self.init(value?.microseconds)
    }

    init(_ value: Bool) {
        self = .integer(value ? 1 : 0)
    }

    init(_ value: Int) {
        self = .integer(Int64(value))
    }

    static func values(of version: ObjectVersion?) -> [SQLValue] {
        [SQLValue(version?.object), SQLValue(version?.event)]
    }

    static func values(of standing: Account.Standing?) -> [SQLValue] {
        [SQLValue(standing?.tier), SQLValue(standing?.catalog.number), SQLValue(standing?.until)]
    }

    static func values(of span: TimeSpan?) -> [SQLValue] {
        [SQLValue(span?.start), SQLValue(span?.end)]
    }

    static func values(of recurrence: Recurrence?) -> [SQLValue] {
        [
            SQLValue(recurrence.map { Int64($0.count) }), SQLValue(recurrence?.unit.rawValue),
            SQLValue(recurrence.map { Int64($0.offsetSeconds) }),
        ]
    }
}
