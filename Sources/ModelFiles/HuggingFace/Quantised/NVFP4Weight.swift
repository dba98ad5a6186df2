import Tensors

/// NVFP4: pairs of 4-bit floats in a byte, low bits first; 16 share an 8-bit scale, and all a factor on the scales.
/// - SeeAlso: NVIDIA Model Optimizer's and compressed-tensors' NVFP4 layouts, which differ in names and in whether the
///   factor multiplies or divides.
struct NVFP4Weight: StoredWeight {
    /// One factor for all, or one for each leading matrix.
    enum Factor {
        case multiplies([Float])
        case divides([Float])
    }

    private let bytes: SafetensorsTensor  // [..., rows, columns / 2]
    private let scales: [Float]  // [..., rows, columns / 16], times the factor
    let shape: [Int]
    let type: TensorType

    init(
        bytes: SafetensorsTensor, scales: SafetensorsTensor, factor: Factor, type: TensorType
    ) throws(RecipeError) {
        guard bytes.type == .u8, bytes.shape.count >= 2, scales.type == .f8e4m3, bytes.elementCount > 0 else {
            throw RecipeError(reason: "its NVFP4 parts have unexpected types or shapes")
        }
        var shape = bytes.shape
        shape[shape.count - 1] *= 2
        guard shape[shape.count - 1] % 16 == 0,
            scales.shape == Array(shape.dropLast()) + [shape[shape.count - 1] / 16]
        else { throw RecipeError(reason: "scales of shape \(scales.shape) do not fit \(shape)") }
        self.bytes = bytes
        self.shape = shape
        self.type = type
        var values = scales.floats()
        let factors =
            switch factor {
            case .multiplies(let list), .divides(let list): list
            }
        let matrices = shape.dropLast(2).reduce(1, *)
        guard factors.count == 1 || factors.count == matrices else {
            throw RecipeError(reason: "it has \(factors.count) factors on its scales")
        }
        let perFactor = values.count / factors.count
        for index in values.indices {
            switch factor {
            case .multiplies(let list): values[index] *= list[index / perFactor]
            case .divides(let list): values[index] /= list[index / perFactor]
            }
        }
        self.scales = values
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let perRow = rowLength / 2
        for column in target.indices {
            let byte = unsafe bytes.data[row * perRow + column / 2]
            let value = Float4.values[Int(column % 2 == 0 ? byte & 15 : byte >> 4)]
            unsafe target[column] = value * scales[(row * perRow * 2 + column) / 16]
        }
    }
}

/// The values of 4-bit floats, two bits of exponent and one of mantissa.
/// - SeeAlso: OCP Microscaling Formats 1.0.
enum Float4 {
    static let values: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6]
}
