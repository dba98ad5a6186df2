package import Tokenization

/// A hole in a file, with what surrounds it.
///
/// Contents are bytes: code need not be valid UTF-8, and its text never counts as control tokens.
package struct FillInTheMiddle: Sendable {
    package struct File: Sendable {
        package var path: String
        package var content: [UInt8]

        package init(path: String, content: [UInt8]) {
            self.path = path
            self.content = content
        }
    }

    package var prefix: [UInt8]
    package var suffix: [UInt8]
    /// Of the file with the hole.
    package var path: String?
    package var repository: String
    /// The most relevant last, nearest to the hole.
    package var otherFiles: [File]

    package init(prefix: [UInt8], suffix: [UInt8], path: String?, repository: String, otherFiles: [File]) {
        self.prefix = prefix
        self.suffix = suffix
        self.path = path
        self.repository = repository
        self.otherFiles = otherFiles
    }

    /// The prompt in the order that the model was trained on: prefix, suffix, middle.
    ///
    /// - SeeAlso: Bavarian et al. 2022, arXiv:2207.14255; for other files, Hui et al. 2024, arXiv:2409.12186.
    package func tokens(for model: LoadedModel) throws(LocalChatError) -> [TokenID] {
        let tokenizer = model.tokenizer
        let special = tokenizer.special.fillInMiddle
        guard let before = special.prefix, let after = special.suffix, let middle = special.middle else {
            throw .noFillInTheMiddle(file: model.path)
        }
        func encode(_ bytes: [UInt8]) -> [TokenID] {
            bytes.withUnsafeBufferPointer {
                tokenizer.encode($0, options: EncodingOptions(addedTokens: .plain, addsSequenceTokens: false))
            }
        }
        // What an empty text becomes: the token that begins sequences, where the model has one.
        var ids = tokenizer.encode("")
        if !otherFiles.isEmpty {
            guard let separator = special.fileSeparator else { throw .noRepositoryTokens(file: model.path) }
            if let name = special.repositoryName { ids += [name] + encode(Array((repository + "\n").utf8)) }
            for file in otherFiles {
                ids += [separator] + encode(Array((file.path + "\n").utf8) + file.content + Array("\n".utf8))
            }
            ids += [separator]
            if let path { ids += encode(Array((path + "\n").utf8)) }
        }
        return ids + [before] + encode(prefix) + [after] + encode(suffix) + [middle]
    }

    /// Tokens that end a completion besides the model's own: a new file, or another hole.
    package static func ends(of model: LoadedModel) -> Set<TokenID> {
        let special = model.tokenizer.special.fillInMiddle
        return Set(
            [
                special.prefix, special.suffix, special.middle, special.padding, special.fileSeparator,
                special.repositoryName,
            ].compactMap(\.self))
    }
}
