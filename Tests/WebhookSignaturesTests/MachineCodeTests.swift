#if !DEBUG && os(Linux)
import Foundation
import Testing

/// What the optimizer made of the code whose time, or whose effect on memory nobody reads again, is the point.
///
/// `scripts/signatures-test` runs these on a release build.
@Suite(.serialized, .enabled(if: MachineCode.canBeRead, "objdump is not installed"))
struct MachineCodeTests {
    @Test func `the comparison of codes has no conditional jump`() throws {
        let code = try MachineCode(of: "12ConstantTimeO8areEqual")
        #expect(code.instructions.count > 5)
        #expect(code.conditionalJumps.isEmpty)
        #expect(code.calls.allSatisfy { $0.contains("12ConstantTimeO8areEqual") }, "what else is called could jump")
    }

    @Test func `the reader finds the jumps of a comparison that has some`() throws {
        // Called, so that it is there.
        #expect(hastyComparison([1, 2, 3], [1, 2, 3]))
        let code = try MachineCode(of: "15hastyComparison")
        #expect(!code.conditionalJumps.isEmpty)
    }

    @Test func `what holds the midstates erases both before its memory is given back`() throws {
        let code = try MachineCode(of: "9Midstates", suffix: "CfD")
        #expect(code.calls.count { $0.contains("12SecretMemoryO5erase") } == 2)
    }
}

@inline(never)
func hastyComparison(_ lhs: [UInt8], _ rhs: [UInt8]) -> Bool {
    lhs == rhs
}
#endif
