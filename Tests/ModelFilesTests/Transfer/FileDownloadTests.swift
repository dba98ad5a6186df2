import HTTP
import Foundation
import ModelFiles
import Synchronization
import Tensors
import TestSupport
import Testing

/// Downloads over a real connection, through a pull of an `hf:` reference from a server with faults.
@Suite("Downloads")
struct FileDownloadTests {
    private func puller(_ server: FaultServer, _ fault: String, store: TemporaryFolder, token: String? = nil)
        -> ModelPuller
    {
        var settings = HTTPSettings()
        settings.stallTimeoutSeconds = 1
        var puller = ModelPuller(
            store: ModelStore(root: store.file("models")), client: HTTPClient(settings: settings),
            hub: HuggingFaceHub(endpoint: server.url("hub/\(fault)"), token: token),
            index: PythonIndex(settings: PythonIndexSettings(indexes: [server.url("simple")])))
        puller.retries = RetryPolicy(attempts: 4, firstDelaySeconds: 0.01)
        return puller
    }

    private func serveModel(_ name: String = "m.gguf", size: Int = 3_000_000) throws -> (FaultServer, [UInt8]) {
        let server = try FaultServer()
        let bytes = SampleModel.padded(to: size)
        try server.put(bytes, at: name)
        return (server, bytes)
    }

    @Test(
        "arrive whole whatever the server does", arguments: ["none", "drop", "norange", "dropnorange", "busy", "stall"])
    func faults(fault: String) async throws {
        let (server, bytes) = try serveModel()
        let folder = try TemporaryFolder()
        let model = try await puller(server, fault, store: folder).pull(.init("hf:o/r/m.gguf"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(bytes))
        #expect(model.manifest.verified)
        #expect(model.manifest.revision == "c0ffee")
        #expect(model.manifest.files[0].sha256 == ContentHash(of: bytes).hexadecimal)
        #expect(try FileTree.names(in: model.folder) == ["m.gguf", "model.json"])
        let gets = server.requests.filter { $0.hasPrefix("GET /\(fault)/") }
        switch fault {
        case "drop", "stall": #expect(gets.dropFirst().allSatisfy { $0.contains("bytes=") })
        case "busy": #expect(gets.count == 3)
        default: break
        }
    }

    @Test("a server that sends another range than asked for is not believed")
    func wrongRange() async throws {
        let (server, _) = try serveModel()
        let folder = try TemporaryFolder()
        try await interrupt(puller(server, "crawl", store: folder), "hf:o/r/m.gguf")
        let error = await #expect(throws: PullError.self) {
            try await puller(server, "wrongrange", store: folder).pull(.init("hf:o/r/m.gguf"))
        }
        #expect(error?.description.contains("not the range asked for") == true)
    }

