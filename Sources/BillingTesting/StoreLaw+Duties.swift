import BillingKit

extension StoreLaw {
    private static func seconds(_ seconds: Int64) -> Timestamp {
        StoreTrial.start.advanced(by: .seconds(seconds))
    }

    static let duties: [StoreLaw] = [
        StoreLaw("a duty is one server's until its lease ends, by the clock of whoever asks") { trial in
            func isGiven(to holder: String, at now: Int64, until end: Int64) async throws -> Bool {
                try await trial.store.lease(
                    DutyRequest(.sweep, for: Duty.Holder(holder), now: seconds(now), until: seconds(end))
                )
            }
            trial.expectEqual(try await isGiven(to: "a", at: 0, until: 60), true, "whether a free duty is given")
            trial.expectEqual(try await isGiven(to: "b", at: 59, until: 120), false, "whether another one's is given")
            trial.expectEqual(try await isGiven(to: "b", at: -9_999, until: 120), false, "by a clock far behind")
            trial.expectEqual(try await isGiven(to: "a", at: 30, until: 90), true, "whether its own is renewed")
            trial.expectEqual(try await isGiven(to: "b", at: 60, until: 120), false, "whether a renewed one is given")
            trial.expectEqual(try await isGiven(to: "b", at: 90, until: 150), true, "whether one that ended is given")
            trial.expectEqual(try await isGiven(to: "a", at: 91, until: 151), false, "whether the first has it still")
        },
        StoreLaw("a duty that is given up is free at once") { trial in
            let now = seconds(0)
            func isGiven(to holder: String, until end: Timestamp) async throws -> Bool {
                try await trial.store.lease(DutyRequest(.sweep, for: Duty.Holder(holder), now: now, until: end))
            }
            trial.expectEqual(try await isGiven(to: "a", until: seconds(60)), true, "whether it is given")
            trial.expectEqual(try await isGiven(to: "a", until: now), true, "whether it can be given up")
            trial.expectEqual(try await isGiven(to: "b", until: seconds(60)), true, "whether another one has it then")
        },
        StoreLaw("each duty is leased by itself, and names are compared byte for byte") { trial in
            let (now, end) = (seconds(0), seconds(60))
            func isGiven(_ duty: String, to holder: String) async throws -> Bool {
                try await trial.store.lease(DutyRequest(Duty(duty), for: Duty.Holder(holder), now: now, until: end))
            }
            trial.expectEqual(try await isGiven("caf\u{E9}", to: "a"), true, "whether the first is given")
            trial.expectEqual(try await isGiven("cafe\u{301}", to: "b"), true, "whether the second is given")
            trial.expectEqual(try await isGiven("CAF\u{C9}", to: "b"), true, "whether the third is given")
            trial.expectEqual(try await isGiven("caf\u{E9}", to: "A"), false, "whether the first is given to another")
        },
        StoreLaw("of many servers that ask for a duty at once, one has it") { trial in
            let store = trial.store
            let (now, end) = (seconds(0), seconds(60))
            let given = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        try await store.lease(
                            DutyRequest(.sweep, for: Duty.Holder("server-\(number)"), now: now, until: end)
                        )
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            trial.expectEqual(given, 1, "the servers that have the duty")
        },
    ]
}
