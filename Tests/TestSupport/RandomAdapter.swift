import Foundation
import ModelFiles
import Tensors

/// A LoRA adapter of random matrices.
package struct RandomAdapter {
    /// A correction of a tensor: b a, [rows, rank] and [rank, columns] in order of rows.
    package struct Pair {
        package let name: String
        package let rows: Int
        package let columns: Int
        package let rank: Int
        package let a: [Float]
        package let b: [Float]

        /// b a, [rows, columns].
        package var product: [Float] {
            var product = [Float](repeating: 0, count: rows * columns)
            for row in 0..<rows {
                for inner in 0..<rank {
                    let factor = b[row * rank + inner]
                    for column in 0..<columns {
                        product[row * columns + column] += factor * a[inner * columns + column]
                    }
                }
            }
            return product
        }
    }

    package let architecture: String
    package let pairs: [Pair]

    /// - Parameters:
    ///   - targets: the tensors that it corrects, in GGUF's order of extents.
    ///   - strength: the largest element.
    package init(
        architecture: String, targets: [(name: String, shape: [Int])], rank: Int, strength: Float, seed: UInt64
    ) {
        var random = SplitMix64(seed: seed)
        func values(_ count: Int) -> [Float] {
            (0..<count).map { _ in strength * (2 * Float(random.below(1 << 20)) / Float(1 << 20) - 1) }
        }
        self.architecture = architecture
        pairs = targets.map { target in
            let (columns, rows) = (target.shape[0], target.shape[1])
            return Pair(
                name: target.name, rows: rows, columns: columns, rank: rank, a: values(rank * columns),
                b: values(rows * rank))
        }
    }

    /// As llama.cpp's converter writes it.
    package func write(to path: String) throws {
        var header = GGUFHeader()
        header.set("general.type", .bytes(Array("adapter".utf8)))
        header.set("general.architecture", .bytes(Array(architecture.utf8)))
        header.set("adapter.type", .bytes(Array("lora".utf8)))
        header.set("adapter.lora.alpha", .float32(Float(pairs.first?.rank ?? 1)))
        var data: [UInt8] = []
        for pair in pairs {
            header.add(pair.name + ".lora_a", .f32, shape: [pair.columns, pair.rank])
            header.add(pair.name + ".lora_b", .f32, shape: [pair.rank, pair.rows])
            for values in [pair.a, pair.b] {
                values.withUnsafeBytes { data += $0 }
                data += [UInt8](repeating: 0, count: (32 - data.count % 32) % 32)
            }
        }
        try Data(header.encoded() + data).write(to: URL(fileURLWithPath: path))
    }
}
