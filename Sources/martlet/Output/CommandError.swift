import ModelFiles

/// What commands themselves find wrong; other errors come from the modules below.
enum CommandError: Error, Equatable {
    case notAToken(String)
    case noTokens
    case unreadableFile(path: String, reason: String)
    case unwritableFile(path: String, reason: String)
    case notText(path: String)
    case noPrompt
    case textTooShort(tokens: Int, needed: Int)
    case notAConversation(path: String)
    case noTerminal
    case unknownMemory
    case contextTooLong(wanted: Int, longest: Int, model: String)
    case wrongKeyDigest(path: String, line: Int)
    case noKeys(path: String)
    case noPullOfFiles(String)
    case emptyStore(path: String)
    case sameName(String)
    case aliasOfNothing(name: String, model: String, offered: [String])
    case modelOverMemory(name: String, needed: Int, models: Int, memory: Int)
    case adapterNameTaken(String)
    case noRepository(path: String)
    case damagedWhileWriting(index: String, reason: String, repository: String)
}

extension CommandError: CustomStringConvertible {
    var description: String {
        switch self {
        case .notAToken(let text): "'\(text)' is not a token id. Give whole numbers: 1,2,3"
        case .noTokens: "there are no token ids. Give some: --tokens 1,2,3"
        case .unreadableFile(let path, let reason): "\(path) cannot be read: \(reason)."
        case .unwritableFile(let path, let reason): "\(path) cannot be written: \(reason)."
        case .noPullOfFiles(let name):
            "'\(name.prefix(200))' is a path; models are pulled by name. Try: martlet model list --available"
        case .emptyStore(let path):
            "no model in \(path) can be served. Try: martlet model pull qwen2.5-coder:1.5b"
        case .sameName(let name):
            "two models are called '\(name)'. Give one of them another name: put it first, with --alias NAME."
        case .aliasOfNothing(let name, let model, let offered):
            "--alias \(name)=\(model): there is no such model to serve. There is \(offered.joined(separator: ", "))."
        case .modelOverMemory(let name, let needed, let models, let memory):
            """
            \(name) takes \(ByteCount(needed)) with its contexts full, and models may take \(ByteCount(models)) of \
            --memory \(ByteCount(memory)). Give more, a smaller --context, or less for --cache-memory.
            """
        case .notText(let path): "\(path) is not UTF-8 text."
        case .adapterNameTaken(let name):
            "two models or adapters are called '\(name)'. Give each adapter a name of its own: --adapter name=path"
        case .noRepository(let path): "\(path) is no repository. Name the one to answer about: --repo FOLDER"
        case .damagedWhileWriting(let index, let reason, let repository):
            """
            the index \(index) is damaged (\(reason)), and what was written is not whole. Make it anew and try again: \
            martlet index --rebuild \(repository)
            """
        case .noPrompt: "there is no prompt. Give one with -p, or on standard input."
        case .textTooShort(let tokens, let needed):
            "the text has \(tokens) tokens and at least \(needed) are needed. Give a longer text or a smaller --context."
        case .notAConversation(let path): "\(path) does not hold a conversation as /save writes it."
        case .noTerminal: "the terminal cannot be used for editing. Give a prompt instead: martlet run -p TEXT"
        case .unknownMemory: "this system does not tell how much memory is free. Give it with --memory GB."
        case .contextTooLong(let wanted, let longest, let model):
            "\(model) takes \(longest) tokens of context at most, and \(wanted) are wanted. Give --context \(longest) or less."
        case .wrongKeyDigest(let path, let line):
            "\(path), line \(line): after sha256: there must be 64 hexadecimal digits. Make them with: printf %s KEY | sha256sum"
        case .noKeys(let path): "\(path) has no keys in it. Write one a line."
        }
    }
}
