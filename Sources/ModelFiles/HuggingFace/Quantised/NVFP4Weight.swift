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
    private let scales: SafetensorsTensor  // [..., rows, columns / 16]
    private let factor: Factor
    /// Rows of each matrix that has a factor of its own.
    private let rowsPerFactor: Int
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
        self.scales = scales
        self.factor = factor
        let count =
            switch factor {
            case .multiplies(let list), .divides(let list): list.count
            }
        let matrices = shape.dropLast(2).reduce(1, *)
        guard count == 1 || count == matrices else {
            throw RecipeError(reason: "it has \(count) factors on its scales")
        }
        rowsPerFactor = bytes.elementCount / (shape[shape.count - 1] / 2) / count
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let columns = rowLength
        for group in 0..<columns / 16 {
            let stored = scales.float(row * columns / 16 + group)
            let scale =
                switch factor {
                case .multiplies(let list): stored * list[row / rowsPerFactor]
                case .divides(let list): stored / list[row / rowsPerFactor]
                }
            for index in 0..<8 {
                let byte = bytes.byte((row * columns + group * 16) / 2 + index)
                unsafe target[group * 16 + 2 * index] = Float4.values[Int(byte & 15)] * scale
                unsafe target[group * 16 + 2 * index + 1] = Float4.values[Int(byte >> 4)] * scale
            }
        }
    }
}

/// The values of 4-bit floats, two bits of exponent and one of mantissa.
/// - SeeAlso: OCP Microscaling Formats 1.0.
enum Float4 {
    static let values: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6]
}
