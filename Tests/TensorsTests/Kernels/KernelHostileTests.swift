import CKernels
import Tensors
import Testing

/// Model files may claim anything: results are arbitrary, but nothing outside the buffers is touched and nothing traps.
@Suite("Hostile values in kernels")
struct KernelHostileTests {
    @Test("blocks with infinite and undefined scales pass through", arguments: KernelTable.all, TensorType.ofWeights)
    func blocks(_ table: KernelTable, _ type: TensorType) {
        var random = RandomNumbers(seed: 14)
        for _ in 0..<20 {
            for columns in [type.rowLengths.first!, 512] {
                let rows = 32
                let weights = GuardedArray(random.hostileBlocks(type, rows: rows, columns: columns))
                let rowBytes = weights.count / rows
                let decoded = GuardedArray<Float>(count: columns)
                table.functions.pointee.dequantize(
                    Int32(type.rawValue), weights.pointer, Int32(columns), decoded.pointer)
                let input = random.floats(columns)
                let out = GuardedArray<Float>(count: rows)
                guard type.elementsPerBlock > 1 else {
                    let x = GuardedArray(input)
                    table.functions.pointee.gemm_float(
                        Int32(type.rawValue), weights.pointer, rowBytes, Int32(rows), Int32(columns), x.pointer,
                        columns, 1, out.pointer, rows)
                    continue
                }
                let groups = QuantizedRows([input])
                table.gemv(type)(
                    weights.pointer, rowBytes, Int32(rows), Int32(columns), groups.groups.pointer, out.pointer)
                let count = groups.groupsPerRow
                let packed = GuardedArray<UInt8>(count: count * 8192)
                let scales = GuardedArray<Float>(count: count * 32)
                table.pack(type)(
                    weights.pointer, rowBytes, Int32(rows), Int32(columns), 0, Int32(count), packed.pointer,
                    scales.pointer)
                let tile = GuardedArray<Float>(count: 32)
                table.functions.pointee.gemm(
                    packed.pointer, scales.pointer, Int32(count), groups.groups.pointer, count, 1, tile.pointer)
            }
        }
    }

    @Test("a row of finite weights is unharmed by its neighbours", arguments: KernelTable.all, TensorType.quantized)
    func neighbours(_ table: KernelTable, _ type: TensorType) {
        var random = RandomNumbers(seed: 15)
        // The shortest rows end in a partial group, whose loads reach into the rows that follow.
        for columns in Set([type.rowLengths.first!, 512]) {
            let good = random.blocks(type, rows: 1, columns: columns)
            let input = QuantizedRows([random.floats(columns)])
            func product(_ bytes: [UInt8], rows: Int) -> [Float] {
                let out = GuardedArray<Float>(count: rows)
                let weights = GuardedArray(bytes)
                table.gemv(type)(
                    weights.pointer, good.count, Int32(rows), Int32(columns), input.groups.pointer, out.pointer)
                return out.values
            }
            let alone = product(good, rows: 1)[0]
            for _ in 0..<20 {
                let before = random.hostileBlocks(type, rows: 1, columns: columns)
                let after = random.hostileBlocks(type, rows: 9, columns: columns)
                #expect(product(before + good + after, rows: 11)[1] == alone)
            }
        }
    }

    @Test("activations that are infinite or undefined pass through", arguments: KernelTable.all)
    func activations(_ table: KernelTable) {
        var random = RandomNumbers(seed: 16)
        let corners: [Float] = [.infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0]
        for count in [32, 256, 576] {
            let x = GuardedArray((0..<count).map { _ in corners.randomElement(using: &random)! })
            let groups = GuardedArray<mk_group>(count: (count + 255) / 256)
            table.functions.pointee.quantize(x.pointer, Int32(count), groups.pointer)
            let out = GuardedArray<Float>(count: count)
            table.functions.pointee.rms_norm(x.pointer, x.pointer, 1e-5, Int32(count), out.pointer)
            table.functions.pointee.layer_norm(x.pointer, x.pointer, x.pointer, 1e-5, Int32(count), out.pointer)
            for function in [MK_SILU, MK_GELU, MK_GELU_ERF, MK_SWIGLU_OAI] {
                table.functions.pointee.activate(
                    Int32(function), x.pointer, x.pointer, 7, Int32(count), out.pointer)
            }
            table.functions.pointee.gate(x.pointer, Int32(count), out.pointer)
            table.functions.pointee.rope_pairs(x.pointer, out.pointer, out.pointer, Int32(count / 2))
        }
    }

    @Test("attention over infinite and undefined keys ends", arguments: KernelTable.all, KVType.allCases)
    func attention(_ table: KernelTable, _ type: KVType) {
        var random = RandomNumbers(seed: 17)
        let corners: [Float] = [.infinity, -.infinity, .nan, 1e38, 0]
        for (dim, shares) in [(32, false), (64, false), (64, true)] {
            let setup = AttentionSetup(dim: dim, sharesRows: shares, keys: 40, rows: 3, type: type) {
                (0..<$0).map { _ in corners.randomElement(using: &random)! }
            }
            _ = setup.attend(table, limits: [1, 33, 40], range: 0..<40)
            _ = setup.attend(table, limits: [1, 33, 40], firsts: [0, 32, 8], range: 0..<40)
        }
    }
}
