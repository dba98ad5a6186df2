import JSON
import LanguageServers

/// A server made of a function, in a time of its own: waiting takes none.
final class ScriptedChannel: ServerChannel {
    /// What the server says, and how long after it was asked.
    typealias Script = (_ message: JSONObject, _ now: Duration) -> [(after: Duration, says: JSONValue)]

    private(set) var now = Duration.zero
    let lastWords: [String] = []
    /// Methods of what it was sent, in order.
    private(set) var heard: [String] = []
    private(set) var isKilled = false
    private let script: Script
    private var framing = MessageFraming()
    private var coming: [(at: Duration, bytes: [UInt8])] = []

    init(_ script: @escaping Script) { self.script = script }

    func send(_ bytes: [UInt8]) {
        for message in (try? framing.accept(bytes[...])) ?? [] {
            guard let object = (try? JSONValue(parsing: message))?.object else { continue }
            heard.append(object["method"]?.string ?? "answer")
            for (after, words) in script(object, now) {
                coming.append((now + after, MessageFraming.framed(words.bytes)))
            }
        }
    }

    func receive(until deadline: Duration) throws(ServerFailure) -> [UInt8] {
        guard !isKilled else { throw .ended(status: nil, lastWords: []) }
        guard let next = coming.indices.min(by: { coming[$0].at < coming[$1].at }), coming[next].at <= deadline else {
            now = max(now, deadline)
            return []
        }
        let (time, bytes) = coming.remove(at: next)
        now = max(now, time)
        return bytes
    }

    func kill() { isKilled = true }
}
