/// Which questions wait, which are with the server, and what became of the others. Time is told from outside.
struct QuestionBoard {
    private struct Flight {
        var index: Int
        var deadline: Duration
    }

    private let limits: ServerLimits
    /// Of the run.
    private let end: Duration
    private(set) var answers: [DefinitionAnswer?]
    /// Indexes of questions, the next one last.
    private var waiting: [Int]
    private var flights: [Int: Flight] = [:]
    /// Answered with nothing by a server that may know more later, and when to ask it again.
    private var held: [Int] = []
    private var retry = Duration.zero
    private static let retryInterval = Duration.milliseconds(500)
    private var attempts: [Int]
    /// Times that a question is asked at most, when the server fails over it or wants it asked again.
    private static let attemptLimit = 5

    init(count: Int, limits: ServerLimits, end: Duration) {
        self.limits = limits
        self.end = end
        answers = Array(repeating: nil, count: count)
        attempts = Array(repeating: 0, count: count)
        waiting = Array((0..<count).reversed())
    }

    var isDone: Bool { waiting.isEmpty && flights.isEmpty && held.isEmpty }

    var answeredCount: Int { answers.count { $0 != nil } }

    /// Questions that the server has or will have.
    var open: [Int] { waiting + flights.values.map(\.index) + held }

    /// When something has to be given up.
    var deadline: Duration {
        flights.values.reduce(held.isEmpty ? end : min(end, retry)) { min($0, $1.deadline) }
    }

    /// Questions to ask now. While some are held, the others would be soon.
    /// - Parameter isOpen: whether the server was shown the file of a question. While it is at work it is asked about such
    ///   files only: many a server gives up what it is at when files come and go.
    mutating func next(now: Duration, isOpen: (Int) -> Bool) -> [Int] {
        guard now < end, held.isEmpty else { return [] }
        var found: [Int] = []
        while let index = waiting.last, flights.count + found.count < limits.window {
            guard flights.isEmpty || isOpen(index) else { break }
            waiting.removeLast()
            found.append(index)
        }
        return found
    }

    /// Whether the server is at work on none.
    var isQuiet: Bool { flights.isEmpty }

    /// Whether there is something to wait for.
    var isPending: Bool { !flights.isEmpty || !held.isEmpty }

    mutating func asked(_ index: Int, id: Int, now: Duration) {
        attempts[index] += 1
        flights[id] = Flight(index: index, deadline: min(end, now + limits.question))
    }

    mutating func answer(_ index: Int, _ answer: DefinitionAnswer) { answers[index] = answer }

    /// - Parameter mayKnowMore: the server may find later what it does not find now.
    mutating func answered(id: Int, _ answer: DefinitionAnswer, mayKnowMore: Bool, now: Duration) {
        guard let flight = flights.removeValue(forKey: id) else { return }
        switch answer {
        case .unanswered(.nothingFound) where mayKnowMore:
            if held.isEmpty { retry = now + Self.retryInterval }
            held.append(flight.index)
        case .unanswered(.refused(let refusal)) where refusal.isPassing && attempts[flight.index] < Self.attemptLimit:
            waiting.append(flight.index)
        default: answers[flight.index] = answer
        }
    }

    /// The server knows more now.
    mutating func askAgain() {
        waiting += held.reversed()
        held = []
    }

    /// Gives up what has taken too long.
    /// - Returns: ids of requests that the server need not go on with.
    mutating func expire(now: Duration) -> [Int] {
        let late = flights.filter { $0.value.deadline <= now }.keys.sorted()
        for id in late {
            guard let flight = flights.removeValue(forKey: id) else { continue }
            answers[flight.index] = .unanswered(now < end ? .timedOut : .outOfTime)
        }
        if now >= end { closeAll(.outOfTime) }
        if now >= retry { askAgain() }
        return late
    }

    /// The server is gone. What it was at work on is asked last: one of these may be what ended it.
    mutating func serverEnded() {
        let open = flights.values.map(\.index).sorted()
        flights = [:]
        askAgain()
        waiting = open.reversed() + waiting
    }

    mutating func closeAll(_ silence: DefinitionAnswer.Silence) {
        for index in open { answers[index] = .unanswered(silence) }
        (waiting, flights, held) = ([], [:], [])
    }
}
