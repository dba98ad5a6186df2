import CKernels
import Tensors
import Testing

@Suite("Matrix products of kernels")
struct KernelProductTests {
    private static let rowCounts = [1, 31, 32, 33]

    @Test("one token times rows of blocks is the exact sum", arguments: KernelTable.all, TensorType.quantized)
    func gemv(_ table: KernelTable, _ type: TensorType) {
        var random = RandomNumbers(seed: 2)
        var deviation = Deviation()
        for columns in type.rowLengths {
            for rows in Self.rowCounts {
                let bytes = random.blocks(type, rows: rows, columns: columns)
                let input = QuantizedRows([random.floats(columns)])
                let weights = GuardedArray(bytes)
                let out = GuardedArray<Float>(count: rows)
                let rowBytes = bytes.count / rows
                table.gemv(type)(
                    weights.pointer, rowBytes, Int32(rows), Int32(columns), input.groups.pointer, out.pointer)
                let x = input.values(ofRow: 0)
                for row in 0..<rows {
                    let w = ReferenceBlocks.decode(type, Array(bytes[row * rowBytes..<(row + 1) * rowBytes]))
                    let (exact, size) = dot(w, x)
                    deviation.note(Double(out[row]), expected: exact, within: summationTolerance * size) {
                        "row \(row) of \(rows) x \(columns)"
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("a few tokens together have the bits of each alone", arguments: KernelTable.all, TensorType.quantized)
    func gemvFew(_ table: KernelTable, _ type: TensorType) {
        guard let few = table.gemvFew(type) else { return }
        var random = RandomNumbers(seed: 12)
        for columns in type.rowLengths {
            for rows in Self.rowCounts {
                let bytes = random.blocks(type, rows: rows, columns: columns)
                let weights = GuardedArray(bytes)
                for tokens in 2...Int(MK_FEW_TOKENS) {
                    let input = QuantizedRows((0..<tokens).map { _ in random.floats(columns) })
                    let out = GuardedArray<Float>(count: tokens * rows)
                    few(
                        weights.pointer, bytes.count / rows, Int32(rows), Int32(columns), input.groups.pointer,
                        input.groupsPerRow, Int32(tokens), out.pointer, rows)
                    for token in 0..<tokens {
                        let own = GuardedArray<Float>(count: rows)
                        table.gemv(type)(
                            weights.pointer, bytes.count / rows, Int32(rows), Int32(columns),
                            input.groups.pointer + token * input.groupsPerRow, own.pointer)
                        for row in 0..<rows {
                            #expect(
                                out[token * rows + row].bitPattern == own[row].bitPattern,
                                "row \(row), token \(token) of \(rows) x \(columns) x \(tokens)")
                        }
                    }
                }
            }
        }
    }

    @Test("a tile of bytes times tokens is the exact sum", arguments: KernelTable.all)
    func gemm(_ table: KernelTable) {
        var random = RandomNumbers(seed: 3)
        var deviation = Deviation()
        for tokens in Array(1...13) + [25] {
            for groups in [1, 4] {
                let packed = GuardedArray(random.bytes(groups * 256 * 32))
                let scales = GuardedArray(random.floats(groups * 32))
                // The tile takes groups from the middle of rows: the stride is longer than what is used.
                let columns = (groups + 1) * 256
                let input = QuantizedRows((0..<tokens).map { _ in random.floats(columns) })
                let before = random.floats(tokens * 32)
                let tile = GuardedArray(before)
                table.functions.pointee.gemm(
                    packed.pointer, scales.pointer, Int32(groups), input.groups.pointer + 1, input.groupsPerRow,
                    Int32(tokens), tile.pointer)
                for token in 0..<tokens {
                    for row in 0..<32 {
                        var exact = Double(before[token * 32 + row])
                        var size = abs(exact)
                        for group in 0..<groups {
                            let x = input.groups[token * input.groupsPerRow + 1 + group]
                            let codes = x.codes
                            var sum = 0
                            for k in 0..<256 {
                                let byte = packed[((group * 64 + k / 4) * 32 + row) * 4 + k % 4]
                                sum += (Int(byte) - 128) * Int(codes[k])
                            }
                            let product = Double(scales[group * 32 + row]) * Double(x.scale) * Double(sum)
                            exact += product
                            size += abs(product)
                        }
                        // The sums within a group are integers: only one rounding a group is left.
                        deviation.note(
                            Double(tile[token * 32 + row]), expected: exact, within: 1e-6 * size
                        ) { "row \(row), token \(token) of \(tokens), \(groups) groups" }
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("float rows times tokens are the exact sums", arguments: KernelTable.all, TensorType.floats)
    func gemmFloat(_ table: KernelTable, _ type: TensorType) {
        var random = RandomNumbers(seed: 4)
        var deviation = Deviation()
        for (columns, tokenCounts) in [
            (1, [1, 3]), (31, [1, 2, 13]), (32, [4]), (33, Array(1...13)), (576, [5, 25]),
        ] {
            for rows in Self.rowCounts {
                for tokens in tokenCounts {
                    let bytes = random.blocks(type, rows: rows, columns: columns)
                    let inputs = random.floats(tokens * columns)
                    let (weights, x) = (GuardedArray(bytes), GuardedArray(inputs))
                    let out = GuardedArray<Float>(count: tokens * rows)
                    table.functions.pointee.gemm_float(
                        Int32(type.rawValue), weights.pointer, bytes.count / rows, Int32(rows), Int32(columns),
                        x.pointer, columns, Int32(tokens), out.pointer, rows)
                    let w = ReferenceBlocks.decode(type, bytes)
                    for row in 0..<rows {
                        for token in 0..<tokens {
                            let (exact, size) = dot(
                                Array(w[row * columns..<(row + 1) * columns]),
                                inputs[token * columns..<(token + 1) * columns].map { Double($0) })
                            deviation.note(
                                Double(out[token * rows + row]), expected: exact, within: summationTolerance * size
                            ) { "row \(row), token \(token) of \(rows) x \(columns) x \(tokens)" }
                        }
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    /// The sum of the products and the sum of their sizes; `x` may be padded.
    private func dot(_ w: [Float], _ x: [Double]) -> (exact: Double, size: Double) {
        var (exact, size) = (0.0, 0.0)
        for i in w.indices {
            exact += Double(w[i]) * x[i]
            size += abs(Double(w[i]) * x[i])
        }
        return (exact, size)
    }
}
