import Foundation
import ModelFiles
import TestSupport
import Testing

/// Writes safetensors files as tests want them, right or wrong.
enum Safetensors {
    static func bytes(_ header: String, data: [UInt8]) -> [UInt8] {
        let header = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + data
    }

    static func write(_ header: String, data: [UInt8], to path: String) throws {
        try Data(bytes(header, data: data)).write(to: URL(fileURLWithPath: path))
    }

    /// One F32 tensor of two elements.
    static func simple(_ name: String) -> String {
        "{\"\(name)\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
    }
}

@Suite("Safetensors files and their indexes")
struct SafetensorsTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("model.safetensors") }

    init() throws { folder = try TemporaryFolder() }

    private func message(_ header: String, _ data: [UInt8]) throws -> String {
        try Safetensors.write(header, data: data, to: path)
        do {
            _ = try SafetensorsFile(path: path)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test("reads what the format's description shows")
    func plain() throws {
        let header = """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,1],"data_offsets":[8,12]},
             "a\\u00e9":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]}}
            """
        try Safetensors.write(header, data: Array(0..<12), to: path)
        let file = try SafetensorsFile(path: path)
        #expect(file.tensors.map(\.name) == ["aé", "none", "b"])
        #expect(file.tensors.map(\.shape) == [[2], [0, 3], [2, 1]])
        #expect(Array(file.tensors[2].data) == [8, 9, 10, 11])
    }

    @Test(
        "says what is wrong with a header",
        arguments: [
            ("{", "the JSON"), ("[]", "no object"), ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "missing"),
            ("{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}", "'F33' is unknown"),
            ("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "impossible"),
            ("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}", "impossible"),
            ("{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,8],\"data_offsets\":[0,0]}}", "impossible"),
            ("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "takes 12"),
            ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", "outside the file"),
            ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "begins at byte 4"),
            ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "take 4 of 8"),
            (
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "begins at byte 0"
            ),
            (
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}",
                "twice"
            ),
            ("{\"a\":" + String(repeating: "[", count: 100), "nests deeper"),
        ])
    func broken(_ header: String, _ expected: String) throws {
        #expect(try message(header, Array(0..<8)).contains(expected))
    }

    @Test("a header that claims more than the file has is refused before anything is reserved")
    func longHeader() throws {
        try Data([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x7B]).write(to: URL(fileURLWithPath: path))
        #expect(throws: HuggingFaceError.self) { try SafetensorsFile(path: path) }
        try Data([1, 0]).write(to: URL(fileURLWithPath: path))
        #expect(throws: HuggingFaceError.notSafetensors(file: path, reason: "it has 2 bytes")) {
            try SafetensorsFile(path: path)
        }
    }

    private func index(_ map: String) throws -> String {
        try folder.write("{\"weight_map\":\(map)}", to: "model.safetensors.index.json")
        do {
            return try SafetensorsShards(folder: folder.path).tensors.keys.sorted().joined(separator: " ")
        } catch { return "\(error)" }
    }

    @Test("shards are found by the index")
    func shards() throws {
        try Safetensors.write(Safetensors.simple("a"), data: Array(0..<8), to: folder.file("one.safetensors"))
        try Safetensors.write(Safetensors.simple("b"), data: Array(0..<8), to: folder.file("two.safetensors"))
        #expect(try index("{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}") == "a b")
    }

    @Test(
        "an index that leads elsewhere, to itself or to nothing is refused",
        arguments: [
            ("{\"a\":\"../one.safetensors\"}", "not the name"), ("{\"a\":\"/etc/passwd\"}", "not the name"),
            ("{\"a\":\"model.safetensors.index.json\"}", "not the name"), ("{\"a\":\"..safetensors\"}", "not the name"),
            ("{\"a\":\"sub/one.safetensors\"}", "not the name"), ("{\"a\":7}", "is 7"), ("{}", "no 'weight_map'"),
            ("{\"a\":\"three.safetensors\"}", "not beside it"), ("{\"c\":\"one.safetensors\"}", "where it is not"),
            ("{\"a\":\"one.safetensors\",\"b\":\"copy.safetensors\"}", "there twice"),
            ("{\"a\":\"one.safetensors\",\"a\":\"copy.safetensors\"}", "twice"),
            ("{\"a\":\"loop.safetensors\"}", "cannot open"),
        ])
    func hostileIndex(_ map: String, _ expected: String) throws {
        try Safetensors.write(Safetensors.simple("a"), data: Array(0..<8), to: folder.file("one.safetensors"))
        try Safetensors.write(Safetensors.simple("a"), data: Array(0..<8), to: folder.file("copy.safetensors"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("loop.safetensors"), withDestinationPath: "loop.safetensors")
        let message = try index(map)
        #expect(message.contains(expected), "\(message)")
    }

    @Test("a folder of pickles says what is needed instead")
    func pickles() throws {
        try folder.write("x", to: "pytorch_model.bin")
        #expect(throws: HuggingFaceError.noWeights(folder: folder.path, pickled: true)) {
            try SafetensorsShards(folder: folder.path)
        }
    }
}
