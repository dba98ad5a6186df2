/// Vectors of words, by which texts are alike that say the same in other words. Whoever has a model brings them: the code
/// graph knows none.
package protocol TextVectors: Sendable {
    /// The numbers of a vector. The first ones alone compare texts roughly.
    var width: Int { get }

    /// Adds the vectors of a word's parts, as the word stands between others in a text.
    /// - Parameters:
    ///   - word: UTF-8, without spaces.
    ///   - sum: as many of the first numbers as are wanted, at most `width`.
    /// - Returns: the number of its parts.
    @discardableResult
    func add(_ word: UnsafeBufferPointer<UInt8>, to sum: UnsafeMutableBufferPointer<Float>) -> Int
}
