import Foundation
import ModelFiles
import TestSupport
import Tokenization

/// What Scripts/make-tokenizer-fixtures.py wrote.
enum Fixtures {
    struct Words: Decodable {
        var texts: [String]
        var lengths: [String: [[Int]]]
    }

    struct Bytes: Decodable {
        var tokens: [String]
        var types: [UInt8]
        var merges: [String]
        var texts: [String]
        var ids: [String: [[TokenID]]]

        func definition(_ name: String) throws -> TokenizerDefinition {
            guard let preTokenizer = PreTokenizer(ggufName: name) else {
                throw TokenizerError.unsupportedPreTokenizer(name)
            }
            return TokenizerDefinition(
                algorithm: .byteLevelBPE(preTokenizer), tokens: ByteStrings(tokens), merges: ByteStrings(merges),
                types: types.compactMap(TokenizerDefinition.TokenType.init(rawValue:)),
                normalization: name.hasPrefix("qwen") ? .nfc : .none,
                prefersWholeWords: preTokenizer == .llama3 || preTokenizer == .tekken)
        }
    }

    struct Pieces: Decodable {
        var tokens: [String]
        var types: [UInt8]
        var scores: [Float]
        var texts: [String]
        var ids: [[TokenID]]
        var markedTexts: [String]
        var markedIds: [[TokenID]]

        var definition: TokenizerDefinition {
            TokenizerDefinition(
                algorithm: .sentencePiece, tokens: ByteStrings(tokens), scores: scores,
                types: types.compactMap(TokenizerDefinition.TokenType.init(rawValue:)), spacePrefix: .everySegment)
        }
    }

    static func load<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
        let file = URL(filePath: Repository.root + "/Tests/Fixtures/Tokenizers/" + name)
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}

extension ByteStrings {
    init(_ strings: some Sequence<String>) {
        self.init()
        for string in strings { append(string.utf8) }
    }
}

extension String {
    /// The text's bytes while `body` runs.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try Array(utf8).withUnsafeBufferPointer(body)
    }
}
