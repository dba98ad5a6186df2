import CKernels
import Foundation
import Tensors
import Testing

@Suite("Kernels of latent attention, indexers and residual streams")
struct KernelLatentTests {
    private static let sizes = [(1, 1), (7, 5), (16, 16), (32, 48), (33, 31), (64, 17), (130, 80)]

    @Test("rows become columns", arguments: KernelTable.all)
    func transpose(_ table: KernelTable) {
        var random = RandomNumbers(seed: 31)
        for (rows, columns) in Self.sizes {
            let (inStride, outStride) = (columns + 3, rows + 5)
            let input = GuardedArray(random.floats(rows * inStride - 3))
            let output = GuardedArray<Float>(count: columns * outStride - 5)
            table.functions.pointee.transpose(
                input.pointer, inStride, Int32(rows), Int32(columns), output.pointer, outStride)
            for row in 0..<rows {
                for column in 0..<columns where output[column * outStride + row] != input[row * inStride + column] {
                    Issue.record("element (\(row), \(column)) of \(rows) x \(columns)")
                    return
                }
            }
        }
    }

    @Test("columns become rows of Q8_0 blocks", arguments: KernelTable.all)
    func transposeQuantized(_ table: KernelTable) {
        var random = RandomNumbers(seed: 32)
        var deviation = Deviation()
        for (rows, columns) in [(32, 16), (64, 48), (512, 128)] {
            var values = random.floats(rows * columns)
            // A block of zeros has no scale.
            for row in 0..<32 { values[row * columns] = 0 }
            let bytes = rows / 32 * 34
            let (input, output) = (GuardedArray(values), GuardedArray<UInt8>(count: columns * bytes))
            table.functions.pointee.transpose_q8(input.pointer, Int32(rows), Int32(columns), output.pointer)
            let decoded = ReferenceBlocks.decode(.q8_0, output.values)
            for column in 0..<columns {
                for row in 0..<rows {
                    deviation.note(
                        Double(decoded[column * rows + row]), expected: Double(values[row * columns + column]),
                        within: 0.0045
                    ) { "element (\(row), \(column)) of \(rows) x \(columns)" }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("index scores are weighted sums of positive products", arguments: KernelTable.all, KVType.allCases)
    func indexScores(_ table: KernelTable, _ type: KVType) throws {
        var random = RandomNumbers(seed: 33)
        var deviation = Deviation()
        for (heads, dim, keys) in [(1, 32, 1), (5, 64, 33), (64, 128, 200)] {
            let setup = AttentionSetup(dim: dim, keys: keys, rows: heads, type: type) { random.floats($0) }
            let cache = setup.store(table)
            let (queries, weights) = (GuardedArray(setup.queries), GuardedArray(random.floats(heads)))
            let scratch = GuardedArray<Float>(count: 32 * dim + 8 * 128)
            let out = GuardedArray<Float>(count: keys)
            var task = mk_attention()
            task.rows = Int32(heads)
            task.key_dim = Int32(dim)
            task.q = UnsafePointer(queries.pointer)
            task.last_key = Int32(keys)
            task.cache = type.code
            task.k = UnsafeRawPointer(cache.keys.pointer)
            task.k_scale = UnsafePointer(cache.keyScales.pointer)
            task.scratch = scratch.pointer
            table.functions.pointee.index_scores(&task, weights.pointer, out.pointer)
            let stored = setup.stored(setup.keys)
            for key in 0..<keys {
                var expected = 0.0
                for head in 0..<heads {
                    var product = 0.0
                    for i in 0..<dim { product += Double(setup.queries[head * dim + i]) * stored[key * dim + i] }
                    expected += Double(weights[head]) * max(0, product)
                }
                deviation.note(Double(out[key]), expected: expected, within: 1e-4) { "key \(key), \(heads) heads" }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("streams are mixed among themselves", arguments: KernelTable.all)
    func mixStreams(_ table: KernelTable) {
        var random = RandomNumbers(seed: 34)
        var deviation = Deviation()
        for (count, width) in [(1, 1), (2, 33), (4, 64), (8, 100)] {
            let old = random.floats(count * width)
            let (streams, row) = (GuardedArray(old), GuardedArray(random.floats(width)))
            let (post, mix) = (GuardedArray(random.floats(count)), GuardedArray(random.floats(count * count)))
            table.functions.pointee.mix_streams(
                streams.pointer, Int32(count), Int32(width), row.pointer, post.pointer, mix.pointer)
            for k in 0..<count {
                for i in 0..<width {
                    var expected = Double(post[k]) * Double(row[i])
                    for j in 0..<count { expected += Double(mix[j * count + k]) * Double(old[j * width + i]) }
                    deviation.note(Double(streams[k * width + i]), expected: expected, within: 3e-6) {
                        "element \(i) of stream \(k) of \(count)"
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("rows are pooled by a softmax for every column", arguments: KernelTable.all)
    func pool(_ table: KernelTable) {
        var random = RandomNumbers(seed: 35)
        var deviation = Deviation()
        for (rows, width) in [(1, 16), (4, 48), (8, 512), (128, 32)] {
            let values = GuardedArray(random.floats(rows * width))
            let gates = GuardedArray(random.floats(rows * width, in: -20...20))
            let out = GuardedArray<Float>(count: width)
            table.functions.pointee.pool(values.pointer, gates.pointer, Int32(rows), Int32(width), out.pointer)
            for i in 0..<width {
                let column = (0..<rows).map { Double(gates[$0 * width + i]) }
                let largest = column.max()!
                let weights = column.map { exp($0 - largest) }
                let sum = weights.reduce(0, +)
                var expected = 0.0
                for row in 0..<rows { expected += weights[row] / sum * Double(values[row * width + i]) }
                deviation.note(Double(out[i]), expected: expected, within: 3e-6) { "column \(i) of \(rows) rows" }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }
}
