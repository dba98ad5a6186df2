/// Sees the rows that enter matrix products: how strongly each input of a matrix is driven.
package protocol ProductObserver: AnyObject {
    /// Each of `matrices`, which have the same number of columns, is about to be multiplied by the same rows.
    /// - Parameters:
    ///   - rows: `count` rows of as many floats as the matrices have columns.
    ///   - stride: floats from one row to the next.
    func observe(_ matrices: [Matrix], rows: UnsafePointer<Float>, stride: Int, count: Int)
}

extension Compute {
    /// Tells the observer, if there is one. - Parameter matrices: only made when somebody looks.
    @inline(__always)
    func announce(_ rows: InputRows, tokens: Int, to matrices: @autoclosure () -> [Matrix]) {
        guard let observer else { return }
        unsafe observer.observe(matrices(), rows: rows.floats, stride: rows.floatStride, count: tokens)
    }
}
