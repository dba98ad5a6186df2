internal import CKernels
internal import Tensors
internal import Testing

/// The functions of one level that this machine has.
struct KernelTable: Sendable, CustomTestStringConvertible {
    let level: KernelLevel
    // The table is a constant of the C target.
    nonisolated(unsafe) let functions: UnsafePointer<mk_kernels>

    var testDescription: String { level.name }

    static let all = KernelLevel.allCases.compactMap { level in
        mk_kernels_at(level.rawValue).map { KernelTable(level: level, functions: $0) }
    }
    static let scalar = all.first { $0.level == .scalar }!

    func gemv(_ type: TensorType) -> mk_gemv_function { mk_gemv_of(functions, type.rawValue)! }
    func gemvFew(_ type: TensorType) -> mk_gemv_few_function? { mk_gemv_few_of(functions, type.rawValue) }
    func pack(_ type: TensorType) -> mk_pack_function { mk_pack_of(functions, type.rawValue)! }
}

/// How much two orders of summing the same float32 terms may differ, as a share of the sum of their sizes: at most
/// 160 roundings of 2^-24 follow one another in any kernel at the sizes tested.
let summationTolerance = 1e-5

extension TensorType {
    static let quantized = allCases.filter { $0.elementsPerBlock > 1 }
    static let floats = allCases.filter(\.isFloat)

    /// Of some awkward row lengths, those that are whole blocks.
    var rowLengths: [Int] {
        [32, 64, 96, 128, 256, 288, 320, 512, 576, 1536].filter { $0 % elementsPerBlock == 0 }
    }
}

/// Rows quantised to groups of 256 by the scalar kernel, as every product takes them.
struct QuantizedRows {
    let groups: GuardedArray<mk_group>
    let groupsPerRow: Int

    init(_ rows: [[Float]]) {
        groupsPerRow = (rows[0].count + 255) / 256
        groups = GuardedArray(count: groupsPerRow * rows.count)
        for (index, row) in rows.enumerated() {
            KernelTable.scalar.functions.pointee.quantize(row, Int32(row.count), groups.pointer + index * groupsPerRow)
        }
    }

    /// The values that the groups stand for, padding included.
    func values(ofRow row: Int) -> [Double] {
        (0..<groupsPerRow).flatMap { group in
            let group = groups[row * groupsPerRow + group]
            return group.codes.map { Double($0) * Double(group.scale) }
        }
    }
}

extension mk_group {
    var codes: [Int8] { withUnsafeBytes(of: q) { Array($0.bindMemory(to: Int8.self)) } }
    var sixteens: [Int16] { withUnsafeBytes(of: sum16) { Array($0.bindMemory(to: Int16.self)) } }
    var thirtyTwos: [Int16] { withUnsafeBytes(of: sum32) { Array($0.bindMemory(to: Int16.self)) } }
}
