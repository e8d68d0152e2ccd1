extension CatalogError {
    /// Where in a catalog something is, written as in the catalog's JSON: `tiers[1].allowances.job_descriptions.per`.
    ///
    /// Entries are counted from 0 in the order that they were given in.
    public struct Place: Hashable, Sendable {
        enum Step: Hashable {
            case field(String)
            case item(Int, id: String?)
        }

        private(set) var steps: [Step] = []

        /// The whole catalog.
        package init() {}

        /// Returns the place of a part with a fixed name, or of an entry under an id.
        package func at(_ name: String) -> Place {
            adding(.field(name))
        }

        /// Returns the place of an entry of a list.
        package func item(_ index: Int, id: String? = nil) -> Place {
            adding(.item(index, id: id))
        }

        /// The id of the innermost entry around the place that has one.
        var owner: String? {
            for case .item(_, let id?) in steps.reversed() { return id }
            return nil
        }

        private func adding(_ step: Step) -> Place {
            var place = self
            place.steps.append(step)
            return place
        }
    }
}

extension CatalogError.Place: CustomStringConvertible {
    /// The place as a path; `catalog` for the whole.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .item(let index, _): text += "[\(index)]"
            case .field(let name) where name.isPlain: text += text.isEmpty ? name : ".\(name)"
            case .field(let name): text += "[\(quoted(name))]"
            }
        }
        return text.isEmpty ? "catalog" : text
    }
}

extension String {
    /// Whether the text can stand in a path without quotes.
    fileprivate var isPlain: Bool {
        !isEmpty && utf8.count <= 255
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
                default: false
                }
            }
    }
}

/// Returns a text from outside in quotes, short and on one line, so that it can stand in a sentence.
package func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(64) {
        shown +=
            scalar.properties.generalCategory.isVisible ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return "'\(shown)\(text.unicodeScalars.count > 64 ? "…" : "")'"
}

extension Unicode.GeneralCategory {
    fileprivate var isVisible: Bool {
        switch self {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
