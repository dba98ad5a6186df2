import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("GGUF files")
struct GGUFFileTests {
    @Test("reads every value type back, at any integer width", arguments: [2, 3] as [UInt32])
    func metadata(version: UInt32) throws {
        var header = SampleModel.header
        header.version = version
        try withGGUF(SampleModel.bytes(header)) { file in
            let metadata = file.metadata
            #expect(file.version == version)
            #expect(metadata.keys.first == "general.architecture")
            #expect(metadata.string("general.architecture") == "llama")
            #expect(metadata.integer("u8") == 200)
            #expect(metadata.integer("i8") == -5)
            #expect(metadata.integer("u16") == 60_000)
            #expect(metadata.integer("i16") == -300)
            #expect(metadata.unsigned("u32") == 4_000_000_000)
            #expect(metadata.integer("i32") == -70_000)
            #expect(metadata.integer("u64") == nil)
            #expect(metadata.integer("i64") == .min)
            #expect(metadata.unsigned("i64") == nil)
            #expect(metadata.float("f32") == 0.5)
            #expect(metadata.float("f64") == 0.25)
            #expect(metadata.float("u8") == 200)
            #expect(metadata.bool("yes") == true)
            #expect(metadata.bool("u8") == nil)
            #expect(metadata.string("u8") == nil)
            #expect(metadata.string("missing") == nil)
            #expect(metadata.integers("tokenizer.ggml.token_type") == [1, -2, 3])
            #expect(metadata.integers("small") == [1, 65_535])
            #expect(metadata.floats("tokenizer.ggml.scores") == [0, -1.5])
            #expect(metadata.floats("small") == [1, 65_535])
            #expect(metadata.bools("flags") == [true, false])
            #expect(metadata.integers("flags") == nil)
            #expect(metadata.strings("small") == nil)
            #expect(metadata.arrayLayout(of: "nested")?.elementType == .array)
            #expect(metadata.arrayLayout(of: "nested")?.count == 2)
        }
    }

    @Test("decodes an array of strings byte for byte")
    func strings() throws {
        try withGGUF(SampleModel.bytes()) { file in
            let tokens = try #require(file.metadata.strings("tokenizer.ggml.tokens"))
            #expect(tokens.count == SampleModel.vocabulary.count + 1)
            for (token, expected) in zip(tokens, SampleModel.vocabulary) {
                #expect(Array(token) == Array(expected.utf8))
            }
            #expect(Array(tokens[tokens.count - 1]) == [0xFF, 0xC0])
        }
    }

    @Test("gives tensors their type, shape and bytes, in file order", arguments: [8, 32, 4096])
    func tensors(alignment: Int) throws {
        var header = GGUFHeader(alignment: alignment)
        for tensor in SampleModel.header.tensors { header.add(tensor.name, tensor.type, shape: tensor.shape) }
        try withGGUF(SampleModel.bytes(header)) { file in
            #expect(file.orderedTensors.map(\.name) == header.tensors.map(\.name))
            for expected in header.tensors {
                let tensor = try #require(file.tensors[expected.name])
                #expect(tensor.type == expected.type)
                #expect(tensor.shape == expected.shape)
                #expect(Array(tensor.data) == SampleModel.data(of: expected))
                #expect(tensor.elementCount == expected.shape.reduce(1, *))
            }
        }
    }

    @Test("opens what the writer wrote, by path")
    func writtenFile() throws {
        let folder = try TemporaryFolder()
        try SampleModel.write(SampleModel.header, to: folder.file("a.gguf"))
        let file = try GGUFFile.open(path: folder.file("a.gguf"))
        file.advise(.willNeed)
        #expect(file.tensors.count == 4)
        #expect(file.fileByteCount == SampleModel.bytes().count)
        #expect(file.paths == [folder.file("a.gguf")])
    }

