internal import ModelFiles
internal import Tensors

/// Looks tensors up by name and checks their shapes against the hyper-parameters.
struct WeightLoader {
    let file: GGUFFile
    let path: String

    func has(_ name: String) -> Bool { file.tensors[name] != nil }

    private func tensor(_ name: String, shape: [Int]) throws(ModelError) -> GGUFTensor {
        guard let tensor = file.tensors[name] else { throw .missingTensor(name, file: path) }
        // GGUF may spell trailing dimensions of 1 or leave them out.
        var found = tensor.shape
        while found.count > 1, found.last == 1 { found.removeLast() }
        guard found == shape else {
            throw .wrongShape(tensor: name, shape: tensor.shape, expected: shape, file: path)
        }
        return tensor
    }

    /// A matrix that maps `columns` inputs to `rows` outputs.
    func matrix(_ name: String, rows: Int, columns: Int) throws(ModelError) -> Matrix {
        let tensor = try tensor(name, shape: rows == 1 ? [columns] : [columns, rows])
        guard let matrix = unsafe Matrix(type: tensor.type, rows: rows, columns: columns, data: tensor.data) else {
            throw .wrongType(
                tensor: name, type: tensor.type, expected: "a type whose blocks divide rows of \(columns)", file: path)
        }
        return matrix
    }

    /// A float32 vector, converted from 16-bit floats where the file has those.
    func vector(_ name: String, count: Int) throws(ModelError) -> Vector {
        let tensor = try tensor(name, shape: [count])
        guard let vector = unsafe Vector(type: tensor.type, count: count, data: tensor.data) else {
            throw .wrongType(tensor: name, type: tensor.type, expected: "F32, F16 or BF16", file: path)
        }
        return vector
    }

    func optionalVector(_ name: String, count: Int) throws(ModelError) -> Vector? {
        has(name) ? try vector(name, count: count) : nil
    }
}
