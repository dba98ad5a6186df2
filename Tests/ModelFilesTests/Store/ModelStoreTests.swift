import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("The model store")
struct ModelStoreTests {
    private let catalogue = Catalogue(entries: [
        .sample("coder:1b", sources: [("hf:o/r/a.gguf", nil)], isDefault: true),
        .sample("coder:7b", sources: [("hf:o/r/b.gguf", nil)]),
    ])

    private func store(_ folder: TemporaryFolder) -> ModelStore {
        ModelStore(root: folder.file("models"), catalogue: catalogue)
    }

    /// Puts a model into the store, copied from a local file.
    @discardableResult
    private func add(_ name: String, to store: ModelStore, _ folder: TemporaryFolder) async throws -> StoredModel {
        try Data(SampleModel.padded(to: 50_000)).write(to: URL(fileURLWithPath: folder.file("in.gguf")))
        var request = ModelPuller.Request(folder.file("in.gguf"))
        request.name = name
        return try await ModelPuller(store: store, environment: [:]).pull(request)
    }

    @Test("lies where MARTLET_MODELS or XDG_DATA_HOME say")
    func root() {
        #expect(ModelStore(environment: ["HOME": "/h"]).root == "/h/.local/share/martlet/models")
        #expect(ModelStore(environment: ["HOME": "/h", "XDG_DATA_HOME": "/d"]).root == "/d/martlet/models")
        #expect(ModelStore(environment: ["HOME": "/h", "MARTLET_MODELS": "/m/"]).root == "/m")
    }

    @Test("resolves names, family names, references and paths")
    func resolve() async throws {
        let folder = try TemporaryFolder()
        let store = store(folder)
        let small = try await add("coder:1b", to: store, folder)
        let reference = try await add("hf:o/r/x.gguf@v1", to: store, folder)
        #expect(try store.resolve("coder:1b").path == small.paths[0])
        #expect(try store.resolve("coder").stored == small)
        #expect(try store.resolve("coder:latest").stored == small)
        #expect(try store.resolve("hf:o/r/x.gguf@v1").stored == reference)
        #expect(try store.resolve(folder.file("in.gguf")).stored == nil)
        #expect(try store.resolve(small.folder).path == small.paths[0])
        #expect(try store.resolve("~/in.gguf", home: folder.path).path == folder.file("in.gguf"))
        #expect(try store.list().models.map(\.manifest.name) == ["coder:1b", "hf:o/r/x.gguf@v1"])
    }

    @Test("says what to do about a model that is not here")
    func missing() async throws {
        let folder = try TemporaryFolder()
        let store = store(folder)
        try await add("coder:1b", to: store, folder)
        #expect(throws: StoreError.notPulled(name: "coder:7b", byteCount: 3_000_000, present: ["coder:1b"])) {
            try store.resolve("coder:7b")
        }
        #expect(throws: StoreError.unknownModel(name: "codr", suggestions: ["coder:1b", "coder:7b"])) {
            try store.resolve("codr")
        }
        #expect(throws: StoreError.noSuchFile(path: "./coder", defaultModel: "coder:1b")) {
            try store.resolve("./coder")
        }
        #expect(throws: StoreError.referenceNotPulled(reference: "hf:o/r/y.gguf")) {
            try store.resolve("hf:o/r/y.gguf")
        }
        #expect(throws: StoreError.self) { try store.resolve("hf:o/y.gguf") }
        #expect(throws: StoreError.self) { try store.resolve("") }
        let error = #expect(throws: StoreError.self) { try store.resolve("coder:7b") }
        #expect(error?.description.contains("Try: martlet model pull coder:7b (3.00 MB)") == true)
    }

    @Test("removes a model whole, and knows when there is none")
    func remove() async throws {
        let folder = try TemporaryFolder()
        let store = store(folder)
        let model = try await add("coder:1b", to: store, folder)
        #expect(try store.remove("coder")?.byteCount == model.byteCount)
        #expect(try store.remove("coder") == nil)
        #expect(try store.list().models.isEmpty)
        #expect(!FileTree.exists(model.folder))
    }

    @Test("notices changed, shortened and missing files")
    func verify() async throws {
        let folder = try TemporaryFolder()
        let store = store(folder)
        let model = try await add("coder:1b", to: store, folder)
        #expect(await store.verify(model).map(\.verdict) == [.intact])
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: model.paths[0]))
        try handle.seek(toOffset: 40_000)
        try handle.write(contentsOf: Data([1, 2, 3]))
        guard case .wrongHash = await store.verify(model)[0].verdict else { throw CancellationError() }
        try handle.truncate(atOffset: 100)
        #expect(
            await store.verify(model)[0].verdict == .wrongSize(expected: model.manifest.files[0].byteCount, found: 100))
        try handle.close()
        try FileManager.default.removeItem(atPath: model.paths[0])
        #expect(await store.verify(model)[0].verdict == .missing)
        #expect(
            throws: StoreError.filesMissing(
                name: "coder:1b", path: model.paths[0], pull: "martlet model pull coder:1b --force")
        ) { try store.resolve("coder") }
    }

    @Test("reports a damaged manifest and lists the rest")
    func damagedManifest() async throws {
        let folder = try TemporaryFolder()
        let store = store(folder)
        try await add("coder:1b", to: store, folder)
        try folder.write("{", to: "models/broken/model.json")
        let (models, problems) = try store.list()
        #expect(models.count == 1)
        #expect(problems.count == 1)
        #expect(problems[0].description.contains("broken/model.json"))
    }

    @Test("keeps names that look alike apart, and out of other folders")
    func folderNames() async throws {
        let folder = try TemporaryFolder()
        let store = store(folder)
        for name in ["a:b", "hf:a/b/c.gguf", "hf:a-b/c/d.gguf", "hf:a/b-c/d.gguf", "../../x", ".partial", "A:B", "..."]
        {
            try await add(name, to: store, folder)
        }
        #expect(try store.list().models.count == 8)
        #expect(try FileTree.names(in: folder.path).sorted() == ["in.gguf", "models"])
    }
}
