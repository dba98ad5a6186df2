internal import CKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What takes several residual streams into a block and its output back to them.
/// - SeeAlso: Xie et al. 2026, "mHC: Manifold-Constrained Hyper-Connections", arXiv:2512.24880.
package struct HyperConnection: Sendable {
    /// [coefficients, streams * width]: streams that enter, streams that leave, and streams x streams; or the first only.
    package var weights: Matrix
    package var base: Vector  // [coefficients]
    /// One factor for each of the three kinds, or one for the first.
    package var scale: Vector
    package var streams: Int
    package var epsilon: Float
    /// Added to coefficients and to what they are divided by.
    package var floor: Float
    /// Rounds of making rows and columns of the mixture sum to 1.
    package var iterations: Int

    package init(
        weights: Matrix, base: Vector, scale: Vector, streams: Int, epsilon: Float, floor: Float, iterations: Int
    ) {
        (self.weights, self.base, self.scale, self.streams) = (weights, base, scale, streams)
        (self.epsilon, self.floor, self.iterations) = (epsilon, floor, iterations)
    }

    /// Streams are mixed in registers.
    package static let mostStreams = 8
}

extension Compute {
    /// Sums the streams of each token by coefficients that depend on all of them.
    /// - Parameters:
    ///   - streams: [tokens, streams, width]
    ///   - normed: room for the streams as input of a product, streams * width wide.
    ///   - coefficients: receives [tokens, weights.rows], for `mixStreams`.
    ///   - output: [tokens, width]
    package func collapseStreams(
        _ streams: UnsafePointer<Float>, tokens: Int, _ connection: HyperConnection, normed: Activations,
        coefficients: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>
    ) {
        let (all, count) = (normed.width, connection.streams)
        let width = all / count
        normed.reserve(tokens: tokens)
        forEachToken(tokens) { token in
            unsafe kernels.pointee.rms_norm(
                streams + token * all, nil, connection.epsilon, Int32(all), normed.row(token))
        }
        if !connection.weights.isFloat { quantize(normed, tokens: tokens) }
        unsafe project(normed, tokens: tokens, [Projection(connection.weights, output: coefficients)])
        forEachToken(tokens) { token in
            let own = unsafe coefficients + token * connection.weights.rows
            unsafe connection.finish(own)
            let row = unsafe output + token * width
            unsafe row.update(repeating: 0, count: width)
            for stream in 0..<count {
                unsafe kernels.pointee.add_scaled(
                    streams + token * all + stream * width, own[stream], Int32(width), row)
            }
        }
    }

    /// Mixes the streams of each token among themselves and adds a block's output, [tokens, width], to each.
    /// - Parameter coefficients: what `collapseStreams` wrote.
    package func mixStreams(
        _ streams: UnsafeMutablePointer<Float>, tokens: Int, width: Int, _ connection: HyperConnection,
        coefficients: UnsafePointer<Float>, adding rows: UnsafePointer<Float>
    ) {
        let count = connection.streams
        forEachToken(tokens) { token in
            let own = unsafe coefficients + token * connection.weights.rows
            unsafe kernels.pointee.mix_streams(
                streams + token * count * width, Int32(count), Int32(width), rows + token * width, own + count,
                own + 2 * count)
        }
    }

    /// Sums `count` rows, each element by a softmax of gates of its own. 16 divides `width`.
    /// - Parameters:
    ///   - values: [count, width]
    ///   - gates: [count, width]
    package func pool(
        _ values: UnsafePointer<Float>, gates: UnsafePointer<Float>, count: Int, width: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        unsafe kernels.pointee.pool(values, gates, Int32(count), Int32(width), output)
    }
}

extension HyperConnection {
    /// From products to coefficients, in place.
    fileprivate func finish(_ x: UnsafeMutablePointer<Float>) {
        func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }
        let (base, scale) = unsafe (base.pointer, scale.pointer)
        for i in 0..<streams { unsafe x[i] = unsafe sigmoid(x[i] * scale[0] + base[i]) + floor }
        guard weights.rows > streams else { return }
        for i in streams..<2 * streams { unsafe x[i] = unsafe 2 * sigmoid(x[i] * scale[1] + base[i]) }
        let mix = unsafe x + 2 * streams
        for i in 0..<streams * streams { unsafe mix[i] = unsafe mix[i] * scale[2] + base[2 * streams + i] }
        for row in 0..<streams { unsafe softmax(mix + row * streams) }
        unsafe normalizeColumns(mix)
        for _ in 1..<max(1, iterations) {
            for row in 0..<streams {
                var sum = floor
                for i in 0..<streams { unsafe sum += mix[row * streams + i] }
                for i in 0..<streams { unsafe mix[row * streams + i] /= sum }
            }
            unsafe normalizeColumns(mix)
        }
    }

    private func softmax(_ row: UnsafeMutablePointer<Float>) {
        var largest = unsafe row[0]
        for i in 1..<max(1, streams) { largest = unsafe max(largest, row[i]) }
        var sum: Float = 0
        for i in 0..<streams {
            unsafe row[i] = expf(row[i] - largest)
            unsafe sum += row[i]
        }
        for i in 0..<streams { unsafe row[i] = unsafe row[i] / sum + floor }
    }

    private func normalizeColumns(_ mix: UnsafeMutablePointer<Float>) {
        for column in 0..<streams {
            var sum = floor
            for row in 0..<streams { unsafe sum += mix[row * streams + column] }
            for row in 0..<streams { unsafe mix[row * streams + column] /= sum }
        }
    }
}
