internal import CKernels

extension Compute {
    /// Root-mean-square norm of each row, quantised on the way out.
    /// - Parameters:
    ///   - input: [tokens, output.width]
    ///   - weight: [output.width]
    /// - SeeAlso: Zhang and Sennrich 2019, arXiv:1910.07467.
    package func normalize(
        _ input: UnsafePointer<Float>, tokens: Int, weight: UnsafePointer<Float>, epsilon: Float,
        into output: Activations
    ) {
        output.reserve(tokens: tokens)
        let width = Int32(output.width)
        forEachToken(tokens) { token in
            unsafe kernels.pointee.rms_norm(input + token * output.width, weight, epsilon, width, output.row(token))
            unsafe kernels.pointee.quantize(output.row(token), width, output.groups(of: token))
        }
    }

    /// Quantises rows that were written to `activations.values`.
    package func quantize(_ activations: Activations, tokens: Int) {
        forEachToken(tokens) { token in
            unsafe kernels.pointee.quantize(
                activations.row(token), Int32(activations.width), activations.groups(of: token))
        }
    }

    /// Decodes one row of `matrix` (an embedding) into `output`, [columns].
    package func decodeRow(_ row: Int, of matrix: Matrix, into output: UnsafeMutablePointer<Float>) {
        unsafe kernels.pointee.dequantize(
            Int32(matrix.type.rawValue), matrix.row(row), Int32(matrix.columns), output)
    }

    /// Sum of all 32-bit words in `bytes`, read by all threads: for measuring memory bandwidth.
    package func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let chunk = 256 * 1024
        let count = (bytes.count + chunk - 1) / chunk
        var sums = [UInt64](repeating: 0, count: pool.threadCount * 16)
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let sums = unsafe sums
            pool.run(count) { index, thread in
                let start = index * chunk
                let address = unsafe bytes.baseAddress!.assumingMemoryBound(to: UInt8.self) + start
                unsafe sums[thread * 16] &+= kernels.pointee.read(address, min(chunk, bytes.count - start))
            }
        }
        return sums.reduce(0, &+)
    }
}
