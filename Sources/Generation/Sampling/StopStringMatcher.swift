/// Watches a stream of text for stop strings and never lets a part of one out.
///
/// The text ends where a stop string is first complete; of several that end there, at the start of the longest. Bytes
/// that could begin a stop string wait until it is certain that they do not. How the text is cut into pieces makes no
/// difference. Constant time per byte.
/// - SeeAlso: Aho and Corasick 1975, "Efficient string matching".
package struct StopStringMatcher: Sendable {
    package struct Output: Hashable, Sendable {
        /// Bytes that are safe to show.
        package var text: [UInt8]
        /// The stop string that was met; nothing behind it counts.
        package var stop: String?

        package init(text: [UInt8], stop: String?) {
            self.text = text
            self.stop = stop
        }
    }

    /// A prefix of stop strings: a node of their trie.
    private struct State {
        var next: [UInt8: Int] = [:]
        /// The longest proper suffix that is also a prefix of a stop string.
        var fallback = 0
        /// Bytes of the prefix.
        var depth = 0
        /// The longest stop string that the prefix ends with.
        var stop: Int?
    }

    private let stops: [String]
    private var states = [State()]
    private var state = 0
    /// The last bytes, as many as the state is deep: what could begin a stop string.
    private var held: [UInt8] = []
    private var met: String?

    /// Empty strings are ignored.
    package init(_ stops: [String]) {
        self.stops = stops
        for (index, stop) in stops.enumerated() where !stop.isEmpty { insert(stop, index) }
        link()
    }

    private mutating func insert(_ stop: String, _ index: Int) {
        var state = 0
        for byte in stop.utf8 {
            if let next = states[state].next[byte] {
                state = next
            } else {
                states.append(State(depth: states[state].depth + 1))
                states[state].next[byte] = states.count - 1
                state = states.count - 1
            }
        }
        states[state].stop = states[state].stop ?? index
    }

    /// Fills in the fallbacks, shortest prefixes first.
    private mutating func link() {
        var queue = Array(states[0].next.values)
        var position = 0
        while position < queue.count {
            let current = queue[position]
            position += 1
            for (byte, child) in states[current].next {
                states[child].fallback = transition(from: states[current].fallback, byte)
                states[child].stop = states[child].stop ?? states[states[child].fallback].stop
                queue.append(child)
            }
        }
    }

    private func transition(from state: Int, _ byte: UInt8) -> Int {
        var state = state
        while true {
            if let next = states[state].next[byte] { return next }
            if state == 0 { return 0 }
            state = states[state].fallback
        }
    }

    /// Reads on. After a stop string nothing more comes out.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> Output {
        guard met == nil else { return Output(text: [], stop: met) }
        for byte in bytes {
            held.append(byte)
            state = transition(from: state, byte)
            if let stop = states[state].stop {
                met = stops[stop]
                let text = Array(held.dropLast(stops[stop].utf8.count))
                held.removeAll()
                return Output(text: text, stop: met)
            }
        }
        let safe = held.count - states[state].depth
        let text = Array(held[..<safe])
        held.removeFirst(safe)
        return Output(text: text, stop: nil)
    }

    /// What was held back, at the end of the text.
    package mutating func flush() -> [UInt8] {
        defer {
            held.removeAll(keepingCapacity: true)
            state = 0
        }
        return held
    }
}
