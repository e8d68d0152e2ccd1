import BillingModel

/// Writes JSON with sorted keys, so that equal values are equal texts.
enum JSONWriter {
    /// What fits into so many columns stands on one line.
    private static let lineLength = 100

    static func text(_ value: JSONValue, indented: Bool) -> String {
        var text = ""
        if indented {
            write(value, to: &text, indentation: 0, column: 0)
            text += "\n"
        } else {
            text = line(value, separator: ",", colon: ":")
        }
        return text
    }

    private static func write(_ value: JSONValue, to text: inout String, indentation: Int, column: Int) {
        let line = line(value, separator: ", ", colon: ": ")
        guard column + line.utf8.count > lineLength || indentation == 0 else {
            text += line
            return
        }
        let inner = String(repeating: " ", count: indentation + 2)
        let outer = String(repeating: " ", count: indentation)
        switch value {
        case .array(let entries) where !entries.isEmpty:
            text += "["
            for (index, entry) in entries.enumerated() {
                text += index == 0 ? "\n\(inner)" : ",\n\(inner)"
                write(entry, to: &text, indentation: indentation + 2, column: indentation + 3)
            }
            text += "\n\(outer)]"
        case .object(let members) where !members.isEmpty:
            text += "{"
            for (index, member) in sorted(members).enumerated() {
                let key = quoted(member.key.rawValue)
                text += "\(index == 0 ? "" : ",")\n\(inner)\(key): "
                let column = indentation + key.utf8.count + 5
                write(member.value, to: &text, indentation: indentation + 2, column: column)
            }
            text += "\n\(outer)}"
        default: text += line
        }
    }

    private static func line(_ value: JSONValue, separator: String, colon: String) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let text): text
        case .string(let text): quoted(text)
        case .array(let entries):
            "["
                + entries.map { line($0, separator: separator, colon: colon) }.joined(separator: separator)
                + "]"
        case .object(let members):
            "{"
                + sorted(members).map { member in
                    quoted(member.key.rawValue) + colon + line(member.value, separator: separator, colon: colon)
                }.joined(separator: separator)
                + "}"
        }
    }

    private static func sorted(
        _ members: [(key: JSONKey, value: JSONValue)]
    ) -> [(key: JSONKey, value: JSONValue)] {
        members.sorted { $0.key < $1.key }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\0"..<" ": quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
