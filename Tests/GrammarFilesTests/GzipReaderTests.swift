import Foundation
import GrammarFiles
import TestSupport
import Testing

@Suite("Gzip files")
struct GzipReaderTests {
    private func gzip(_ contents: String, name: String = "") async throws -> [UInt8] {
        try await TestTar.make(
            """
            import gzip
            with gzip.GzipFile(filename="\(name)", mode="wb", fileobj=output) as file:
                file.write(\(contents))
            """)
    }

    @Test("give back what Python put in", arguments: [("b''", 0), ("b'x'", 1), ("b'abc' * 1000000", 3_000_000)])
    func roundTrip(contents: String, count: Int) async throws {
        for name in ["", "a.tar"] {
            let found = try GzipReader.contents(of: await gzip(contents, name: name))
            #expect(found.count == count)
            #expect(found.count < 3 || found.suffix(3).elementsEqual("abc".utf8))
        }
    }

    @Test("all optional fields of the header are skipped")
    func optionalFields() async throws {
        let file = try await gzip("b'contents'")
        let header: [UInt8] = [0x1F, 0x8B, 8, 31, 0, 0, 0, 0, 0, 3]
        let fields: [UInt8] = [3, 0, 1, 2, 3] + Array("name\0comment\0".utf8) + [0, 0]
        #expect(try GzipReader.contents(of: header + fields + file[10...]) == Array("contents".utf8))
    }

    @Test("what is cut off, followed by something else or changed is an error")
    func damaged() async throws {
        let file = try await gzip("bytes(n * n % 256 for n in range(3000))", name: "a")
        for count in 0..<file.count {
            #expect(throws: GzipError.self) { try GzipReader.contents(of: Array(file[..<count])) }
        }
        #expect(throws: GzipError.damaged) { try GzipReader.contents(of: file + [0]) }
        for index in [0, 1, 2, file.count - 1, file.count - 5, file.count / 2] {
            var changed = file
            changed[index] ^= 0x10
            #expect(throws: GzipError.self) { try GzipReader.contents(of: changed) }
        }
        #expect(throws: GzipError.notGzip) { try GzipReader.contents(of: Array("no compressed file at all".utf8)) }
    }

    @Test("10,000 damaged files give errors or bytes, never a crash")
    func mutations() async throws {
        let original = try await gzip("bytes(n * n % 256 for n in range(3000))", name: "a")
        var random = SplitMix64(seed: 5)
        for _ in 0..<10_000 {
            var bytes = original
            for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
            _ = try? GzipReader.contents(of: bytes)
        }
    }
}
