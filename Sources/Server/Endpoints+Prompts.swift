import Chat
import WireFormats

extension Endpoints {
    /// What prompts say, also those that came as tokens.
    func texts(of prompts: [TextPrompt], by served: ServedModel) async throws -> [String] {
        var texts: [String] = []
        for prompt in prompts {
            if let text = prompt.text {
                texts.append(text)
                continue
            }
            let model = try inspection(of: served)
            var bytes: [UInt8] = []
            for piece in prompt.pieces {
                switch piece {
                case .text(let text): bytes += text.utf8
                case .tokens(let ids):
                    guard let found = try await model.bytes(of: ids) else {
                        throw APIError.badRequest(
                            "'prompt' has an id that is none of the model's.", parameter: "prompt",
                            code: "invalid_value")
                    }
                    bytes += found
                }
            }
            texts.append(String(decoding: bytes, as: UTF8.self))
        }
        return texts
    }
}
