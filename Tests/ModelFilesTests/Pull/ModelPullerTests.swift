import HTTP
import Foundation
import ModelFiles
import Synchronization
import TestSupport
import Testing

@Suite("Pulls")
struct ModelPullerTests {
    private func puller(_ folder: TemporaryFolder, _ server: FaultServer? = nil, fault: String = "none") -> ModelPuller
    {
        ModelPuller(
            store: ModelStore(root: folder.file("models")), client: HTTPClient(),
            hub: HuggingFaceHub(endpoint: server?.url("hub/\(fault)") ?? "http://127.0.0.1:9"),
            index: PythonIndex(settings: PythonIndexSettings(indexes: ["http://127.0.0.1:9/"])))
    }

    @Test("of one model at once: the second waits, says so, and finds it done")
    func race() async throws {
        let server = try FaultServer()
        try server.put(SampleModel.padded(to: 1_000_000), at: "m.gguf")
        let folder = try TemporaryFolder()
        let waited = Mutex(0)
        let found = Mutex(0)
        let report: @Sendable (PullEvent) -> Void = { event in
            switch event {
            case .waitingForOtherPull: waited.withLock { $0 += 1 }
            case .alreadyPresent: found.withLock { $0 += 1 }
            default: break
            }
        }
        async let first = puller(folder, server, fault: "slow").pull(.init("hf:o/r/m.gguf"), report: report)
        async let second = puller(folder, server, fault: "slow").pull(.init("hf:o/r/m.gguf"), report: report)
        let models = try await [first, second]
        #expect(models[0] == models[1])
        #expect(waited.withLock { $0 } == 1)
        #expect(found.withLock { $0 } == 1)
        #expect(server.requests.count { $0.hasPrefix("GET /slow/") } == 1)
    }

    @Test("are refused before the first byte when the disk is too small")
    func diskTooSmall() async throws {
        let server = try FaultServer()
        try server.put(SampleModel.padded(to: 1_000_000), at: "m.gguf")
        let folder = try TemporaryFolder()
        var puller = puller(folder, server)
        puller.freeSpace = { _ in 5_000_000 }
        let error = await #expect(throws: PullError.self) { try await puller.pull(.init("hf:o/r/m.gguf")) }
        #expect(error?.description.contains("5.00 MB free") == true)
        #expect(error?.description.contains("are needed") == true)
        #expect(!server.requests.contains { $0.hasPrefix("GET /none/") })
        puller.freeSpace = { _ in 18_000_000 }
        _ = try await puller.pull(.init("hf:o/r/m.gguf"))
    }

    @Test("of a local file copy it, or refer to it")
    func localFile() async throws {
        let folder = try TemporaryFolder()
        let bytes = SampleModel.padded(to: 100_000)
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file("My-Model.gguf")))
        let copied = try await puller(folder).pull(.init(folder.file("My-Model.gguf")))
        #expect(copied.manifest.name == "my-model")
        #expect(copied.manifest.licence.class == .openSource)
        #expect(copied.paths[0].hasPrefix(folder.file("models/")))
        #expect(try Data(contentsOf: URL(fileURLWithPath: copied.paths[0])) == Data(bytes))

        var request = ModelPuller.Request(folder.file("My-Model.gguf"))
        request.refersToFile = true
        request.name = "referred"
        let referred = try await puller(folder).pull(request)
        let path = try #require(FileTree.resolved(folder.file("My-Model.gguf")))
        #expect(referred.paths == [path])
        #expect(try puller(folder).store.resolve("referred").path == path)
        #expect(try puller(folder).store.remove("referred")?.byteCount == 0)
        #expect(FileTree.exists(path))

        let missing = await #expect(throws: PullError.self) {
            try await puller(folder).pull(.init(folder.file("no.gguf")))
        }
        #expect(missing?.description.contains("no model at") == true)
    }

    @Test("do nothing when the model is here, and fetch it again when it is damaged or forced")
    func present() async throws {
        let server = try FaultServer()
        try server.put(SampleModel.padded(to: 100_000), at: "m.gguf")
        let folder = try TemporaryFolder()
        let puller = puller(folder, server)
        let model = try await puller.pull(.init("hf:o/r/m.gguf"))
        let requests = server.requests.count
        _ = try await puller.pull(.init("hf:o/r/m.gguf"))
        #expect(server.requests.count == requests)
        var forced = ModelPuller.Request("hf:o/r/m.gguf")
        forced.force = true
        _ = try await puller.pull(forced)
        #expect(server.requests.count > requests)
        try Data().write(to: URL(fileURLWithPath: model.paths[0]))
        let mended = try await puller.pull(.init("hf:o/r/m.gguf"))
        #expect(await puller.store.verify(mended).map(\.verdict) == [.intact])
    }

    @Test("of unknown names suggest known ones")
    func unknown() async throws {
        let folder = try TemporaryFolder()
        let error = await #expect(throws: PullError.self) { try await puller(folder).pull(.init("qwen2.5-coder:8b")) }
        #expect(error?.description.contains("id you mean qwen2.5-coder:") == true)
        var request = ModelPuller.Request("qwen2.5-coder:7b")
        request.sourceKind = "pypi"
        let source = await #expect(throws: PullError.self) { try await puller(folder).pull(request) }
        #expect(source?.description.contains("has no source of the kind 'pypi'") == true)
    }
}