    @Test("a file without tensors is a vocabulary")
    func vocabularyOnly() throws {
        var header = GGUFHeader()
        header.set("general.architecture", .string("llama"))
        try withGGUF(header.encoded()) { #expect($0.tensors.isEmpty) }
    }
}

@Suite("GGUF files in parts")
struct GGUFSplitTests {
    private func part(_ index: Int, of count: Int, tensors: [String], total: Int) -> GGUFHeader {
        var header = GGUFHeader()
        if index == 0 { header.set("general.architecture", .string("qwen2")) }
        header.set("split.no", .uint16(UInt16(index)))
        header.set("split.count", .uint16(UInt16(count)))
        header.set("split.tensors.count", .int32(Int32(total)))
        for tensor in tensors { header.add(tensor, .f32, shape: [4]) }
        return header
    }

    private func writeParts(_ folder: TemporaryFolder, total: Int = 3, last: String = "c") throws {
        for (index, tensors) in [["a"], ["b"], [last]].enumerated() {
            try SampleModel.write(
                part(index, of: 3, tensors: tensors, total: total), to: folder.file("m-0000\(index + 1)-of-00003.gguf"))
        }
    }

    @Test("open as one, whichever part is named", arguments: 1...3)
    func whole(named: Int) throws {
        let folder = try TemporaryFolder()
        try writeParts(folder)
        let file = try GGUFFile.open(path: folder.file("m-0000\(named)-of-00003.gguf"))
        #expect(file.orderedTensors.map(\.name) == ["a", "b", "c"])
        #expect(file.metadata.string("general.architecture") == "qwen2")
        #expect(file.paths.count == 3)
    }

    @Test("name the part that is missing")
    func missingPart() throws {
        let folder = try TemporaryFolder()
        try writeParts(folder)
        try FileManager.default.removeItem(atPath: folder.file("m-00002-of-00003.gguf"))
        let error = #expect(throws: GGUFError.self) {
            try GGUFFile.open(path: folder.file("m-00001-of-00003.gguf"))
        }
        #expect(error?.description.contains("m-00002-of-00003.gguf") == true)
    }

    @Test("refuse a renamed part, a repeated tensor and a wrong total")
    func inconsistent() throws {
        let folder = try TemporaryFolder()
        try writeParts(folder)
        try FileManager.default.copyItem(atPath: folder.file("m-00001-of-00003.gguf"), toPath: folder.file("one.gguf"))
        #expect(throws: GGUFError.splitNameMismatch(file: folder.file("one.gguf"), parts: 3)) {
            try GGUFFile.open(path: folder.file("one.gguf"))
        }
        let wrongTotal = try TemporaryFolder()
        try writeParts(wrongTotal, total: 4)
        let first = wrongTotal.file("m-00001-of-00003.gguf")
        #expect(throws: GGUFError.splitTensorCount(file: first, expected: 4, found: 3)) {
            try GGUFFile.open(path: first)
        }
        let repeated = try TemporaryFolder()
        try writeParts(repeated, last: "a")
        #expect(throws: GGUFError.duplicateTensor(file: repeated.file("m-00003-of-00003.gguf"), tensor: "a")) {
            try GGUFFile.open(path: repeated.file("m-00001-of-00003.gguf"))
        }
        let shuffled = try TemporaryFolder()
        try writeParts(shuffled)
        try FileManager.default.removeItem(atPath: shuffled.file("m-00002-of-00003.gguf"))
        try FileManager.default.copyItem(
            atPath: shuffled.file("m-00003-of-00003.gguf"), toPath: shuffled.file("m-00002-of-00003.gguf"))
        #expect(
            throws: GGUFError.splitPartMismatch(
                file: shuffled.file("m-00002-of-00003.gguf"), expectedPart: 2, expectedParts: 3, part: 3, parts: 3)
        ) {
            try GGUFFile.open(path: shuffled.file("m-00001-of-00003.gguf"))
        }
    }

    @Test("split names are taken apart only when whole")
    func names() {
        let name = GGUFSplitName(path: "dir/q-00002-of-00010.gguf")
        #expect(name?.prefix == "dir/q")
        #expect(name?.part == 2)
        #expect(name?.path(ofPart: 10) == "dir/q-00010-of-00010.gguf")
        for path in ["q.gguf", "q-00000-of-00002.gguf", "q-00003-of-00002.gguf", "q-0000a-of-00002.gguf", ""] {
            #expect(GGUFSplitName(path: path) == nil)
        }
    }
}
