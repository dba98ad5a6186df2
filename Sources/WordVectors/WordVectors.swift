import ModelFiles
import Tokenization

/// A vector for every token of a vocabulary; a text's is the mean of its tokens', whatever their order.
///
/// The table stays mapped, and only rows of tokens that occur are read.
/// - SeeAlso: Miller 2024, WordLlama: token vectors of large models, reduced and trained to compare texts.
package final class WordVectors: Sendable {
    /// The numbers of a vector.
    package let width: Int
    private let folder: WordVectorFolder
    private let tokenizer: Tokenizer

    /// - Parameter path: of a folder with model.safetensors and tokenizer.json.
    package init(path: String) throws(WordVectorsError) {
        do { folder = try WordVectorFolder(path: path) } catch { throw .files(error) }
        do {
            var definition = try TokenizerDefinition(gguf: folder.metadata)
            // Words are no texts with a beginning, which the file may ask for without saying how it looks.
            definition.addsBeginOfSequence = false
            definition.addsEndOfSequence = false
            tokenizer = try Tokenizer(definition)
        } catch { throw .tokenizer(error, folder: path) }
        let shape = folder.table.shape
        guard shape[0] >= tokenizer.vocabularyCount else {
            throw .tooFewRows(shape[0], tokens: tokenizer.vocabularyCount, folder: path)
        }
        width = shape[1]
    }

    /// Adds the vectors of a word's tokens, as it stands behind a space.
    /// - Parameters:
    ///   - word: UTF-8. Texts with single spaces are the sums of their words.
    ///   - sum: as many of the first numbers as are wanted, at most `width`.
    /// - Returns: the number of tokens.
    package func add(_ word: UnsafeBufferPointer<UInt8>, to sum: UnsafeMutableBufferPointer<Float>) -> Int {
        precondition(sum.count <= width)
        let tokens = unsafe tokenizer.encode(
            word, options: EncodingOptions(addedTokens: .plain, addsSequenceTokens: false))
        for token in tokens { unsafe addRow(Int(token), to: sum) }
        return tokens.count
    }

    private func addRow(_ row: Int, to sum: UnsafeMutableBufferPointer<Float>) {
        // SAFETY: every token has a row; see init.
        let halves = unsafe UnsafeRawBufferPointer(
            rebasing: folder.table.data[row * width * 2..<(row + 1) * width * 2])
        let count = sum.count
        guard let source = halves.baseAddress, let sum = sum.baseAddress else { return }
        for index in 0..<count {
            let half = unsafe UInt32(source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
            // The exponent's bias is 112 less; without an instruction for it, this takes a tenth of the time of Float16.
            let size = Float(bitPattern: (half & 0x7FFF) << 13) * 0x1p112
            unsafe sum[index] += Float(bitPattern: size.bitPattern | (half & 0x8000) << 16)
        }
    }
}
