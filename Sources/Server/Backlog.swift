import Synchronization

/// What a connection has to do: requests that have come whole and are not answered, and whether anything has happened.
final class Backlog: Sendable {
    private let requests = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let isActive = Atomic<Bool>(true)

    var count: Int { requests.load(ordering: .relaxed) }

    /// Bytes of their bodies.
    var byteCount: Int { bytes.load(ordering: .relaxed) }

    func add(bytes count: Int) {
        bytes.add(count, ordering: .relaxed)
        requests.add(1, ordering: .relaxed)
    }

    func remove(bytes count: Int) {
        bytes.subtract(count, ordering: .relaxed)
        isActive.store(true, ordering: .relaxed)
        requests.subtract(1, ordering: .relaxed)
    }

    /// Something came in.
    func note() { isActive.store(true, ordering: .relaxed) }

    /// Whether nothing has happened since this was asked last, and there is nothing to do.
    func takeIdleness() -> Bool {
        let wasActive = isActive.exchange(false, ordering: .relaxed)
        return !wasActive && count == 0
    }
}
