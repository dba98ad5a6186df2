import Foundation
import GrammarFiles
import ModelFiles
import Synchronization
import TestSupport
import Testing

@Suite("The bundle of grammars")
struct GrammarInstallerTests {
    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("comes whole out of a wheel, with its licences")
    func fromWheel() async throws {
        let folder = try TemporaryFolder()
        let test = try await TestBundle(in: folder.path)
        let store = test.store(in: folder)
        #expect(store.bundleState() == .absent)
        let manifest = try await test.installer(store).install(from: test.path)
        #expect(store.bundleState() == .installed(manifest))
        #expect(manifest.grammars["two"]?.byteCount == 300)
        #expect(store.status().map(\.name) == ["one", "three", "two"])
        #expect(store.status().allSatisfy { $0.condition == .ok && $0.origin == .bundle })
        for (name, contents) in TestBundle.libraries {
            let file = URL(fileURLWithPath: store.folder + "/libtree_sitter_\(name).so")
            #expect(try Data(contentsOf: file) == Data(contents))
        }
        #expect(try text(store.folder + "/licences/one-LICENSE.txt") == "free")
        #expect(try text(store.folder + "/THIRD_PARTY_NOTICES.md") == "notices")
        #expect(try text(store.folder + "/LICENSE") == "of the bundle")
        #expect(try FileTree.names(in: store.root) == [".partial", "0.1"])
        #expect(try FileTree.names(in: store.root + "/.partial") == ["0.1.lock"])
    }

    @Test(
        "comes from a JSON, an HTML or a busy index, for this platform among others",
        arguments: ["simple", "html", "busyindex"])
    func fromIndex(index: String) async throws {
        let server = try FaultServer()
        let folder = try TemporaryFolder()
        let test = try await TestBundle(in: server.folder.path)
        try server.put([1, 2, 3], at: "semble_grammars-0.1-py3-none-a_machine.whl")
        try server.put([1, 2, 3], at: "semble_grammars-0.2-py3-none-test_machine.whl")
        let store = test.store(in: folder)
        _ = try await test.installer(store, server, index: index).install()
        #expect(store.status().count == 3)
        #expect(store.status().allSatisfy { $0.condition == .ok })
        #expect(try FileTree.names(in: store.root + "/.partial") == ["0.1.lock"])
    }

    @Test("is fetched on from where an interrupted pull left off, and once")
    func resumed() async throws {
        let server = try FaultServer()
        let folder = try TemporaryFolder()
        let test = try await TestBundle(in: server.folder.path)
        let store = test.store(in: folder)
        let contents = try Data(contentsOf: URL(fileURLWithPath: test.path))
        // And a kill in the middle of the unpacking.
        try folder.write("half", to: "grammars/.partial/0.1/unpacked/libtree_sitter_one.so")
        try contents.prefix(900_000).write(to: URL(fileURLWithPath: folder.path + "/grammars/.partial/0.1/wheel"))
        _ = try await test.installer(store, server).install()
        #expect(server.requests.contains { $0.contains(".whl bytes=900000-") })
        #expect(store.status().map(\.condition) == [.ok, .ok, .ok])
        let count = server.requests.count
        let findings = Findings()
        _ = try await test.installer(store, server).install { findings.note($0) }
        #expect(findings.count == 1)
        #expect(try FileTree.names(in: store.root + "/.partial") == ["0.1.lock"])
        #expect(server.requests.count == count)
        _ = try await test.installer(store, server).install(force: true)
        #expect(server.requests.count > count)
    }

    @Test("is refused when the wheel is another one, from a path or an index")
    func otherWheel() async throws {
        let server = try FaultServer()
        let folder = try TemporaryFolder()
        let test = try await TestBundle(in: server.folder.path)
        var contents = try Data(contentsOf: URL(fileURLWithPath: test.path))
        contents[contents.count / 2] ^= 1
        try contents.write(to: URL(fileURLWithPath: test.path))
        let store = test.store(in: folder)
        let error = await #expect(throws: GrammarInstallError.self) {
            try await test.installer(store).install(from: test.path)
        }
        #expect(error?.description.contains("is not semble_grammars-0.1-py3-none-test_machine.whl") == true)
        let other = await #expect(throws: GrammarInstallError.self) {
            try await test.installer(store, server).install()
        }
        if case .pull(.wrongHash)? = other {} else { Issue.record("\(other as Any)") }
        #expect(store.bundleState() == .absent)
    }

    @Test(
        "is refused when it is not what its manifest says",
        arguments: [
            #"manifest["languages"]["one"]["sha256"] = "0" * 64"#, #"del files["libtree_sitter_two.so"]"#,
            #"files["libtree_sitter_two.so"] += b"x""#, #"files["../libtree_sitter_two.so"] = b"x""#,
            #"manifest["languages"]["one"]["file"] = "../one.so""#, #"manifest["languages"]["../one"] = {}"#,
            #"manifest["languages"]["one"]["symbol"] = "system; x""#, #"manifest["languages"] = {}"#,
            #"manifest["languages"]["one"] = manifest["languages"]["two"]"#, #"manifest["archive"] = "other.tar.gz""#,
            #"manifest["archive"] = "manifest.json""#, #"manifest = []"#,
            #"manifest["languages"]["one"]["file"] = "grammars.json""#,
        ])
    func inconsistent(change: String) async throws {
        let folder = try TemporaryFolder()
        let test = try await TestBundle(in: folder.path, change: change)
        let store = test.store(in: folder)
        await #expect(throws: GrammarInstallError.self) { try await test.installer(store).install(from: test.path) }
        #expect(store.bundleState() == .absent)
        #expect(!FileTree.exists(folder.path + "/grammars/libtree_sitter_two.so"))
    }

    @Test("is installed once when two ask at the same time, and both have it")
    func twoAtOnce() async throws {
        let server = try FaultServer()
        let folder = try TemporaryFolder()
        let test = try await TestBundle(in: server.folder.path)
        let findings = Findings()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let store = test.store(in: folder)
                    _ = try await test.installer(store, server).install { findings.note($0) }
                    #expect(store.status().map(\.condition) == [.ok, .ok, .ok])
                }
            }
            try await group.waitForAll()
        }
        #expect(findings.count == 3)
        #expect(server.requests.count { $0.contains(".whl") } == 1)
    }

    @Test("is not begun where the disk has no room, or for machines that nobody compiles for")
    func refused() async throws {
        let folder = try TemporaryFolder()
        let test = try await TestBundle(in: folder.path)
        var installer = test.installer(test.store(in: folder))
        installer.freeSpace = { _ in 500 }
        let error = await #expect(throws: GrammarInstallError.self) {
            try await installer.install(from: test.path)
        }
        #expect(error?.description.contains("MARTLET_GRAMMARS") == true)
        for platform in [nil, GrammarPlatform(name: "other-machine")] {
            let store = GrammarStore(root: folder.path + "/grammars", bundle: test.bundle, platform: platform)
            let error = await #expect(throws: GrammarInstallError.self) {
                try await test.installer(store).install(from: test.path)
            }
            #expect(error?.description.contains("own") == true)
        }
    }
}

/// How often an installation found that there was nothing to do.
private final class Findings: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func note(_ event: PullEvent) {
        if case .alreadyPresent = event { number.withLock { $0 += 1 } }
    }
}
