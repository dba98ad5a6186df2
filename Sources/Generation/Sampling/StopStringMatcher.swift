/// Watches a stream of text for stop strings and never lets a part of one out.
///
/// Bytes that could begin a stop string wait until it is certain that they do not.
package struct StopStringMatcher: Sendable {
    package struct Output: Hashable, Sendable {
        /// Bytes that are safe to show.
        package var text: [UInt8]
        /// The stop string that was met; nothing behind it counts.
        package var stop: String?
    }

    private let stops: [(string: String, bytes: [UInt8])]
    private var held: [UInt8] = []

    /// Empty strings are ignored.
    package init(_ stops: [String]) {
        self.stops = stops.filter { !$0.isEmpty }.map { ($0, Array($0.utf8)) }
    }

    package mutating func append(_ bytes: some Sequence<UInt8>) -> Output {
        held.append(contentsOf: bytes)
        guard !stops.isEmpty else { return Output(text: flush(), stop: nil) }
        for start in held.indices {
            let rest = held[start...]
            // The earliest match wins, and of several at one place the one that was named first.
            if let stop = stops.first(where: { rest.starts(with: $0.bytes) }) {
                let text = Array(held[..<start])
                held.removeAll()
                return Output(text: text, stop: stop.string)
            }
            if stops.contains(where: { $0.bytes.starts(with: rest) }) {
                let text = Array(held[..<start])
                held.removeSubrange(..<start)
                return Output(text: text, stop: nil)
            }
        }
        return Output(text: flush(), stop: nil)
    }

    /// What was held back, at the end of the text.
    package mutating func flush() -> [UInt8] {
        defer { held.removeAll(keepingCapacity: true) }
        return held
    }
}
