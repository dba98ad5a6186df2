import Tensors

/// MXFP4: pairs of 4-bit floats in a byte, low bits first; 32 share a power of two. GGUF's blocks hold the same in
/// another order, so nothing is lost.
/// - SeeAlso: OCP Microscaling Formats 1.0.
struct MXFP4Weight: StoredWeight {
    private let bytes: SafetensorsTensor  // [..., rows, columns / 2], or [..., rows, columns / 32, 16]
    private let scales: SafetensorsTensor  // [..., rows, columns / 32]
    let shape: [Int]
    let type = TensorType.mxfp4

    init(bytes: SafetensorsTensor, scales: SafetensorsTensor) throws(RecipeError) {
        var shape = bytes.shape
        if shape.count == scales.shape.count + 1, shape.last == 16 {
            shape.removeLast(2)
        } else {
            shape = shape.dropLast()
        }
        shape.append((scales.shape.last ?? 0) * 32)
        guard bytes.type == .u8 || bytes.type == .i8, scales.type == .u8 || scales.type == .f8e8m0, shape.count >= 2,
            bytes.elementCount > 0, scales.shape.dropLast().elementsEqual(shape.dropLast()),
            bytes.elementCount * 2 == shape.reduce(1, *)
        else {
            throw RecipeError(reason: "scales of shape \(scales.shape) do not fit MXFP4 bytes of shape \(bytes.shape)")
        }
        self.bytes = bytes
        self.scales = scales
        self.shape = shape
    }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let columns = rowLength
        for column in target.indices {
            let byte = unsafe bytes.data[(row * columns + column) / 2]
            let scale = unsafe Float8.e8m0(scales.data[(row * columns + column) / 32])
            unsafe target[column] = Float4.values[Int(column % 2 == 0 ? byte & 15 : byte >> 4)] * scale
        }
    }

    func copyBlocks(row: Int, into target: UnsafeMutableRawBufferPointer) {
        let blocks = rowLength / 32
        for block in 0..<blocks {
            let source = (row * blocks + block) * 16
            unsafe target[17 * block] = scales.data[row * blocks + block]
            // Byte j holds the elements j and j + 16.
            for j in 0..<16 {
                let (first, second) = unsafe (bytes.data[source + j / 2], bytes.data[source + 8 + j / 2])
                let (low, high) = j % 2 == 0 ? (first & 15, second & 15) : (first >> 4, second >> 4)
                unsafe target[17 * block + 1 + j] = low | high << 4
            }
        }
    }
}
