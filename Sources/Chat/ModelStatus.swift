/// What a model is doing, for whoever watches. Counters only grow.
package struct ModelStatus: Hashable, Sendable {
    /// A place for one sequence at a time.
    package struct Slot: Hashable, Sendable {
        package enum State: String, Codable, Hashable, Sendable {
            case idle
            /// The prompt is read.
            case reading
            case generating
        }
        package var state: State
        /// Whose request it is; empty where clients are not told apart.
        package var client: String
        /// Tokens that it holds, also while it is idle.
        package var heldTokens: Int
        /// Of the request that is answered.
        package var promptTokens: Int
        package var generatedTokens: Int

        package init(
            state: State = .idle, client: String = "", heldTokens: Int = 0, promptTokens: Int = 0,
            generatedTokens: Int = 0
        ) {
            self.state = state
            self.client = client
            self.heldTokens = heldTokens
            self.promptTokens = promptTokens
            self.generatedTokens = generatedTokens
        }
    }

    /// A cache of prefixes apart from the slots.
    package struct PrefixCache: Hashable, Sendable {
        package var bytes: Int
        /// Nil: as much as there is.
        package var capacityBytes: Int?
        package var lookups: Int
        /// Lookups that found something.
        package var hits: Int
        package var reusedTokens: Int

        package init(bytes: Int, capacityBytes: Int?, lookups: Int, hits: Int, reusedTokens: Int) {
            self.bytes = bytes
            self.capacityBytes = capacityBytes
            self.lookups = lookups
            self.hits = hits
            self.reusedTokens = reusedTokens
        }
    }

    package var slots: [Slot]
    /// Requests that have no slot yet.
    package var waiting: Int
    /// Tokens of prompts that were evaluated, without those that were reused.
    package var readTokens: Int
    package var generatedTokens: Int
    /// Nil: there is none.
    package var cache: PrefixCache?

    package init(
        slots: [Slot] = [], waiting: Int = 0, readTokens: Int = 0, generatedTokens: Int = 0, cache: PrefixCache? = nil
    ) {
        self.slots = slots
        self.waiting = waiting
        self.readTokens = readTokens
        self.generatedTokens = generatedTokens
        self.cache = cache
    }
}

/// A model that tells what it is doing. Asking is cheap and never waits for an answer that is made.
package protocol StatusReporting: Sendable {
    var status: ModelStatus { get }
}
