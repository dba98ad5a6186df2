import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Zip archives")
struct ZipArchiveTests {
    private func contents(_ archive: ZipArchive, _ name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try archive.read(archive.member(named: name)) { piece in bytes.append(contentsOf: piece) }
        return bytes
    }

    @Test("give back what Python put in", arguments: ["deflated", "stored"], [false, true])
    func roundTrip(mode: String, zip64: Bool) async throws {
        let folder = try TemporaryFolder()
        let members: [(String, [UInt8])] = [
            ("empty", []), ("dir/text.txt", Array(repeating: 65, count: 100_000)), ("noise.bin", noise(3_000_000)),
        ]
        try await Wheel.make(folder.file("a.whl"), members, mode: mode, comment: "PK\u{5}\u{6}?", forcesZip64: zip64)
        let archive = try ZipArchive(MappedFile(path: folder.file("a.whl")))
        #expect(archive.members.map(\.name) == members.map(\.0))
        for (name, bytes) in members { #expect(try contents(archive, name) == bytes) }
    }

    @Test("a missing member is an error that names the largest there is")
    func missingMember() async throws {
        let folder = try TemporaryFolder()
        try await Wheel.make(folder.file("a.whl"), [("small", [1]), ("model.bin", noise(100))])
        let archive = try ZipArchive(MappedFile(path: folder.file("a.whl")))
        let error = #expect(throws: ZipError.self) { try archive.member(named: "model.gguf") }
        #expect(error?.description.contains("model.bin") == true)
    }

    @Test("what is no archive is refused")
    func notZip() throws {
        let folder = try TemporaryFolder()
        for text in ["", "short", String(repeating: "x", count: 70_000)] {
            try folder.write(text, to: "a.whl")
            #expect(throws: ZipError.notZip(archive: folder.file("a.whl"))) {
                try ZipArchive(MappedFile(path: folder.file("a.whl")))
            }
        }
    }

    @Test("a changed byte of the data is noticed")
    func checksum() async throws {
        let folder = try TemporaryFolder()
        try await Wheel.make(folder.file("a.whl"), [("noise.bin", noise(10_000))], mode: "stored")
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("a.whl"))))
        bytes[5000] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file("a.whl")))
        let archive = try ZipArchive(MappedFile(path: folder.file("a.whl")))
        #expect(throws: ZipReadError.self) { try contents(archive, "noise.bin") }
    }

    @Test("20,000 mutated archives give errors or bytes, never a crash")
    func mutations() async throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 7)
        var refused = 0
        for (mode, zip64) in [("deflated", false), ("stored", true)] {
            try await Wheel.make(folder.file("a.whl"), [("a", noise(500)), ("b", [])], mode: mode, forcesZip64: zip64)
            let original = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("a.whl"))))
            for _ in 0..<10_000 {
                var bytes = original
                for _ in 0...random.below(3) {
                    let at = random.below(bytes.count)
                    switch random.below(3) {
                    case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes[at] = [0, 0xFF, 0x7F, 0x80][random.below(4)]
                    default: bytes.removeLast(random.below(min(bytes.count, 40)))
                    }
                    if bytes.isEmpty { break }
                }
                bytes.withUnsafeBytes { buffer in
                    do {
                        let archive = try ZipArchive(MappedFile(borrowing: buffer, path: "fuzz.zip"))
                        for member in archive.members { try archive.read(member) { _ in } }
                    } catch { refused += 1 }
                }
            }
        }
        #expect(refused > 5000)
    }
}
