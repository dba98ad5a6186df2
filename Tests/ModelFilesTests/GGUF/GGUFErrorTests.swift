import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Damaged GGUF files")
struct GGUFErrorTests {
    private let file = "sample.gguf"

    /// A header with one 4-element tensor whose bytes `change` alters after encoding.
    private func expectError(
        _ expected: GGUFError, header: GGUFHeader = SampleModel.header, _ change: (inout [UInt8]) -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var bytes = SampleModel.bytes(header)
        change(&bytes)
        #expect(throws: expected, sourceLocation: sourceLocation) { try withGGUF(bytes) { _ in } }
        #expect(expected.description.hasSuffix("."), sourceLocation: sourceLocation)
    }

    private func tensorHeader(_ name: String = "w", _ type: TensorType = .f32, shape: [Int] = [4]) -> GGUFHeader {
        var header = GGUFHeader()
        header.add(name, type, shape: shape)
        return header
    }

    /// Where the record of `tensorHeader()`'s tensor has its parts.
    private let dimensionsAt = 24 + 8 + 1
    private var extentAt: Int { dimensionsAt + 4 }
    private var typeAt: Int { extentAt + 8 }
    private var offsetAt: Int { typeAt + 4 }

    private func put(_ value: some FixedWidthInteger, at offset: Int, in bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<(offset + $0.count), with: $0) }
    }

    @Test("other kinds of files are named for what they are")
    func otherFiles() {
        for (start, hint) in [
            ("", "empty"), ("version https://git-lfs", "LFS"), ("<!DOCTYPE html>", "web page"), ("PK\u{3}\u{4}", "zip"),
            ("tjgg____", "GGML"), ("nonsense", "6e 6f 6e 73"),
        ] {
            let error = #expect(throws: GGUFError.self) { try withGGUF(Array(start.utf8)) { _ in } }
            #expect(error?.description.contains(hint) == true)
        }
    }

    @Test("versions other than 2 and 3 and big-endian files are refused")
    func versions() {
        expectError(.unsupportedVersion(file: file, version: 1)) { put(UInt32(1), at: 4, in: &$0) }
        expectError(.unsupportedVersion(file: file, version: 4)) { put(UInt32(4), at: 4, in: &$0) }
        expectError(.bigEndian(file: file)) { put(UInt32(3).byteSwapped, at: 4, in: &$0) }
    }

    @Test("counts beyond the file's size are refused before anything is reserved for them")
    func counts() {
        let size = SampleModel.bytes().count
        expectError(.countTooLarge(file: file, item: "the number of tensors", count: .max, limit: (size - 16) / 24)) {
            put(UInt64.max, at: 8, in: &$0)
        }
        expectError(
            .countTooLarge(file: file, item: "the number of metadata keys", count: 1 << 40, limit: (size - 24) / 13)
        ) {
            put(UInt64(1 << 40), at: 16, in: &$0)
        }
        expectError(
            .countTooLarge(file: file, item: "the length of metadata key 0", count: 65_536, limit: 65_535)
        ) {
            put(UInt64(65_536), at: 24, in: &$0)
        }
    }

    @Test("every truncation of a file is refused")
    func truncations() throws {
        let bytes = SampleModel.bytes()
        let lastTensorEnd = bytes.count - (bytes.count - SampleModel.header.encoded().count) % 32
        try withGGUF(Array(bytes.prefix(lastTensorEnd))) { _ in }
        for length in 0..<(lastTensorEnd - 31) {
            #expect(throws: GGUFError.self) { try withGGUF(Array(bytes.prefix(length))) { _ in } }
        }
    }

    @Test("a key or tensor that comes twice is refused")
    func duplicates() {
        var keys = GGUFHeader()
        keys.set("aa", .bool(true))
        keys.set("ab", .bool(true))
        expectError(.duplicateKey(file: file, key: "aa"), header: keys) {
            $0[24 + 8 + 2 + 4 + 1 + 8 + 1] = UInt8(ascii: "a")
        }
        var tensors = tensorHeader("wa")
        tensors.add("wb", .f32, shape: [4])
        expectError(.duplicateTensor(file: file, tensor: "wa"), header: tensors) {
            $0[24 + (8 + 2 + 4 + 8 + 4 + 8) + 8 + 1] = UInt8(ascii: "a")
        }
    }

    @Test("arrays may nest four deep and no deeper", arguments: [4, 5, 1000])
    func nesting(depth: Int) throws {
        var value = GGUFValue.int32s([7])
        for _ in 1..<depth { value = .array(elementType: .array, [value]) }
        var header = GGUFHeader()
        header.set("deep", value)
        if depth <= 4 {
            try withGGUF(header.encoded()) { #expect($0.metadata.arrayLayout(of: "deep")?.count == 1) }
        } else {
            expectError(.arraysTooDeep(file: file, key: "deep", limit: 4), header: header) { _ in }
        }
    }

    @Test("types that GGUF does not define are refused by number")
    func unknownTypes() {
        var header = GGUFHeader()
        header.set("k", .bool(true))
        expectError(.unknownValueType(file: file, key: "k", type: 13), header: header) {
            put(UInt32(13), at: 24 + 8 + 1, in: &$0)
        }
        expectError(.unknownTensorType(file: file, tensor: "w", type: 16), header: tensorHeader()) {
            put(UInt32(16), at: typeAt, in: &$0)
        }
    }

    @Test("text that is not UTF-8 is refused in names and allowed in values")
    func invalidText() throws {
        expectError(.invalidText(file: file, item: "the name of tensor 0", offset: 32), header: tensorHeader()) {
            $0[32] = 0xFF
        }
        var header = GGUFHeader()
        header.set("k", .bytes([0x61, 0xFF]))
        try withGGUF(header.encoded()) {
            #expect($0.metadata.bytes("k") == [0x61, 0xFF])
            #expect($0.metadata.string("k") == "a\u{FFFD}")
        }
    }

    @Test(
        "alignment must be a power of two from 8 to 1 MiB", arguments: [0, 1, 4, 12, 33, 1 << 21, 1 << 31] as [UInt32])
    func alignment(value: UInt32) {
        var header = GGUFHeader()
        header.set("general.alignment", .uint32(value))
        expectError(.invalidAlignment(file: file, alignment: String(value)), header: header) { _ in }
    }

    @Test("impossible shapes are refused: zero, overflowing, too many dimensions, broken rows")
    func shapes() {
        expectError(.invalidShape(file: file, tensor: "w", shape: [0]), header: tensorHeader()) {
            put(UInt64(0), at: extentAt, in: &$0)
        }
        expectError(.invalidShape(file: file, tensor: "w", shape: [.max]), header: tensorHeader()) {
            put(UInt64.max, at: extentAt, in: &$0)
        }
        expectError(
            .invalidShape(file: file, tensor: "w", shape: [4, 1 << 62, 1 << 62]),
            header: tensorHeader(shape: [4, 1, 1])
        ) {
            put(UInt64(1 << 62), at: extentAt + 8, in: &$0)
            put(UInt64(1 << 62), at: extentAt + 16, in: &$0)
        }
        expectError(.tooManyDimensions(file: file, tensor: "w", dimensions: 5), header: tensorHeader()) {
            put(UInt32(5), at: dimensionsAt, in: &$0)
        }
        expectError(
            .brokenRow(file: file, tensor: "w", rowLength: 100, type: "Q4_K", block: 256),
            header: tensorHeader("w", .q4_K, shape: [256])
        ) {
            put(UInt64(100), at: extentAt, in: &$0)
        }
    }

    @Test("tensors must be aligned and lie inside the file")
    func placement() {
        let size = SampleModel.bytes(tensorHeader()).count
        expectError(.misalignedTensor(file: file, tensor: "w", offset: 8, alignment: 32), header: tensorHeader()) {
            put(UInt64(8), at: offsetAt, in: &$0)
        }
        expectError(
            .tensorOutsideFile(file: file, tensor: "w", end: UInt64(size + 16), size: size), header: tensorHeader()
        ) {
            put(UInt64(32), at: offsetAt, in: &$0)
        }
        expectError(.tensorOutsideFile(file: file, tensor: "w", end: .max, size: size), header: tensorHeader()) {
            put(UInt64.max - 31, at: offsetAt, in: &$0)
        }
        expectError(
            .tensorOutsideFile(file: file, tensor: "w", end: UInt64(1 << 42) + UInt64(size - 32), size: size),
            header: tensorHeader()
        ) {
            put(UInt64(1 << 40), at: extentAt, in: &$0)
        }
    }

    @Test("a missing file and a folder are told apart")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: GGUFError.self) { try GGUFFile.open(path: folder.file("no.gguf")) }
        #expect(missing?.description.contains("No such file") == true)
        let directory = #expect(throws: GGUFError.self) { try GGUFFile.open(path: folder.path) }
        #expect(directory?.description.contains("Is a directory") == true)
    }
}
