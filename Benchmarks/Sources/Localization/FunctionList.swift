import Foundation
import SideBySide

/// The functions of files, as Universal Ctags sees them: what is judged does not say where functions are.
package enum FunctionList {
    private struct Tag: Decodable {
        var path: String
        var name: String
        var kind: String?
        var line: Int
        var end: Int?
    }

    /// - Parameters:
    ///   - paths: from `folder`.
    package static func functions(of paths: [String], in folder: String) throws -> [LocalizationTask.Function] {
        let present = paths.filter { FileManager.default.fileExists(atPath: folder + "/" + $0) }
        guard !present.isEmpty else { return [] }
        let arguments = ["ctags", "-f", "-", "--output-format=json", "--fields=+neK", "--extras=-F"]
        let output = try Command("/usr/bin/env", arguments + present.map { folder + "/" + $0 }).run().standardOutput
        return output.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let tag = try? JSONDecoder().decode(Tag.self, from: line), let end = tag.end, end >= tag.line,
                ["function", "method", "func", "member", "constructor", "subroutine"].contains(tag.kind ?? "")
            else { return nil }
            let path = String(tag.path.dropFirst(folder.utf8.count + 1))
            return LocalizationTask.Function(path: path, name: tag.name, lines: tag.line...end)
        }
    }

    /// The innermost functions around some lines.
    package static func around(
        _ lines: [ClosedRange<Int>], in functions: [LocalizationTask.Function]
    ) -> [LocalizationTask.Function] {
        var found: [LocalizationTask.Function] = []
        for range in lines {
            let around = functions.filter { $0.lines.overlaps(range) }
            guard let innermost = around.min(by: { $0.lines.count < $1.lines.count }) else { continue }
            if !found.contains(innermost) { found.append(innermost) }
        }
        return found
    }
}
