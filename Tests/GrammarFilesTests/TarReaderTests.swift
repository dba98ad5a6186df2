import Foundation
import GrammarFiles
import TestSupport
import Testing

@Suite("Tar archives")
struct TarReaderTests {
    private static let sizes = [0, 1, 511, 512, 513, 100_000]
    private static let longName = String(repeating: "long-", count: 40) + ".so"

    private func archive(_ format: String) async throws -> [UInt8] {
        try await TestTar.make(
            """
            with tarfile.open(fileobj=output, mode="w", format=tarfile.\(format)_FORMAT) as archive:
                for size in \(Self.sizes):
                    add(archive, f"file-{size}.so", bytes(n % 251 for n in range(size)), mtime=1)
                if "\(format)" != "USTAR":
                    add(archive, "long-" * 40 + ".so", b"contents", mtime=1)
                    add(archive, "after.so", b"short again", mtime=1.5 if "\(format)" == "PAX" else 1)
            """)
    }

    @Test(
        "give back what Python put in, in pieces of any size", arguments: ["USTAR", "GNU", "PAX"],
        [1, 511, 512, 513, 4096, .max])
    func roundTrip(format: String, pieces: Int) async throws {
        let members = try TestTar.read(await archive(format), pieces: pieces)
        var expected = Self.sizes.map { size in ("file-\(size).so", (0..<size).map { UInt8($0 % 251) }) }
        if format != "USTAR" {
            expected += [(Self.longName, Array("contents".utf8)), ("after.so", Array("short again".utf8))]
        }
        #expect(members.map(\.name) == expected.map(\.0))
        #expect(members.map(\.contents) == expected.map(\.1))
    }

    @Test("sizes in base 256 and in pax fields count as those in octal digits do")
    func wideSizes() async throws {
        let wide = try await TestTar.make(
            """
            header = bytearray(tarfile.TarInfo("a").tobuf(tarfile.USTAR_FORMAT)[:512])
            header[124:136] = b"\\x80" + (700).to_bytes(11, "big")
            header[148:156] = b" " * 8
            header[148:156] = b"%06o\\0 " % sum(header)
            output.write(header + b"x" * 700 + bytes(324) + bytes(1024))
            """)
        #expect(try TestTar.read(wide).map(\.contents.count) == [700])
        let fields = try await TestTar.make(
            """
            entry = tarfile.TarInfo("a")
            entry.size, entry.pax_headers = 0, {"size": "700", "comment": "x\\ny=z"}
            output.write(entry.tobuf(tarfile.PAX_FORMAT) + b"x" * 700 + bytes(324) + bytes(1024))
            """)
        #expect(try TestTar.read(fields).map(\.contents.count) == [700])
    }

    @Test(
        "names that are not those of plain files are refused",
        arguments: [
            "../a", "dir/a", "/a", "..", ".", "a\\tb", "\\udcff", "x" + String(repeating: "/y", count: 60),
        ])
    func badNames(name: String) async throws {
        for format in ["USTAR", "GNU", "PAX"] {
            let archive = try await TestTar.make(
                """
                with tarfile.open(fileobj=output, mode="w", format=tarfile.\(format)_FORMAT) as archive:
                    add(archive, "\(name)", b"x")
                """)
            let error = #expect(throws: TarError.self) { try TestTar.read(archive) }
            if case .badName? = error {} else { Issue.record("\(error as Any)") }
        }
    }

    @Test(
        "links, folders and devices are refused", arguments: ["SYMTYPE", "LNKTYPE", "DIRTYPE", "CHRTYPE", "FIFOTYPE"])
    func otherTypes(type: String) async throws {
        let archive = try await TestTar.make(
            """
            with tarfile.open(fileobj=output, mode="w") as archive:
                add(archive, "a", type=tarfile.\(type), linkname="/etc/passwd")
            """)
        let error = #expect(throws: TarError.self) { try TestTar.read(archive) }
        if case .notAFile(let name, _)? = error { #expect(name.first == "a") } else { Issue.record("\(error as Any)") }
    }

    @Test("files beyond the limits are refused before their contents are read")
    func limits() async throws {
        let archive = try await archive("USTAR")
        var limits = TarReader.Limits()
        limits.memberByteCount = 99_999
        #expect(throws: TarError.tooLarge(name: "file-100000.so", byteCount: 100_000, limit: 99_999)) {
            try TestTar.read(archive, limits: limits)
        }
        limits = TarReader.Limits()
        limits.byteCount = 101_000
        #expect(throws: TarError.tooLarge(name: "file-100000.so", byteCount: 100_000, limit: 99_463)) {
            try TestTar.read(archive, limits: limits)
        }
        limits = TarReader.Limits()
        limits.memberCount = 5
        #expect(throws: TarError.tooMany(limit: 5)) { try TestTar.read(archive, limits: limits) }
    }

    @Test("an archive cut off anywhere before its end mark is an error")
    func truncated() async throws {
        let archive = try await TestTar.make(
            """
            with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as archive:
                add(archive, "a" * 150, b"x" * 600, mtime=1.5)
            """)
        let end = try #require(archive.lastIndex { $0 != 0 })
        for count in 0...(end + 1) {
            #expect(throws: TarError.truncated(byteCount: count)) { try TestTar.read(Array(archive[..<count])) }
        }
        #expect(try TestTar.read(archive).count == 1)
    }

    @Test("20,000 damaged archives give errors or bytes, never a crash")
    func mutations() async throws {
        var random = SplitMix64(seed: 11)
        var refused = 0
        for format in ["GNU", "PAX"] {
            let original = try await TestTar.make(
                """
                with tarfile.open(fileobj=output, mode="w", format=tarfile.\(format)_FORMAT) as archive:
                    add(archive, "a" * 150, b"x" * 600, mtime=1)
                    add(archive, "b", b"y", mtime=1.5 if "\(format)" == "PAX" else 1)
                """)
            for _ in 0..<10_000 {
                var bytes = original
                for _ in 0...random.below(3) {
                    let at = random.below(bytes.count)
                    switch random.below(4) {
                    case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes[at] = [0, 0xFF, 0x7F, 0x80][random.below(4)]
                    case 2: sealHeaders(&bytes, damaging: at)
                    default: bytes.removeLast(random.below(min(bytes.count, 600)))
                    }
                    if bytes.isEmpty { break }
                }
                var limits = TarReader.Limits()
                limits.byteCount = 1 << 20
                do { _ = try TestTar.read(bytes, pieces: 1 + random.below(2000), limits: limits) } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 3000)
    }

    /// Damages a byte of a header and makes its checksum right again, so that what lies behind the checksum is reached.
    private func sealHeaders(_ bytes: inout [UInt8], damaging at: Int) {
        let start = at / 512 * 512
        guard start + 512 <= bytes.count else { return }
        bytes[at] ^= 1 << UInt8(at % 8)
        for index in 148..<156 { bytes[start + index] = 32 }
        let sum = bytes[start..<(start + 512)].reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        let field = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "\0 "
        bytes.replaceSubrange((start + 148)..<(start + 156), with: field.utf8)
    }
}
