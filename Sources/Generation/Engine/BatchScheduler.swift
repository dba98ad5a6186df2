/// Whose work goes first.
package enum RequestPriority: Int, Hashable, Comparable, Sendable {
    case interactive
    case batch

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A prompt to read and to continue.
package struct BatchRequest: Hashable, Sendable, Identifiable {
    package var id: Int
    /// Not empty.
    package var prompt: [Int32]
    package var priority: RequestPriority
    /// Requests of one client share; the machine is divided among clients.
    package var client: String
    /// Key of the adapters that correct the model; see `AdapterSelection`.
    package var adapters: String

    package init(
        id: Int, prompt: [Int32], priority: RequestPriority = .interactive, client: String = "", adapters: String = ""
    ) {
        (self.id, self.prompt, self.priority, self.client) = (id, prompt, priority, client)
        self.adapters = adapters
    }
}

/// Why a request is not taken.
package enum AdmissionError: Error, Hashable, Sendable {
    case queueFull(waiting: Int)
}

/// What an engine's scheduler may do.
package struct BatchLimits: Hashable, Sendable {
    /// Sequences at a time.
    package var slots: Int
    /// Requests that wait for a slot.
    package var queue = 64
    /// Seconds that reading prompts may keep running answers waiting for their next token.
    package var longestStall = 0.25
    /// Tokens of prompts in a pass.
    package var batch = Session.batch
    /// Seconds after which what waits counts as interactive.
    package var patience = 30.0
    /// Whether a cache of prefixes fills slots: see `PrefixCache`.
    package var prefixesOutliveSlots = false

    package init(slots: Int) { self.slots = slots }
}

/// Decides what each pass of an engine works on. A pure state machine: it is told what happens and when, and answers
/// with what to do.
///
/// All running answers get a token in every pass. Prompts are read in chunks between them, as large as keeps running
/// answers waiting no longer than the limit, measured by what earlier passes took. Interactive requests come before
/// others; among clients the one that had least; among its requests the one that waits longest. The same order decides
/// who gets a free slot.
///
/// In each round the caller places what can be placed (`place`, `begin`), evaluates `nextStep`, tells how long it took
/// (`finishStep`), and for each input with logits appends a token or finishes the request.
/// - SeeAlso: Yu et al. 2022, "Orca", OSDI; Agrawal et al. 2024, arXiv:2403.02310 (chunked prefill beside decodes).
package struct BatchScheduler: Sendable {
    /// A request that got a slot, which is to keep the first `shared` tokens of what it holds; none of what it holds of
    /// other adapters.
    package struct Placement: Hashable, Sendable {
        package var id: Int
        package var slot: Int
        package var shared: Int

        package init(id: Int, slot: Int, shared: Int) { (self.id, self.slot, self.shared) = (id, slot, shared) }
    }

    private struct Standing: Sendable {
        var priority: RequestPriority
        var client: String
        var since: Double
        var arrival: Int
    }

    private struct Waiting: Sendable {
        var request: BatchRequest
        var standing: Standing
    }

    private struct Running: Sendable {
        let id: Int
        let standing: Standing
        let slot: Int
        let adapters: String
        let promptCount: Int
        /// Of the prompt, and those that were generated.
        var tokens: [Int32]
        /// How many of them the slot holds, or will hold after the pass that was handed out.
        var evaluated: Int
        /// Whether the caller is still bringing tokens into the slot.
        var isFilling = false

        /// Tokens that are yet to be evaluated; none while the caller draws the next.
        var pending: Int { tokens.count - evaluated }
        /// A slot that went back far reads what it lost in chunks, as it does a prompt.
        var isReading: Bool { !isFilling && (evaluated < promptCount || pending > 1) }
        /// Whether the next pass continues its answer.
        var isGenerating: Bool { !isFilling && !isReading && pending > 0 }
    }

    package let limits: BatchLimits
    private var waiting: [Waiting] = []
    private var running: [Running] = []
    private var contents: SlotContents
    private var shares = ClientShares()
    private var pace = ReadingPace()
    private var arrivals = 0
    /// Parts of prompts in the pass that was handed out, and positions of the answers that it continues.
    private var reading: [ReadingPace.Part] = []
    private var answers: [Int] = []
    private var hasDrafts = false

    package init(_ limits: BatchLimits) {
        precondition(limits.slots >= 1 && limits.batch >= 1)
        self.limits = limits
        contents = SlotContents(count: limits.slots, outlivesSlots: limits.prefixesOutliveSlots)
    }

    package var waitingCount: Int { waiting.count }
    package var runningCount: Int { running.count }
    package var isIdle: Bool { waiting.isEmpty && running.isEmpty }

    /// The request that holds a slot.
    package func request(in slot: Int) -> Int? { running.first { $0.slot == slot }?.id }

    /// The slot that a request holds.
    package func slot(of id: Int) -> Int? { running.first { $0.id == id }?.slot }

    /// The prompt of a running request and what was drawn for it.
    package func tokens(of id: Int) -> [Int32] { running.first { $0.id == id }?.tokens ?? [] }

    // MARK: Requests come and go

    /// Queues a request. - Parameter now: seconds, on any clock.
    package mutating func submit(_ request: BatchRequest, at now: Double) throws(AdmissionError) {
        precondition(!request.prompt.isEmpty)
        // What a free slot will take at once does not wait.
        let free = limits.slots - running.count
        guard waiting.count < limits.queue + free else { throw .queueFull(waiting: waiting.count) }
        arrivals += 1
        shares.enter(request.client)
        let standing = Standing(priority: request.priority, client: request.client, since: now, arrival: arrivals)
        waiting.append(Waiting(request: request, standing: standing))
    }

    /// Gives a free slot to a waiting request; nil when none waits or no slot is free.
    package mutating func place(at now: Double) -> Placement? {
        guard contents.hasFree,
            let index = waiting.indices.min(by: {
                rank(waiting[$0].standing, now) < rank(waiting[$1].standing, now)
            })
        else { return nil }
        let (request, standing) = (waiting[index].request, waiting[index].standing)
        guard let (slot, shared) = contents.take(for: request.prompt, adapters: request.adapters) else { return nil }
        waiting.remove(at: index)
        running.append(
            Running(
                id: request.id, standing: standing, slot: slot, adapters: request.adapters,
                promptCount: request.prompt.count, tokens: request.prompt, evaluated: shared))
        return Placement(id: request.id, slot: slot, shared: shared)
    }

    /// Takes note of how many tokens a slot really kept, after a placement or a pass that was given up.
    /// - Parameter isFilling: whether more of them are being brought from elsewhere: passes leave the request out until
    ///   this is called again.
    package mutating func begin(slot: Int, holding count: Int, isFilling: Bool = false) {
        guard let index = running.firstIndex(where: { $0.slot == slot }) else { return }
        precondition(count < running[index].tokens.count)
        running[index].evaluated = count
        running[index].isFilling = isFilling
    }

    /// Appends the token that was drawn, to be evaluated in the next pass.
    package mutating func append(_ token: Int32, to id: Int) {
        guard let index = running.firstIndex(where: { $0.id == id }) else { return }
        running[index].tokens.append(token)
    }

    /// Appends tokens that were drafted, evaluated and drawn just so.
    /// - Parameter held: tokens that the slot holds after going back to the last of them.
    package mutating func confirm(_ tokens: some Collection<Int32>, of id: Int, holding held: Int) {
        guard let index = running.firstIndex(where: { $0.id == id }) else { return }
        running[index].tokens += tokens
        precondition(held <= running[index].tokens.count)
        running[index].evaluated = held
        shares.charge(running[index].standing.client, ClientShares.generatedWeight * Double(tokens.count))
    }

    /// Ends a request that is done or cancelled: its slot is free from now on, or its place in the queue.
    /// - Returns: whether it was there.
    @discardableResult
    package mutating func finish(_ id: Int) -> Bool {
        if let index = waiting.firstIndex(where: { $0.request.id == id }) {
            shares.leave(waiting.remove(at: index).standing.client)
            return true
        }
        guard let index = running.firstIndex(where: { $0.id == id }) else { return false }
        let request = running.remove(at: index)
        shares.leave(request.standing.client)
        contents.free(
            request.slot, holding: request.tokens.prefix(request.evaluated), adapters: request.adapters)
        return true
    }

    /// Takes note of what a free slot holds, where that came about otherwise than by requests.
    package mutating func note(slot: Int, holding tokens: [Int32], adapters: String) {
        precondition(request(in: slot) == nil)
        contents.free(slot, holding: tokens[...], adapters: adapters)
    }

    // MARK: Passes

    /// Answers that the next pass continues, where it reads no prompt: drafts for them are welcome. While prompts are
    /// read, the time of a pass is theirs.
    package var draftable: [(id: Int, slot: Int)] {
        guard running.allSatisfy({ !$0.isReading }) else { return [] }
        return running.filter(\.isGenerating).map { ($0.id, $0.slot) }
    }

    /// Seconds that a pass with drafts may take: those of one answer keep nobody waiting.
    package var draftSeconds: Double { running.count > 1 ? ReadingPace.margin * limits.longestStall : .infinity }

    /// What the next pass works on; empty when there is nothing to do.
    /// - Parameter drafts: guesses of what follows the next token, by request; of `draftable` ones only.
    package mutating func nextStep(at now: Double, drafts: [Int: [Int32]] = [:]) -> [SlotInput] {
        (reading, answers, hasDrafts) = ([], [], false)
        var inputs: [SlotInput] = []
        for index in running.indices where running[index].isGenerating {
            answers.append(running[index].evaluated)
            var input = take(1, from: index)
            if let drafts = drafts[running[index].id], !drafts.isEmpty {
                input.ids += drafts
                input.drafts = drafts.count
                hasDrafts = true
            }
            inputs.append(input)
            shares.charge(running[index].standing.client, ClientShares.generatedWeight)
        }
        var seconds = answers.isEmpty ? .infinity : pace.budget(within: limits.longestStall, answers: answers)
        var room = limits.batch
        let order = running.indices.filter { running[$0].isReading }
            .map { (index: $0, rank: rank(running[$0].standing, read: running[$0].evaluated, now)) }
            .sorted { $0.rank < $1.rank }.map(\.index)
        for index in order where room > 0 && seconds > 0 {
            let position = running[index].evaluated
            var most = seconds.isFinite ? pace.tokens(from: position, within: seconds) : room
            // The first always gets on.
            if reading.isEmpty { most = max(most, ReadingPace.fewestTokens) }
            let part = ReadingPace.Part(position: position, tokens: min(running[index].pending, room, most))
            guard part.tokens > 0 else { break }
            inputs.append(take(part.tokens, from: index))
            shares.charge(running[index].standing.client, Double(part.tokens))
            reading.append(part)
            // While nothing is known, one prompt is enough to learn from.
            guard let needed = pace.seconds(part) else { break }
            room -= part.tokens
            seconds -= needed
        }
        return inputs
    }

    /// Takes note of how long the pass took that `nextStep` asked for.
    package mutating func finishStep(seconds: Double) {
        guard !answers.isEmpty || !reading.isEmpty else { return }
        // Rows of drafts are no measure of what answers take beside a prompt.
        if !hasDrafts { pace.record(reading, answers: answers.count, seconds: seconds, limit: limits.longestStall) }
        (reading, answers) = ([], [])
    }

    private mutating func take(_ count: Int, from index: Int) -> SlotInput {
        let start = running[index].evaluated
        running[index].evaluated = start + count
        return SlotInput(
            slot: running[index].slot, ids: Array(running[index].tokens[start..<start + count]),
            wantsLogits: running[index].pending == 0)
    }

    /// The order of requests: the least comes first.
    /// - Parameter read: tokens of the prompt that its slot holds. Of one client's prompts, those that are short so far
    ///   come before those that take long anyway.
    private func rank(
        _ standing: Standing, read: Int = 0, _ now: Double
    ) -> (priority: RequestPriority, service: Double, level: Int, arrival: Int) {
        let waitsLong = now - standing.since >= limits.patience
        let level = waitsLong ? 0 : read < 2048 ? 0 : read < 8192 ? 1 : 2
        return (
            waitsLong ? .interactive : standing.priority, shares.service(of: standing.client), level, standing.arrival
        )
    }
}
