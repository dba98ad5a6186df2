import Foundation
import GrammarFiles
import TestSupport
import Testing

/// Archives as Python's own library writes them.
enum TestTar {
    static let header = """
        import base64, io, sys, tarfile
        output = io.BytesIO()
        def add(archive, name, data=b"", **fields):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            for key, value in fields.items():
                setattr(entry, key, value)
            archive.addfile(entry, io.BytesIO(data))

        """

    /// What `script` leaves in `output`.
    static func make(_ script: String) async throws -> [UInt8] {
        let run = try await CommandRun.run(
            "/usr/bin/env", ["python3", "-c", header + script + "\nsys.stdout.buffer.write(output.getvalue())"])
        try #require(run.status == 0, "\(run.errors)")
        return Array(run.output)
    }

    /// Name and contents of all members, from an archive that arrives in pieces.
    static func read(
        _ archive: [UInt8], pieces: Int = .max, limits: TarReader.Limits = .init()
    ) throws(TarError) -> [(name: String, contents: [UInt8])] {
        var reader = TarReader(limits: limits)
        var members: [(name: String, contents: [UInt8])] = []
        var announced: [Int] = []
        var start = 0
        while start < archive.count {
            let end = start + min(pieces, archive.count - start)
            let result = archive[start..<end].withUnsafeBytes { bytes in
                Result { () throws(TarError) in
                    var piece = bytes
                    while let event = try reader.next(&piece) {
                        switch event {
                        case .begin(let member):
                            members.append((member.name, []))
                            announced.append(member.byteCount)
                        case .bytes(let bytes): members[members.count - 1].contents += bytes
                        case .end: break
                        }
                    }
                    #expect(piece.isEmpty)
                }
            }
            try result.get()
            start = end
        }
        try reader.finish()
        #expect(members.map(\.contents.count) == announced)
        return members
    }
}
