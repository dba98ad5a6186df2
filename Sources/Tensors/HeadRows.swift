/// Float32 heads in rows, one row a token.
@unsafe
package struct HeadRows {
    package var start: UnsafeMutablePointer<Float>
    package var heads: Int
    /// Elements of a head.
    package var dim: Int
    /// Elements from one head to the next.
    package var pitch: Int
    /// Elements from one row to the next.
    package var stride: Int

    /// - Parameters:
    ///   - pitch: nil where heads lie side by side.
    ///   - stride: nil where nothing lies between rows.
    package init(
        _ start: UnsafeMutablePointer<Float>, heads: Int, dim: Int, pitch: Int? = nil, stride: Int? = nil
    ) {
        unsafe self.start = start
        unsafe self.heads = heads
        unsafe self.dim = dim
        unsafe self.pitch = pitch ?? dim
        unsafe self.stride = stride ?? heads * self.pitch
    }

    /// The rows from `first` on.
    package func rows(from first: Int) -> HeadRows {
        unsafe HeadRows(start + first * stride, heads: heads, dim: dim, pitch: pitch, stride: stride)
    }

    /// A part of every head.
    package func elements(_ range: Range<Int>) -> HeadRows {
        unsafe HeadRows(start + range.lowerBound, heads: heads, dim: range.count, pitch: pitch, stride: stride)
    }

    func head(_ head: Int, of token: Int) -> UnsafeMutablePointer<Float> {
        unsafe start + token * stride + head * pitch
    }
}
