import Tensors

/// FP8 or int8 weights with a scale for each tensor, row, group of columns or block: product of both.
///
/// - SeeAlso: DeepSeek-V3's blocks of 128x128 (`weight_scale_inv`), compressed-tensors' `weight_scale`, whose packages
///   multiply as here: in float32, rounded to the model's type.
struct ScaledWeight: StoredWeight {
    let elements: SafetensorsTensor
    let type: TensorType
    /// [matrices][scale rows][scale columns]
    private let scales: SafetensorsTensor
    private let scaleRows: Int
    private let scaleColumns: Int
    private let blockRows: Int
    private let blockColumns: Int
    private let rows: Int
    /// Scales of each matrix: none of its own where one serves all.
    private let perMatrix: Int

    /// - Parameter block: rows and columns that share a scale, where the shapes alone do not tell.
    /// - Throws: why the scales do not fit the elements.
    init(
        _ elements: SafetensorsTensor, scale: SafetensorsTensor, block: (rows: Int, columns: Int)?, type: TensorType
    ) throws(RecipeError) {
        self.elements = elements
        self.type = type
        let shape = elements.shape
        guard shape.count >= 2, elements.elementCount > 0 else { throw RecipeError(reason: "it is no matrix") }
        let (columns, matrices) = (shape[shape.count - 1], shape.dropLast(2).reduce(1, *))
        rows = shape[shape.count - 2]
        scales = scale
        let count = scale.elementCount
        guard count > 0 else { throw RecipeError(reason: "its scales are empty") }
        let extents = scale.shape
        if count == 1 {
            (scaleRows, scaleColumns, blockRows, blockColumns) = (1, 1, rows, columns)
        } else if count == matrices, matrices > 1 {
            (scaleRows, scaleColumns, blockRows, blockColumns) = (1, 1, rows, columns)
        } else if count == matrices * rows, extents.count < 2 || extents.last == 1 {
            (scaleRows, scaleColumns, blockRows, blockColumns) = (rows, 1, 1, columns)
        } else {
            guard extents.count == shape.count, Array(extents.dropLast(2)) == Array(shape.dropLast(2)) else {
                throw RecipeError(reason: "scales of shape \(extents) do not fit \(shape)")
            }
            (scaleRows, scaleColumns) = (extents[extents.count - 2], extents[extents.count - 1])
            // The stated blocks, those of DeepSeek, or whatever divides the matrix into so many.
            let even = (rows: (rows + scaleRows - 1) / scaleRows, columns: (columns + scaleColumns - 1) / scaleColumns)
            let candidates = [block, (128, 128), even].compactMap { $0 }
            let (rows, scaleRows, scaleColumns) = (rows, scaleRows, scaleColumns)
            guard
                let fitting = candidates.first(where: {
                    (rows + $0.rows - 1) / $0.rows == scaleRows
                        && (columns + $0.columns - 1) / $0.columns == scaleColumns
                })
            else { throw RecipeError(reason: "scales of shape \(extents) do not fit \(shape)") }
            (blockRows, blockColumns) = fitting
        }
        perMatrix = count == 1 ? 0 : scaleRows * scaleColumns
    }

    var shape: [Int] { elements.shape }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        unsafe elements.decode(from: row * rowLength, into: target)
        let first = row / rows * perMatrix + row % rows / blockRows * scaleColumns
        var column = 0
        while column < target.count {
            let block = column / blockColumns
            let scale = scales.type == .u8 ? Float8.e8m0(scales.byte(first + block)) : scales.float(first + block)
            let end = min((block + 1) * blockColumns, target.count)
            while column < end {
                unsafe target[column] *= scale
                column += 1
            }
        }
    }
}
