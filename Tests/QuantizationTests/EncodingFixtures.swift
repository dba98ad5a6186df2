import Foundation
import Quantization
import Tensors
import TestSupport

/// Rows of floats with their encodings, made by Scripts/make-encoding-fixtures.py.
enum EncodingFixtures {
    static let columns = 512

    struct Errors: Decodable {
        /// Root mean square error of each row.
        var plain: [Float]
        /// The same weighted by importance, encoded with it.
        var weighted: [Float]
    }

    static func data(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/Tests/Fixtures/Encodings/" + name))
    }

    static func floats(_ name: String) throws -> [Float] {
        let data = try data(name)
        return (0..<data.count / 4).map { index in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[4 * index + $1]) << UInt32(8 * $1) })
        }
    }

    static func errors() throws -> [String: Errors] {
        try JSONDecoder().decode([String: Errors].self, from: data("errors.json"))
    }
}

/// Encodes and decodes arrays.
enum Codec {
    static func encode(
        _ values: [Float], _ type: TensorType, columns: Int, importance: [Float]? = nil
    ) throws -> [UInt8] {
        guard let encoder = RowEncoder(type, columns: columns) else { throw Failure.columns }
        let rows = values.count / columns
        var bytes = [UInt8](repeating: 0xaa, count: rows * encoder.rowBytes)
        let scratch = RowEncoder.Scratch()
        for row in 0..<rows {
            let defect = bytes.withUnsafeMutableBytes { bytes in
                values.withUnsafeBufferPointer { values in
                    func encode(_ importance: UnsafePointer<Float>?) -> RowEncoder.Defect? {
                        encoder.encode(
                            values.baseAddress! + row * columns, importance: importance,
                            to: bytes.baseAddress! + row * encoder.rowBytes, scratch)
                    }
                    return importance.map { $0.withUnsafeBufferPointer { encode($0.baseAddress!) } } ?? encode(nil)
                }
            }
            if let defect { throw defect }
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8], _ type: TensorType, columns: Int) -> [Float] {
        let compute = Compute(level: .best, pool: ComputePool(threadCount: 1))
        return bytes.withUnsafeBytes { bytes in
            let rows = bytes.count / type.rowBytes(columns)!
            let matrix = Matrix(type: type, rows: rows, columns: columns, data: bytes)!
            var values = [Float](repeating: 0, count: rows * columns)
            values.withUnsafeMutableBufferPointer { values in
                for row in 0..<rows { compute.decodeRow(row, of: matrix, into: values.baseAddress! + row * columns) }
            }
            return values
        }
    }

    enum Failure: Error { case columns }
}
