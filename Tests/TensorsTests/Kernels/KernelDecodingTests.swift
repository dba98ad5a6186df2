import CKernels
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Decoding of blocks")
struct KernelDecodingTests {
    @Test(
        "the reference decodes llama.cpp's blocks to the last bit",
        arguments: TensorType.ofWeights.filter { $0 != .f32 }
    )
    func referenceAgainstFixtures(_ type: TensorType) throws {
        let fixture = try BlockFixture(type)
        #expect(firstDifference(ReferenceBlocks.decode(type, fixture.bytes), fixture.values) == nil)
    }

    @Test(
        "every level decodes llama.cpp's blocks to the last bit",
        arguments: KernelTable.all, TensorType.ofWeights.filter { $0 != .f32 })
    func fixtures(_ table: KernelTable, _ type: TensorType) throws {
        let fixture = try BlockFixture(type)
        #expect(firstDifference(decode(table, type, fixture.bytes), fixture.values) == nil)
    }

    @Test("rows of any length decode like the reference", arguments: KernelTable.all, TensorType.ofWeights)
    func rows(_ table: KernelTable, _ type: TensorType) {
        var random = RandomNumbers(seed: 1)
        let lengths = type.rowLengths + (type.elementsPerBlock == 1 ? [1, 31, 33] : [])
        for columns in lengths {
            let bytes = random.blocks(type, rows: 1, columns: columns)
            let expected = ReferenceBlocks.decode(type, bytes)
            #expect(firstDifference(decode(table, type, bytes), expected) == nil, "\(columns) columns")
        }
    }

    private func decode(_ table: KernelTable, _ type: TensorType, _ bytes: [UInt8]) -> [Float] {
        let weights = GuardedArray(bytes)
        let out = GuardedArray<Float>(count: bytes.count / type.bytesPerBlock * type.elementsPerBlock)
        table.functions.pointee.dequantize(Int32(type.rawValue), weights.pointer, Int32(out.count), out.pointer)
        return out.values
    }
}

/// Blocks and the values that the reference libraries decode them to; see Tests/Fixtures/README.md.
private struct BlockFixture {
    let bytes: [UInt8]
    let values: [Float]

    init(_ type: TensorType) throws {
        let base = Repository.root + "/Tests/Fixtures/Blocks/" + type.name
        bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: base + ".blocks")))
        let decoded = try [UInt8](Data(contentsOf: URL(fileURLWithPath: base + ".f32")))
        values = ReferenceBlocks.decode(.f32, decoded)
    }
}
