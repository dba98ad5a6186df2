/// A model that is brought into memory when somebody needs it, and leaves it when others need the room.
package protocol LoadableModel: Sendable {
    var residence: ModelResidence { get }

    /// Brings it into memory, and returns when it is there.
    /// - Parameter keepAlive: seconds that it stays from its last use on; infinite: until others need the room; nil: as
    ///   the owner has it.
    func load(keepAlive: Double?) async throws

    /// Lets it go as soon as nobody uses it, and returns at once.
    func unload()
}

/// Whether a model is in memory, and what that takes. Counters only grow.
package struct ModelResidence: Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable {
        case unloaded
        case loading
        case loaded
        /// On its way out.
        case unloading
    }

    package var state: State
    /// Bytes that it takes while it is in memory: its weights, and its contexts when they are full.
    package var byteCount: Int
    /// Requests that use it.
    package var users = 0
    package var loads = 0
    package var unloads = 0
    package var failedLoads = 0
    /// Of all loads together.
    package var loadSeconds: Double = 0
    /// Seconds until it leaves if nobody uses it; nil where only others that need the room make it leave.
    package var secondsLeft: Double?

    package init(state: State, byteCount: Int) {
        self.state = state
        self.byteCount = byteCount
    }
}

/// Why a model is not in memory though a request needs it.
package struct ModelLoadError: Error, CustomStringConvertible {
    package var name: String
    package var reason: any Error

    package init(name: String, reason: any Error) {
        self.name = name
        self.reason = reason
    }

    package var description: String { "'\(name)' cannot be loaded: \(reason)" }
}
