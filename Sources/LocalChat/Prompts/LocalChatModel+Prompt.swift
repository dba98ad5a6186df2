package import Chat
import ChatTemplates
import ModelFiles
package import Tokenization

extension LoadedModel {
    /// The file's own template, and how it takes tools.
    package func promptTemplate() throws(LocalChatError) -> PromptTemplate {
        guard let source = metadata.string("tokenizer.chat_template") else { throw .noChatTemplate(file: path) }
        func text(of id: TokenID?) -> String? {
            id.flatMap(tokenizer.bytes(of:)).map { String(decoding: $0, as: UTF8.self) }
        }
        do {
            return try PromptTemplate(
                source: source, architecture: metadata.string("general.architecture"),
                beginOfSequence: text(of: tokenizer.special.beginOfSequence),
                endOfSequence: text(of: tokenizer.special.endOfSequence))
        } catch {
            throw .template(error, file: path)
        }
    }
}

extension LocalChatModel {
    /// The conversation as the model reads it, up to where its answer begins.
    package func tokens(of messages: [Message], tools: [ToolDefinition] = []) throws(LocalChatError) -> [TokenID] {
        tokens(of: try prompt(of: messages, tools: tools))
    }

    /// The text of `tokens(of:tools:)`.
    /// - Parameter continuesAnswer: the last message is the beginning of the answer.
    package func prompt(
        of messages: [Message], tools: [ToolDefinition] = [], thinks: Bool? = nil, continuesAnswer: Bool = false
    ) throws(LocalChatError) -> Prompt {
        if let index = messages.firstIndex(where: \.hasImages) {
            throw .imageNotReadable(message: index + 1, file: model.path)
        }
        let template = try template
        let messages = VolatileLines.removing(from: messages)
        let begun = continuesAnswer ? messages.last : nil
        let turns = begun == nil ? messages : Array(messages.dropLast())
        guard !turns.isEmpty else { throw .emptyPrompt }
        do {
            let prompt = try template.prompt(turns, tools: tools, thinks: thinks)
            return begun.map { template.prompt(prompt, continuing: $0) } ?? prompt
        } catch {
            throw .template(error, file: model.path)
        }
    }

    package func tokens(of prompt: Prompt) -> [TokenID] {
        // The template writes the tokens that begin a sequence itself.
        model.tokenizer.encode(prompt.text, options: EncodingOptions(addsSequenceTokens: false))
    }
}
