internal import CKernels

/// The input of matrix products: float32 rows, one a token, and the same rows quantised to int8 groups of 256.
package final class Activations {
    /// Elements of a row.
    package let width: Int
    /// Groups of 256 elements of a row; the last may be partial.
    package let groupCount: Int
    private let floats = FloatBuffer()
    private var groups: AlignedMemory?
    private var groupCapacity = 0

    package init(width: Int) {
        self.width = width
        groupCount = (width + Int(MK_GROUP) - 1) / Int(MK_GROUP)
    }

    /// Makes room for `tokens` rows; content is lost when it grows.
    package func reserve(tokens: Int) {
        floats.reserve(tokens * width)
        guard tokens > groupCapacity else { return }
        let byteCount = tokens * groupCount * MemoryLayout<mk_group>.stride
        guard let memory = AlignedMemory(byteCount: byteCount, hugePages: true) else {
            fatalError("the system refused memory for \(tokens) rows of activations")
        }
        groups = memory
        groupCapacity = tokens
    }

    /// [tokens, width]
    package var values: UnsafeMutablePointer<Float> { unsafe floats.pointer }

    func row(_ token: Int) -> UnsafeMutablePointer<Float> { unsafe values + token * width }

    func groups(of token: Int) -> UnsafeMutablePointer<mk_group> {
        unsafe groups!.bytes.baseAddress!.assumingMemoryBound(to: mk_group.self) + token * groupCount
    }
}

extension Activations {
    /// Row `token` becomes that of another buffer of the same width.
    /// - Parameter floats: whether anybody will read more than the quantised row.
    func copyRow(_ token: Int, from other: Int, of source: Activations, floats: Bool) {
        if floats { unsafe row(token).update(from: source.row(other), count: width) }
        unsafe groups(of: token).update(from: source.groups(of: other), count: groupCount)
    }
}
