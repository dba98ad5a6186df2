/// A folder with a vector for each token of a vocabulary, and no model: model.safetensors and tokenizer.json.
package struct WordVectorFolder: Sendable {
    private let file: SafetensorsFile
    /// [tokens, width], F16.
    package let table: SafetensorsTensor
    /// Of the tokenizer.
    package let metadata: GGUFMetadata

    /// Whether the folder at `path` looks like one.
    package static func isOne(_ path: String) -> Bool {
        ["/model.safetensors", "/tokenizer.json"].allSatisfy { FileTree.exists(path + $0) }
            && !FileTree.exists(path + "/config.json")
    }

    package init(path: String) throws(HuggingFaceError) {
        file = try SafetensorsFile(path: path + "/model.safetensors")
        guard let table = file.tensors.first, file.tensors.count == 1, table.shape.count == 2, table.shape[1] > 0,
            table.type == .f16
        else { throw .notWordVectors(file: file.path) }
        self.table = table
        metadata = try GGUFMetadata(tokenizerOf: path)
    }
}
