package import Chat
import JSON

/// The events of a streamed response: its items with their pieces one after the other, then the whole of it.
/// - SeeAlso: OpenAI API reference, "Streaming events".
package struct ResponsesStream: WireStream {
    package static var contentType: String { ServerSentEvents.contentType }
    private var object: ResponseObject
    /// Told of the whole before the client is: it may ask for it at once.
    private let finished: @Sendable (ResponseObject, ResponseSummary) -> Void
    private var number = 0
    private var hasBegun = false
    /// Whether the last item is still being told.
    private var isOpen = false

    package init(_ object: ResponseObject, finished: @escaping @Sendable (ResponseObject, ResponseSummary) -> Void) {
        self.object = object
        self.finished = finished
    }

    package mutating func accept(_ event: ChatEvent) -> [UInt8] {
        var output: [UInt8] = []
        if !hasBegun {
            hasBegun = true
            send("response.created", ["response": object.begun], &output)
            send("response.in_progress", ["response": object.begun], &output)
        }
        let begins = object.begins(with: event)
        if begins { end(&output) }
        object.accept(event)
        if begins { begin(&output) }
        switch event {
        case .text(let piece): delta("response.output_text.delta", piece, ["logprobs": []], &output)
        case .thinking(let piece): delta("response.reasoning_text.delta", piece, [:], &output)
        case .callArguments(_, let fragment):
            var members = place(hasParts: false)
            members.add("delta", .string(fragment))
            send("response.function_call_arguments.delta", members, &output)
        case .callEnded: end(&output)
        case .finished(let summary): finish(summary, &output)
        case .callBegan, .reading, .token: break
        }
        return output
    }

    package func beat(progress: String) -> [UInt8] { ServerSentEvents.comment(progress) }

    package func failure(_ error: APIError) -> [UInt8] {
        var copy = self
        var output: [UInt8] = []
        copy.send("response.failed", ["response": object.failed(error)], &output)
        return output
    }

    // MARK: Items

    private var last: (block: AnswerBlocks.Block, index: Int)? {
        object.blocks.last.map { ($0, object.blocks.count - 1) }
    }

    /// Where the last item is.
    private func place(hasParts: Bool) -> JSONObject {
        guard let (block, index) = last else { return [:] }
        var members: JSONObject = [
            "item_id": .string(object.id(of: block, at: index)), "output_index": .integer(index),
        ]
        if hasParts { members.add("content_index", 0) }
        return members
    }

    private mutating func begin(_ output: inout [UInt8]) {
        guard let (block, index) = last else { return }
        isOpen = true
        let empty: AnswerBlocks.Block
        switch block {
        case .text: empty = .text("")
        case .thinking: empty = .thinking("")
        case .call: empty = block
        }
        let item = object.item(empty, at: index, status: "in_progress")
        send("response.output_item.added", ["output_index": .integer(index), "item": item], &output)
        if case .call = block { return }
        var members = place(hasParts: true)
        members.add("part", ResponseObject.part(block, ""))
        send("response.content_part.added", members, &output)
    }

    private mutating func delta(_ event: String, _ piece: String, _ rest: JSONObject, _ output: inout [UInt8]) {
        var members = place(hasParts: true)
        members.add("delta", .string(piece))
        members.members += rest.members
        send(event, members, &output)
    }

    private mutating func end(status: String = "completed", _ output: inout [UInt8]) {
        guard isOpen, let (block, index) = last else { return }
        isOpen = false
        switch block {
        case .text(let text): endPart(block, "response.output_text.done", text, ["logprobs": []], &output)
        case .thinking(let text): endPart(block, "response.reasoning_text.done", text, [:], &output)
        case .call(let call):
            var members = place(hasParts: false)
            members.add("name", .string(call.name))
            members.add("arguments", .string(call.arguments))
            send("response.function_call_arguments.done", members, &output)
        }
        let item = object.item(block, at: index, status: status)
        send("response.output_item.done", ["output_index": .integer(index), "item": item], &output)
    }

    private mutating func endPart(
        _ block: AnswerBlocks.Block, _ event: String, _ text: String, _ rest: JSONObject, _ output: inout [UInt8]
    ) {
        var members = place(hasParts: true)
        members.add("text", .string(text))
        members.members += rest.members
        send(event, members, &output)
        var part = place(hasParts: true)
        part.add("part", ResponseObject.part(block, text))
        send("response.content_part.done", part, &output)
    }

    private mutating func finish(_ summary: ResponseSummary, _ output: inout [UInt8]) {
        let isCut = summary.reason.isCut
        end(status: isCut ? "incomplete" : "completed", &output)
        finished(object, summary)
        let event = isCut ? "response.incomplete" : "response.completed"
        send(event, ["response": object.body(summary)], &output)
    }

    private mutating func send(_ event: String, _ members: JSONObject, _ output: inout [UInt8]) {
        let head: JSONObject = ["type": .string(event), "sequence_number": .integer(number)]
        number += 1
        output += ServerSentEvents.message(event, .object(JSONObject(head.members + members.members)))
    }
}