    @Test("an interrupted one continues where it stopped, and nothing has its name before")
    func resume() async throws {
        let (server, bytes) = try serveModel()
        let folder = try TemporaryFolder()
        try await interrupt(puller(server, "crawl", store: folder), "hf:o/r/m.gguf")
        #expect(try FileTree.names(in: folder.file("models")) == [".partial"])
        let before = server.requests.count
        let model = try await puller(server, "none", store: folder).pull(.init("hf:o/r/m.gguf"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(bytes))
        #expect(server.requests[before...].contains { $0.hasPrefix("GET /none/m.gguf bytes=") })
        #expect(try FileTree.names(in: folder.file("models/.partial")).allSatisfy { $0.hasSuffix(".lock") })
    }

    @Test("a damaged beginning is noticed at the end and fetched again")
    func damagedPartial() async throws {
        let (server, bytes) = try serveModel()
        let folder = try TemporaryFolder()
        try await interrupt(puller(server, "crawl", store: folder), "hf:o/r/m.gguf")
        let partials = try #require(FileManager.default.enumerator(atPath: folder.file("models/.partial")))
        let name = try #require(partials.compactMap { $0 as? String }.first { $0.hasSuffix("m.gguf") })
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.file("models/.partial/" + name)))
        try handle.write(contentsOf: Data("damage".utf8))
        try handle.close()
        let restarted = Mutex(false)
        let model = try await puller(server, "none", store: folder).pull(.init("hf:o/r/m.gguf")) { event in
            if case .startingOver = event { restarted.withLock { $0 = true } }
        }
        #expect(restarted.withLock { $0 })
        #expect(try Data(contentsOf: URL(fileURLWithPath: model.paths[0])) == Data(bytes))
    }

    @Test("a wrong digest is refused and nothing kept")
    func wrongHash() async throws {
        let (server, _) = try serveModel("qwen.gguf")
        let folder = try TemporaryFolder()
        let catalogue = Catalogue(entries: [
            .sample("m:1", sources: [("hf:o/r/qwen.gguf", String(repeating: "0", count: 64))])
        ])
        var puller = puller(server, "none", store: folder)
        puller = ModelPuller(
            store: ModelStore(root: puller.store.root, catalogue: catalogue), client: puller.client, hub: puller.hub,
            index: puller.index)
        let error = await #expect(throws: PullError.self) { try await puller.pull(.init("m:1")) }
        #expect(error?.description.contains("SHA-256") == true)
        #expect(try FileTree.names(in: folder.file("models")) == [".partial"])
    }

    @Test("the token goes to the hub and not to the server that it redirects to")
    func token() async throws {
        let (server, _) = try serveModel("gated.gguf")
        let folder = try TemporaryFolder()
        let refused = await #expect(throws: PullError.self) {
            try await puller(server, "none", store: folder).pull(.init("hf:o/r/gated.gguf"))
        }
        #expect(refused?.description.contains("HF_TOKEN") == true)
        _ = try await puller(server, "none", store: folder, token: "secret").pull(.init("hf:o/r/gated.gguf"))
        let stored = server.requests.filter { $0.contains("/none/gated.gguf") }
        #expect(!stored.isEmpty)
        #expect(stored.allSatisfy { $0.hasSuffix(" -") || $0.contains("/hub/") })
    }

    @Test("a missing file and an unreachable server are told apart")
    func errors() async throws {
        let (server, _) = try serveModel()
        let folder = try TemporaryFolder()
        let missing = await #expect(throws: PullError.self) {
            try await puller(server, "none", store: folder).pull(.init("hf:o/r/other.gguf"))
        }
        #expect(missing?.description.contains("answered 404") == true)
        let nowhere = ModelPuller(
            store: ModelStore(root: folder.file("models")), client: HTTPClient(),
            hub: HuggingFaceHub(endpoint: "http://127.0.0.1:9"),
            index: PythonIndex(settings: PythonIndexSettings(indexes: [])))
        let unreachable = await #expect(throws: PullError.self) { try await nowhere.pull(.init("hf:o/r/m.gguf")) }
        #expect(unreachable?.description.contains("cannot be reached") == true)
    }

    @Test("what arrives must be a model")
    func notAModel() async throws {
        let server = try FaultServer()
        try server.put(Array("<html>".utf8), at: "m.gguf")
        let folder = try TemporaryFolder()
        let error = await #expect(throws: PullError.self) {
            try await puller(server, "none", store: folder).pull(.init("hf:o/r/m.gguf"))
        }
        #expect(error?.description.contains("web page") == true)
        #expect(try FileTree.names(in: folder.file("models")) == [".partial"])
    }

    @Test("all parts of a split model come")
    func split() async throws {
        let server = try FaultServer()
        for part in 0..<2 {
            var header = GGUFHeader()
            header.set("split.no", .uint16(UInt16(part)))
            header.set("split.count", .uint16(2))
            header.add("t\(part)", .f32, shape: [4])
            try server.put(SampleModel.bytes(header), at: "m-0000\(part + 1)-of-00002.gguf")
        }
        let folder = try TemporaryFolder()
        let model = try await puller(server, "none", store: folder).pull(.init("hf:o/r/m-00001-of-00002.gguf"))
        #expect(model.paths.count == 2)
        #expect(try GGUFFile.open(path: model.paths[0]).tensors.count == 2)
    }
}

/// Starts a pull and cancels it when so much has arrived.
func interrupt(_ puller: ModelPuller, _ reference: String, afterBytes count: Int = 1) async throws {
    try await interrupt(puller, ModelPuller.Request(reference), afterBytes: count)
}

func interrupt(_ puller: ModelPuller, _ request: ModelPuller.Request, afterBytes count: Int) async throws {
    let (events, event) = AsyncStream.makeStream(of: Void.self)
    let pull = Task {
        try await puller.pull(request) { if case .progress(let at) = $0, at.received >= count { event.yield() } }
    }
    for await _ in events { break }
    pull.cancel()
    do {
        _ = try await pull.value
        Issue.record("the pull was over before it could be interrupted")
    } catch let error as PullError {
        #expect(error.isCancellation)
    }
}
