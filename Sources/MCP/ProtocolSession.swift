package import JSON

/// What one client and the server have said to each other: messages in, messages and calls of tools out.
///
/// Requests say for themselves which of the two eras of the protocol they are of: those that carry a version in `_meta`
/// need nothing from before; others come after `initialize`. Clients that try one and fall back to the other are served
/// on the same connection.
package struct ProtocolSession: Sendable {
    package enum Event: Hashable, Sendable {
        case send(JSONValue)
        /// Whoever hosts the session has to bring the answer, by `finish`.
        case call(ToolCall)
        /// Nobody waits for the answer of a call any more.
        case cancel(ToolCall.ID)
    }

    private struct RunningCall {
        var request: RPCID
        var isStateless: Bool
        var batch: Int?
        var progressToken: JSONValue?
        var reported = -1
    }

    /// An array of messages whose answers go back as one array.
    private struct Batch {
        var answers: [JSONValue] = []
        var running: Int
    }

    let server: ServerDescription
    /// What the handshake led to; nil before.
    private(set) var version: ProtocolVersion?
    private var calls: [ToolCall.ID: RunningCall] = [:]
    private var batches: [Int: Batch] = [:]
    private var lastNumber = 0

    /// Calls that may wait for their answers.
    package static let callLimit = 256
    /// Messages in one array.
    static let batchLimit = 256

    package init(_ server: ServerDescription) { self.server = server }

    /// Calls that are being answered.
    package var runningCount: Int { calls.count }

    // MARK: In

    /// - Parameter bytes: of one message, or an array of them.
    package mutating func receive(_ bytes: [UInt8]) -> [Event] {
        do {
            return receive(try JSONValue(parsing: bytes))
        } catch {
            return [.send(RPCError(.parseError, "This is not JSON: \(error).").message(to: nil))]
        }
    }

    package mutating func receive(_ value: JSONValue) -> [Event] {
        guard case .array(let messages) = value else { return handle(value, batch: nil) }
        guard version?.allowsBatches == true, (1...Self.batchLimit).contains(messages.count) else {
            let reason =
                version?.allowsBatches == true
                ? "An array takes 1 to \(Self.batchLimit) messages." : "Send one message at a time."
            return [.send(RPCError(.invalidRequest, reason).message(to: nil))]
        }
        lastNumber += 1
        let number = lastNumber
        // Itself something to wait for until all of it has been looked at.
        batches[number] = Batch(running: 1)
        var events: [Event] = []
        for message in messages { events += handle(message, batch: number) }
        batches[number]?.running -= 1
        return events + endBatch(number)
    }

    private mutating func handle(_ value: JSONValue, batch: Int?) -> [Event] {
        do throws(RPCMessage.Fault) {
            switch try RPCMessage(value) {
            case .response: return []
            case .notification(let method, let params): return note(method, params)
            case .request(let id, let method, let params):
                guard !calls.values.contains(where: { $0.request == id }) else {
                    return send(RPCError(.invalidRequest, "A request of that id is running.").message(to: id), batch)
                }
                do throws(RPCError) {
                    switch try answer(method, params) {
                    case .result(let result):
                        return send(["jsonrpc": "2.0", "id": id.json, "result": .object(result)], batch)
                    case .call(let name, let arguments, let isStateless):
                        return [begin(id, name, arguments, params, isStateless, batch)]
                    }
                } catch {
                    return send(error.message(to: id), batch)
                }
            }
        } catch {
            return send(error.error.message(to: error.id), batch)
        }
    }

    private mutating func note(_ method: String, _ params: JSONObject) -> [Event] {
        guard method == "notifications/cancelled", let id = RPCID(params["requestId"]),
            let call = calls.first(where: { $0.value.request == id })?.key
        else { return [] }
        return [.cancel(call)] + finish(call, with: nil)
    }

    private mutating func begin(
        _ id: RPCID, _ name: String, _ arguments: JSONObject, _ params: JSONObject, _ isStateless: Bool, _ batch: Int?
    ) -> Event {
        lastNumber += 1
        var call = ToolCall(id: lastNumber, name: name, arguments: ToolArguments(arguments))
        // Names of clients' own making: texts or whole numbers.
        let token = RPCID(params["_meta"]?.object?[MetaKey.progressToken])?.json
        call.wantsProgress = token != nil
        calls[call.id] = RunningCall(request: id, isStateless: isStateless, batch: batch, progressToken: token)
        if let batch { batches[batch]?.running += 1 }
        return .call(call)
    }

    /// What becomes of a request.
    enum Outcome {
        case result(JSONObject)
        case call(name: String, arguments: JSONObject, isStateless: Bool)
    }

    mutating func negotiate(_ wanted: String) -> ProtocolVersion {
        let known = ProtocolVersion(rawValue: wanted).flatMap { $0.isStateless ? nil : $0 }
        let chosen = known ?? .newestWithHandshake
        version = chosen
        return chosen
    }

    // MARK: Out

    /// Brings the answer of a call; nil for one that was given up. A call that was cancelled is answered by nothing.
    package mutating func finish(_ id: ToolCall.ID, with answer: ToolAnswer?) -> [Event] {
        guard let call = calls.removeValue(forKey: id) else { return [] }
        if let batch = call.batch { batches[batch]?.running -= 1 }
        var events: [Event] = []
        if let answer {
            let result = call.isStateless ? server.stateless(answer.json, isCacheable: false) : answer.json
            events = send(["jsonrpc": "2.0", "id": call.request.json, "result": .object(result)], call.batch)
        }
        if let batch = call.batch { events += endBatch(batch) }
        return events
    }

    /// Tells the client how far a call is, if it wants to know and it is farther than before.
    package mutating func report(_ progress: CallProgress, of id: ToolCall.ID) -> [Event] {
        guard let call = calls[id], let token = call.progressToken, progress.done > call.reported else { return [] }
        calls[id]?.reported = progress.done
        return [
            .send([
                "jsonrpc": "2.0", "method": "notifications/progress",
                "params": [
                    "progressToken": token, "progress": .integer(progress.done), "total": .integer(progress.total),
                    "message": .string(progress.message),
                ],
            ])
        ]
    }

    private mutating func send(_ message: JSONValue, _ batch: Int?) -> [Event] {
        guard let batch else { return [.send(message)] }
        batches[batch]?.answers.append(message)
        return []
    }

    private mutating func endBatch(_ number: Int) -> [Event] {
        guard let batch = batches[number], batch.running == 0 else { return [] }
        batches[number] = nil
        return batch.answers.isEmpty ? [] : [.send(.array(batch.answers))]
    }
}
