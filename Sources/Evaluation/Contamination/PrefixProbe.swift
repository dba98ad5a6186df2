package import Chat
internal import Foundation

/// Whether a model goes on with a text as the text itself does: who has read it often can, who has not cannot.
package struct PrefixProbe: Sendable {
    package var model: any ChatModel
    /// The share of a text's tokens that the model is given.
    package var share = 0.5
    /// What a chat model is told; a text model is given the beginning alone.
    package var instruction =
        "Continue the following text exactly where it stops, word for word as it is in the original. "
        + "Answer with the continuation only."

    package init(_ model: any ChatModel) { self.model = model }

    /// Of all texts that can be divided, in their order.
    package func scores(of items: [ContaminationItem]) async throws -> [PrefixScore] {
        var scores: [PrefixScore] = []
        for item in items {
            if let score = try await score(of: item) { scores.append(score) }
        }
        return scores
    }

    /// - Returns: nil for a text of less than two tokens, which cannot be divided.
    package func score(of item: ContaminationItem) async throws -> PrefixScore? {
        guard let split = TextSplit(item.text, share: share) else { return nil }
        var options = ResponseOptions()
        options.temperature = 0
        options.seed = 0
        // Tokens of models are seldom shorter than two bytes; what is too much is not looked at.
        options.maxTokens = max(16, split.rest.utf8.count / 2)
        options.priority = .batch
        let events =
            if let model = model as? any TextModel {
                model.complete(TextPrompt(split.beginning), options: options)
            } else {
                model.respond(
                    to: [Message(.user, instruction + "\n\n" + split.beginning)], options: options)
            }
        var continuation = ""
        for try await event in events {
            if case .text(let text) = event { continuation += text }
        }
        return PrefixScore(id: item.id, continuation: continuation, rest: split.rest)
    }
}

/// A text in two parts.
package struct TextSplit: Hashable, Sendable {
    package var beginning: String
    package var rest: String

    /// Divides a text behind a share of its tokens; at the end of the line that lies nearest before, if the beginning
    /// is still at least half of what it should be.
    package init?(_ text: String, share: Double) {
        let bytes = Array(text.utf8)
        var tokens = TextTokens(bytes)
        var ends: [(place: Int, line: Int)] = []
        while let token = tokens.next() { ends.append((token.range.upperBound, token.line)) }
        guard ends.count > 1 else { return nil }
        let count = min(max(1, Int((Double(ends.count) * share).rounded())), ends.count - 1)
        let cut = ends[..<count].lastIndex { $0.line < ends[count].line }.map { $0 + 1 } ?? count
        let place = ends[(cut * 2 >= count ? cut : count) - 1].place
        beginning = String(decoding: bytes[..<place], as: UTF8.self)
        rest = String(decoding: bytes[place...], as: UTF8.self)
    }
}
