import HTTP
import Foundation
import GrammarFiles
import ModelFiles
import TestSupport
import Testing

/// A small wheel of grammars, and the bundle that says which wheel it must be.
struct TestBundle {
    static let platform = GrammarPlatform(name: "test-machine")

    let path: String
    let bundle: GrammarBundle

    /// Writes the wheel into `folder`. The libraries are noise; what the tests load is real.
    /// - Parameters:
    ///   - libraries: contents by language.
    ///   - change: Python that may change `manifest` and `files` (names and contents) before they are packed.
    init(in folder: String, _ libraries: [String: [UInt8]] = Self.libraries, change: String = "pass") async throws {
        let script = """
            import base64, hashlib, io, json, sys, tarfile, zipfile
            path, change = sys.argv[1:]
            manifest = {"platform": "test-machine", "archive": "bundle.tar.gz", "languages": {}}
            files = {}
            for line in sys.stdin:
                name, data = line.split()
                file, data = f"libtree_sitter_{name}.so", base64.b64decode(data[1:])
                files[file] = data
                manifest["languages"][name] = {
                    "file": file, "symbol": f"tree_sitter_{name}", "sha256": hashlib.sha256(data).hexdigest()}
            exec(change)
            packed = io.BytesIO()
            with tarfile.open(fileobj=packed, mode="w:gz") as archive:
                for name, data in files.items():
                    entry = tarfile.TarInfo(name)
                    entry.size, entry.mtime = len(data), 1.5
                    archive.addfile(entry, io.BytesIO(data))
            base = "semble_grammars-0.1.data/purelib/semble_grammars/grammars/"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
                wheel.writestr(base + "test-machine/bundle.tar.gz", packed.getvalue())
                wheel.writestr(base + "test-machine/manifest.json", json.dumps(manifest))
                wheel.writestr(base + "licenses/one-LICENSE.txt", "free")
                wheel.writestr(base + "THIRD_PARTY_NOTICES.md", "notices")
                wheel.writestr("semble_grammars-0.1.dist-info/licenses/LICENSE", "of the bundle")
            """
        path = folder + "/semble_grammars-0.1-py3-none-test_machine.whl"
        let lines = libraries.map { "\($0) =\(Data($1).base64EncodedString())\n" }.joined()
        let run = try await CommandRun.run(
            "/usr/bin/env", ["python3", "-c", script, path, change], input: Data(lines.utf8))
        try #require(run.status == 0, "\(run.errors)")
        let contents = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let wheel = GrammarBundle.Wheel(
            tag: "test_machine", hash: ContentHash(of: contents), byteCount: contents.count)
        bundle = GrammarBundle(
            distribution: "semble-grammars", version: "0.1", wheels: [Self.platform: wheel], installedByteCount: 1000)
    }

    static let libraries = ["one": noise(70_000), "two": noise(300, seed: 2), "three": noise(2_000_000, seed: 3)]

    func store(in folder: TemporaryFolder) -> GrammarStore {
        GrammarStore(root: folder.path + "/grammars", bundle: bundle, platform: Self.platform)
    }

    /// Asks the index of `server`; nobody else, and not for long.
    func installer(_ store: GrammarStore, _ server: FaultServer? = nil, index: String = "simple") -> GrammarInstaller {
        var installer = GrammarInstaller(
            store: store, client: HTTPClient(),
            index: PythonIndex(settings: PythonIndexSettings(indexes: [server?.url(index) ?? "http://127.0.0.1:9"])))
        installer.retries = RetryPolicy(attempts: 3, firstDelaySeconds: 0.01)
        return installer
    }
}
