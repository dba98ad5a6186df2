import ModelFiles
import Tensors
import TestSupport

/// A small GGUF file with one value of every type, arrays, and tensors of several encodings.
enum SampleModel {
    static let vocabulary = ["<s>", "", "hello", "\u{1F426}", " world"]

    static var header: GGUFHeader {
        var header = GGUFHeader()
        header.set("general.architecture", .string("llama"))
        header.set("u8", .uint8(200))
        header.set("i8", .int8(-5))
        header.set("u16", .uint16(60_000))
        header.set("i16", .int16(-300))
        header.set("u32", .uint32(4_000_000_000))
        header.set("i32", .int32(-70_000))
        header.set("u64", .uint64(.max))
        header.set("i64", .int64(.min))
        header.set("f32", .float32(0.5))
        header.set("f64", .float64(0.25))
        header.set("yes", .bool(true))
        var strings = ByteStrings()
        for token in vocabulary { strings.append(token.utf8) }
        strings.append([0xFF, 0xC0])
        header.set("tokenizer.ggml.tokens", .strings(strings))
        header.set("tokenizer.ggml.token_type", .int32s([1, -2, 3]))
        header.set("tokenizer.ggml.scores", .float32s([0, -1.5]))
        header.set("flags", .array(elementType: .bool, [.bool(true), .bool(false)]))
        header.set("small", .array(elementType: .uint16, [.uint16(1), .uint16(65_535)]))
        header.set(
            "nested", .array(elementType: .array, [.int32s([1, 2]), .array(elementType: .string, [.string("x")])]))
        header.add("token_embd.weight", .f32, shape: [8, 3])
        header.add("blk.0.attn_q.weight", .q4_K, shape: [256, 2])
        header.add("scalar", .f16, shape: [])
        header.add("blk.0.ffn_up.weight", .q8_0, shape: [32, 2, 2])
        return header
    }

    /// The whole file in memory; tensor data is filled with a running count.
    static func bytes(_ header: GGUFHeader = header) -> [UInt8] {
        var bytes = header.encoded()
        for tensor in header.tensors {
            bytes.append(contentsOf: data(of: tensor))
            while bytes.count % header.alignment != 0 { bytes.append(0) }
        }
        return bytes
    }

    static func data(of tensor: GGUFHeader.Tensor) -> [UInt8] {
        (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ tensor.name.utf8.count) }
    }

    static func write(_ header: GGUFHeader, to path: String) throws {
        var writer = try GGUFWriter(path: path, header: header)
        for tensor in header.tensors { try writer.append(data(of: tensor)) }
        try writer.finish()
    }
}

/// Reads `bytes` as a GGUF file and hands it to `body` while the memory lives.
func withGGUF<Result>(_ bytes: [UInt8], _ body: (GGUFFile) throws -> Result) throws -> Result {
    // Room for the 8-byte alignment that a mapping would give.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let image = MappedFile(
        borrowing: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory).prefix(bytes.count)),
        path: "sample.gguf")
    return try body(try GGUFFile(image: image))
}

extension SampleModel {
    /// A valid file of about `size` bytes that hardly compresses.
    static func padded(to size: Int) -> [UInt8] {
        var header = GGUFHeader()
        header.set("general.architecture", .string("llama"))
        header.set("general.license", .string("mit"))
        header.add("padding", .f32, shape: [size / 4 / 8 * 8])
        return header.encoded() + noise(header.tensors[0].byteCount)
    }
}

extension CatalogueEntry {
    static func sample(_ name: String, sources: [(String, String?)], isDefault: Bool? = nil) -> CatalogueEntry {
        CatalogueEntry(
            name: name, isDefault: isDefault, summary: "for tests", file: nil, quantisation: "F32",
            byteCount: 3_000_000,
            isExact: nil, licence: Licence(name: "MIT", class: .openSource),
            model: ModelDimensions(
                architecture: "llama", parameters: 750_000, context: 2048, layers: 2, heads: 4, keyValueHeads: 2,
                headSize: 64, embedding: 256, vocabulary: 1000),
            sources: sources.map { CatalogueEntry.Source(reference: $0.0, sha256: $0.1) })
    }
}
