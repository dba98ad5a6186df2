import Architectures
package import Generation
import ModelFiles
import Tokenization

extension LocalEmbeddingModel {
    /// Opens the file of an encoder.
    package convenience init(path: String, _ options: SessionOptions) throws(LocalChatError) {
        let encoder: EmbeddingEncoder
        do { encoder = try EmbeddingEncoder(path: path) } catch { throw .model(error) }
        let tokenizer: Tokenizer
        do { tokenizer = try Tokenizer(TokenizerDefinition(gguf: encoder.source.metadata)) } catch {
            throw .tokenizer(error, file: path)
        }
        self.init(encoder, tokenizer, options)
    }
}
