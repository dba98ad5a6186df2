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

    /// Layer norm of each row, quantised on the way out; `weight` and `bias` are [output.width].
    /// - SeeAlso: Ba et al. 2016, arXiv:1607.06450.
    package func layerNormalize(
        _ input: UnsafePointer<Float>, tokens: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        epsilon: Float, into output: Activations
    ) {
        output.reserve(tokens: tokens)
        let width = Int32(output.width)
        forEachToken(tokens) { token in
            unsafe kernels.pointee.layer_norm(
                input + token * output.width, weight, bias, epsilon, width, output.row(token))
            unsafe kernels.pointee.quantize(output.row(token), width, output.groups(of: token))
        }
    }

    /// output += the root-mean-square norm of each row; rows are overwritten. Both are [tokens, width].
    package func addNormalized(
        _ rows: UnsafeMutablePointer<Float>, tokens: Int, width: Int, weight: UnsafePointer<Float>, epsilon: Float,
        to output: UnsafeMutablePointer<Float>
    ) {
        forEachToken(tokens) { token in
            let row = unsafe rows + token * width
            unsafe kernels.pointee.rms_norm(row, weight, epsilon, Int32(width), row)
            unsafe kernels.pointee.add(row, output + token * width, Int32(width), output + token * width)
        }
    }

    /// output += sigmoid(gate) * row, one gate a row. Rows and output are [tokens, width], gates [tokens].
    package func addGated(
        _ rows: UnsafePointer<Float>, gates: UnsafePointer<Float>, tokens: Int, width: Int,
        to output: UnsafeMutablePointer<Float>
    ) {
        forEachToken(tokens) { token in
            var gate: Float = 1
            unsafe kernels.pointee.gate(gates + token, 1, &gate)
            unsafe kernels.pointee.add_scaled(rows + token * width, gate, Int32(width), output + token * width)
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
