package import Tensors

/// One tensor of a GGUF file.
// SAFETY: @unchecked because of the pointer; the bytes are read-only.
@safe
package struct GGUFTensor: @unchecked Sendable {
    package let name: String
    package let type: TensorType
    /// Extents in GGUF order: the row length, whose elements are adjacent, comes first.
    package let shape: [Int]
    /// The encoded elements. Valid while the `GGUFFile` lives.
    package let data: UnsafeRawBufferPointer

    package var byteCount: Int { unsafe data.count }
    package var elementCount: Int { shape.reduce(1, *) }
}
