/// Something whose time is taken.
///
/// It does many operations at once, so that neither the clock nor the call is part of what is measured.
package protocol Workload {
    /// What a table calls it.
    var name: String { get }

    /// The number of operations of one run.
    var operations: Int { get }

    /// Makes ready for one run; not timed.
    mutating func prepare() throws

    /// Does all operations; timed. Throws when one of them did not do what it should.
    mutating func run() throws
}
