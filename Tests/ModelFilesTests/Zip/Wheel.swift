import Foundation
import TestSupport

/// Makes zip archives with Python's own library, the one that makes wheels.
enum Wheel {
    struct Failure: Error { let errors: String }

    /// - members: name and contents, in order. - mode: `deflated` or `stored`. - comment: at the archive's end.
    static func make(
        _ path: String, _ members: [(String, [UInt8])], mode: String = "deflated", comment: String = "",
        forcesZip64: Bool = false
    ) async throws {
        let script = """
            import base64, sys, zipfile
            archive = zipfile.ZipFile(sys.argv[1], "w", getattr(zipfile, "ZIP_" + sys.argv[2].upper()))
            archive.comment = sys.argv[3].encode()
            for line in sys.stdin:
                name, data = line.split()
                with archive.open(name, "w", force_zip64=sys.argv[4] == "yes") as member:
                    member.write(base64.b64decode(data[1:]))
            archive.close()
            """
        let lines = members.map { "\($0.0) =\(Data($0.1).base64EncodedString())\n" }.joined()
        let run = try await CommandRun.run(
            "/usr/bin/env", ["python3", "-c", script, path, mode, comment, forcesZip64 ? "yes" : "no"],
            input: Data(lines.utf8))
        guard run.status == 0 else { throw Failure(errors: run.errors) }
    }
}
