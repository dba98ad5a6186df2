import CKernels
import Tensors
import Testing

@Suite("Packing of tiles")
struct KernelPackingTests {
    /// What packing leaves of a weight: bytes with one scale a row and group.
    private struct Tile {
        let bytes: GuardedArray<UInt8>
        let scales: GuardedArray<Float>

        func scale(row: Int, column: Int) -> Double { Double(scales[column / 256 * 32 + row]) }
        func code(row: Int, column: Int) -> Int {
            Int(bytes[((column / 4) * 32 + row) * 4 + column % 4]) - 128
        }
    }

    private func pack(_ table: KernelTable, _ type: TensorType, _ bytes: [UInt8], rows: Int, columns: Int) -> Tile {
        let groups = (columns + 255) / 256
        let weights = GuardedArray(bytes)
        let tile = Tile(bytes: GuardedArray(count: groups * 8192), scales: GuardedArray(count: groups * 32))
        // In two calls, so that the first group is not always the first of the row.
        for part in [0..<groups / 2, groups / 2..<groups] where !part.isEmpty {
            table.pack(type)(
                weights.pointer, bytes.count / rows, Int32(rows), Int32(columns), Int32(part.lowerBound),
                Int32(part.count), tile.bytes.pointer + part.lowerBound * 8192,
                tile.scales.pointer + part.lowerBound * 32)
        }
        return tile
    }

    /// Rounding to the nearest of the scale's steps.
    private let half = 0.5 + 1e-4
    /// The vector levels round in fixed point, and a scale of the opposite sign turns the lowest code into +128, which
    /// is one step out of reach.
    private let step = 1 + 0.02

    @Test(
        "bytes times scales are the weights, within the scales' steps", arguments: KernelTable.all, TensorType.quantized
    )
    func weights(_ table: KernelTable, _ type: TensorType) {
        var random = RandomNumbers(seed: 5)
        var deviation = Deviation()
        for columns in type.rowLengths {
            for rows in [1, 31, 32] {
                let bytes = random.blocks(type, rows: rows, columns: columns)
                let w = ReferenceBlocks.decode(type, bytes)
                let tile = pack(table, type, bytes, rows: rows, columns: columns)
                for row in 0..<32 {
                    for column in 0..<(columns + 255) / 256 * 256 {
                        let isWeight = row < rows && column < columns
                        let expected = isWeight ? Double(w[row * columns + column]) : 0
                        let scale = tile.scale(row: row, column: column)
                        let steps = table.level == .scalar ? half : step
                        deviation.note(
                            scale * Double(tile.code(row: row, column: column)), expected: expected,
                            within: isWeight ? steps * abs(scale) : 0
                        ) { "row \(row) of \(rows), column \(column) of \(columns)" }
                    }
                }
            }
        }
        #expect(deviation.isAcceptable, "\(deviation)")
    }

    @Test("steps are as fine as the scalar twin's", arguments: KernelTable.all, TensorType.quantized)
    func precision(_ table: KernelTable, _ type: TensorType) {
        var random = RandomNumbers(seed: 6)
        let columns = 1536
        let bytes = random.blocks(type, rows: 32, columns: columns)
        let w = ReferenceBlocks.decode(type, bytes)
        func meanSquare(_ table: KernelTable) -> Double {
            let tile = pack(table, type, bytes, rows: 32, columns: columns)
            var sum = 0.0
            for row in 0..<32 {
                for column in 0..<columns {
                    let value = tile.scale(row: row, column: column) * Double(tile.code(row: row, column: column))
                    let error = value - Double(w[row * columns + column])
                    sum += error * error
                }
            }
            return sum / Double(32 * columns)
        }
        // The vector levels take the largest value that a group's scales allow for the largest that occurs.
        #expect(meanSquare(table).squareRoot() <= 1.08 * meanSquare(.scalar).squareRoot())
    }

    @Test("groups with one scale are packed exactly", arguments: KernelTable.all.filter { $0.level != .scalar })
    func exactGroups(_ table: KernelTable) {
        var random = RandomNumbers(seed: 7)
        for type in [TensorType.q4_0, .q5_0, .q8_0, .q8_K, .iq4_nl, .mxfp4] {
            var bytes = random.blocks(type, rows: 32, columns: 256)
            let headBytes = type == .q8_K ? 4 : type == .mxfp4 ? 1 : 2
            for start in stride(from: 0, to: bytes.count, by: type.bytesPerBlock) {
                bytes.replaceSubrange(start..<start + headBytes, with: bytes[0..<headBytes])
            }
            let w = ReferenceBlocks.decode(type, bytes)
            let tile = pack(table, type, bytes, rows: 32, columns: 256)
            for row in 0..<32 {
                for column in 0..<256 {
                    let value = tile.scale(row: row, column: column) * Double(tile.code(row: row, column: column))
                    guard value != Double(w[row * 256 + column]) else { continue }
                    Issue.record("\(type.name): row \(row), column \(column) is \(value), not \(w[row * 256 + column])")
                    return
                }
            }
        }
    }

    @Test("rows of zero scale become zeros", arguments: KernelTable.all, TensorType.quantized)
    func zeros(_ table: KernelTable, _ type: TensorType) {
        let bytes = [UInt8](repeating: 0, count: 32 * type.rowBytes(512)!)
        let tile = pack(table, type, bytes, rows: 32, columns: 512)
        for row in 0..<32 {
            for column in 0..<512
            where tile.scale(row: row, column: column) * Double(tile.code(row: row, column: column)) != 0 {
                Issue.record("row \(row), column \(column) is not zero")
                return
            }
        }
    }
}
