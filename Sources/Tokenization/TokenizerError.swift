/// Why a tokenizer could not be built or used.
package enum TokenizerError: Error, Hashable, Sendable {
    case missingKey(String)
    case unexpectedValue(key: String, expected: String)
    case unsupportedModel(String)
    case unsupportedPreTokenizer(String)
    case emptyVocabulary
    case vocabularyTooLarge(count: Int, bytes: Int)
    case countMismatch(list: String, count: Int, tokens: Int)
    case unknownTokenType(id: Int, type: Int)
    case duplicateToken(text: String, first: TokenID, second: TokenID)
    case missingByteTokens([UInt8])
    case invalidByteToken(id: TokenID, text: String)
    case malformedMerge(index: Int, text: String)
    case mergeOfUnknownToken(index: Int, merge: String, part: String)
    case invalidScore(id: TokenID)
    case specialTokenOutOfRange(role: String, id: Int, tokens: Int)
    case missingSpecialToken(role: String)
    case unknownTokenID(TokenID, tokens: Int)
}

extension TokenizerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missingKey(let key):
            "The model file has no '\(key)', so its tokenizer can't be built. \(Self.another)"
        case .unexpectedValue(let key, let expected):
            "The model file's '\(key)' is not \(expected). \(Self.again)"
        case .unsupportedModel(let name):
            "The model file's tokenizer is of the kind '\(name)'; byte-level BPE ('gpt2'), SentencePiece ('llama') and WordPiece ('bert') are supported."
        case .unsupportedPreTokenizer(let name):
            "The model file names the pre-tokenizer '\(name)', which is not supported: its text would be cut in the wrong places."
        case .emptyVocabulary:
            "The model file's vocabulary is empty. \(Self.again)"
        case .vocabularyTooLarge(let count, let bytes):
            "The model file's vocabulary has \(count) tokens of \(bytes) bytes, more than a tokenizer holds. \(Self.again)"
        case .countMismatch(let list, let count, let tokens):
            "The model file's vocabulary has \(tokens) tokens but \(count) \(list). \(Self.again)"
        case .unknownTokenType(let id, let type):
            "Token \(id) of the model file has the type \(type), which is not defined. \(Self.again)"
        case .duplicateToken(let text, let first, let second):
            "Tokens \(first) and \(second) of the model file are the same: \(text). \(Self.again)"
        case .missingByteTokens(let bytes):
            "The model file's vocabulary lacks a token for \(bytes.count) of the printable ASCII characters, the first being \(Self.name(bytes.first ?? 0)). \(Self.another)"
        case .invalidByteToken(let id, let text):
            "Token \(id) of the model file should be a byte such as <0x0A> and is \(text). \(Self.again)"
        case .malformedMerge(let index, let text):
            "Merge \(index) of the model file is not two tokens with a space between: \(text). \(Self.again)"
        case .mergeOfUnknownToken(let index, let merge, let part):
            "Merge \(index) of the model file (\(merge)) needs the token \(part), which the vocabulary lacks. \(Self.again)"
        case .invalidScore(let id):
            "Token \(id) of the model file has a score that is not a number. \(Self.again)"
        case .specialTokenOutOfRange(let role, let id, let tokens):
            "The model file says that \(role) is token \(id), but its vocabulary has \(tokens) tokens. \(Self.again)"
        case .missingSpecialToken(let role):
            "The model file asks for \(role) around every text but does not say which token that is. \(Self.another)"
        case .unknownTokenID(let id, let tokens):
            "There is no token \(id): the vocabulary has the ids 0 to \(tokens - 1)."
        }
    }

    private static let again = "Pull the model again, or check it with 'martlet model verify'."
    private static let another = "Use another conversion of the model."

    private static func name(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    }
}
