/// Something that did not do what is measured, so that its time would mean nothing.
package struct Failure: Error, CustomStringConvertible {
    /// What happened.
    package let description: String

    /// Creates a failure from a sentence.
    package init(_ description: String) {
        self.description = description
    }
}
