internal import ModelFiles
internal import Tensors

/// Looks tensors up by name and checks their shapes against the hyper-parameters.
struct WeightLoader {
    let source: any ModelSource
    /// Takes note of the tensors that are multiplied by as they are.
    let adaptable = AdaptableTensors()

    var path: String { source.path }

    func has(_ name: String) -> Bool { source.contains(name) }

    private func tensor(_ name: String, shape: [Int]) throws(ModelError) -> GGUFTensor {
        let tensor = try tensor(name)
        // GGUF may spell dimensions of 1 or leave them out.
        guard tensor.shape.filter({ $0 != 1 }) == shape.filter({ $0 != 1 }) else {
            throw .wrongShape(tensor: name, shape: tensor.shape, expected: shape, file: path)
        }
        return tensor
    }

    private func tensor(_ name: String) throws(ModelError) -> GGUFTensor {
        let tensor: GGUFTensor?
        do { tensor = try source.tensor(name) } catch { throw .unreadableTensor(error) }
        guard let tensor else { throw .missingTensor(name, file: path) }
        return tensor
    }

    /// Extents of a tensor in GGUF order, nil when there is none.
    func shape(of name: String) throws(ModelError) -> [Int]? { has(name) ? try tensor(name).shape : nil }

    /// A matrix that maps `columns` inputs to `rows` outputs.
    /// - Parameter isAdaptable: false where it is not multiplied by as a whole, so that adapters would miss it.
    func matrix(
        _ name: String, rows: Int, columns: Int, isAdaptable: Bool = true
    ) throws(ModelError) -> Matrix {
        let tensor = try tensor(name, shape: [columns, rows])
        guard let matrix = unsafe Matrix(type: tensor.type, rows: rows, columns: columns, data: tensor.data) else {
            throw .wrongType(
                tensor: name, type: tensor.type, expected: "a type whose blocks divide rows of \(columns)", file: path)
        }
        if isAdaptable { adaptable.names.insert(name) }
        return matrix
    }

    func optionalMatrix(
        _ name: String, rows: Int, columns: Int, isAdaptable: Bool = true
    ) throws(ModelError) -> Matrix? {
        has(name) ? try matrix(name, rows: rows, columns: columns, isAdaptable: isAdaptable) : nil
    }

    /// `count` matrices of one shape in one tensor; `firstRow` and `storedRows` cut a part out of each.
    func bank(
        _ name: String, count: Int, rows: Int, columns: Int, firstRow: Int = 0, storedRows: Int? = nil
    ) throws(ModelError) -> MatrixBank {
        let tensor = try tensor(name, shape: [columns, storedRows ?? rows, count])
        return try bank(tensor, count: count, rows: rows, columns: columns, firstRow: firstRow, storedRows: storedRows)
    }

    /// The same from a tensor of two dimensions, in which the matrices' rows follow one another.
    func stackedBank(
        _ name: String, count: Int, rows: Int, columns: Int, firstRow: Int = 0, storedRows: Int? = nil
    ) throws(ModelError) -> MatrixBank {
        let tensor = try tensor(name, shape: [columns, (storedRows ?? rows) * count])
        return try bank(tensor, count: count, rows: rows, columns: columns, firstRow: firstRow, storedRows: storedRows)
    }

    private func bank(
        _ tensor: GGUFTensor, count: Int, rows: Int, columns: Int, firstRow: Int, storedRows: Int?
    ) throws(ModelError) -> MatrixBank {
        guard
            let bank = unsafe MatrixBank(
                type: tensor.type, count: count, rows: rows, columns: columns, firstRow: firstRow,
                storedRows: storedRows, data: tensor.data)
        else {
            throw .wrongType(
                tensor: tensor.name, type: tensor.type, expected: "a type whose blocks divide rows of \(columns)",
                file: path)
        }
        return bank
    }

    /// A float32 vector, converted from 16-bit floats where the file has those; several rows count as one.
    func vector(_ name: String, count: Int, rows: Int = 1) throws(ModelError) -> Vector {
        let tensor = try tensor(name, shape: [count, rows])
        guard let vector = unsafe Vector(type: tensor.type, count: count * rows, data: tensor.data) else {
            throw .wrongType(tensor: name, type: tensor.type, expected: "F32, F16 or BF16", file: path)
        }
        return vector
    }

    func optionalVector(_ name: String, count: Int, rows: Int = 1) throws(ModelError) -> Vector? {
        has(name) ? try vector(name, count: count, rows: rows) : nil
    }

    /// A table of numbers from 0 to below `limit`, [rows, columns].
    func table(_ name: String, rows: Int, columns: Int, below limit: Int) throws(ModelError) -> IntegerTable {
        let tensor = try tensor(name, shape: [columns, rows])
        guard tensor.type == .i32 else {
            throw .wrongType(tensor: name, type: tensor.type, expected: "I32", file: path)
        }
        let values = (0..<rows * columns).map {
            unsafe Int32(littleEndian: tensor.data.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self))
        }
        if let bad = values.first(where: { $0 < 0 || Int($0) >= limit }) {
            throw .invalidValue(key: name, value: "\(bad)", expected: "numbers from 0 to \(limit - 1)", file: path)
        }
        return IntegerTable(columns: columns, values: values)
    }

    /// A float32 matrix of `rows` by `columns`, transposed: [columns, rows].
    func columns(_ name: String, rows: Int, columns: Int) throws(ModelError) -> Vector {
        let vector = try vector(name, count: columns, rows: rows)
        guard let transposed = vector.transposed(rows: rows, columns: columns) else {
            fatalError("the system refused memory for \(name)")
        }
        return transposed
    }
}

/// Names of tensors that adapters can correct, gathered while a model is loaded.
final class AdaptableTensors {
    fileprivate(set) var names: Set<String> = []
}

/// Numbers in rows.
struct IntegerTable: Sendable {
    let columns: Int
    let values: [Int32]

    subscript(row: Int, column: Int) -> Int { Int(values[row * columns + column]) }
}
