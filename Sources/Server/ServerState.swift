import NIOCore
import Synchronization

/// What all connections of a server share: who is here, who is at work, and whether the server is to end.
final class ServerState: Sendable {
    private struct Entry {
        var channel: any Channel
        /// Requests that have begun to come in and are not answered yet.
        var running = 0
    }
    private struct State {
        var connections: [Int: Entry] = [:]
        var lastID = 0
        var isDraining = false
        var listener: (any Channel)?
    }
    private let state = Mutex(State())

    /// Nil when there are as many as may be, or the server is to end.
    func join(_ channel: any Channel, limit: Int) -> Int? {
        state.withLock { state in
            guard state.connections.count < limit, !state.isDraining else { return nil }
            state.lastID += 1
            state.connections[state.lastID] = Entry(channel: channel)
            return state.lastID
        }
    }

    func leave(_ id: Int) {
        state.withLock { _ = $0.connections.removeValue(forKey: id) }
    }

    func beginRequest(on id: Int) {
        state.withLock { $0.connections[id]?.running += 1 }
    }

    func endRequest(on id: Int) {
        state.withLock { $0.connections[id]?.running -= 1 }
    }

    /// Requests that are being answered or come in, and connections.
    var load: (running: Int, connections: Int) {
        state.withLock { state in
            (state.connections.values.reduce(0) { $0 + $1.running }, state.connections.count)
        }
    }

    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// Begins to take connections, unless the server has been told to end before.
    func listen(on channel: any Channel) {
        let isLate = state.withLock { state in
            state.listener = channel
            return state.isDraining
        }
        if isLate { channel.close(promise: nil) }
    }

    /// The listener has ended, and its event loop is about to.
    func forgetListener() { state.withLock { $0.listener = nil } }

    /// Ends everything that has nothing to do. Answers how many requests go on.
    func drain() -> Int {
        let (idle, running) = state.withLock { state in
            state.isDraining = true
            let entries = state.connections.values
            return (
                [state.listener].compactMap(\.self) + entries.filter { $0.running == 0 }.map(\.channel),
                entries.reduce(0) { $0 + $1.running }
            )
        }
        for channel in idle { channel.close(promise: nil) }
        return running
    }

    /// Ends everything.
    func closeAll() {
        let channels = state.withLock { state in
            state.isDraining = true
            return [state.listener].compactMap(\.self) + state.connections.values.map(\.channel)
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
