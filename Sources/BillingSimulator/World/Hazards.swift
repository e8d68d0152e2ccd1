/// How often things go wrong in a world, each in a thousand times; drawn for each world, so that worlds differ.
struct Hazards: Sendable {
    var delay = 0
    var slowCall = 0
    var connectionLost = 0
    var busy = 0
    var serialization = 0
    var lostAnswer = 0
    var lostCommit = 0
    /// In a thousand steps, as what follows.
    var crash = 0
    var stop = 0
    var clockJump = 0
    var cancellation = 0
    /// In a thousand notices.
    var deafness = 0

    /// Nothing goes wrong any more, but for calls that take their turns.
    static let healed = Hazards(delay: 300)

    /// Draws how often things go wrong.
    static func drawn(with dice: inout Dice) -> Hazards {
        Hazards(
            delay: dice.pick([100, 400, 800]),
            slowCall: dice.pick([0, 5, 30]),
            connectionLost: dice.pick([0, 10, 60]),
            busy: dice.pick([0, 10, 60]),
            serialization: dice.pick([0, 10, 60]),
            lostAnswer: dice.pick([0, 30, 120]),
            lostCommit: dice.pick([0, 30, 120]),
            crash: dice.pick([0, 1, 2]),
            stop: dice.pick([0, 0, 1]),
            clockJump: dice.pick([0, 1, 4]),
            cancellation: dice.pick([0, 1, 3]),
            deafness: dice.pick([0, 100, 400])
        )
    }
}
