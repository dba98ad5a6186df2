internal import Foundation

/// The text files below some folders, a piece of a file at a time. Of `.jsonl` and `.ndjson` each line is a document,
/// whose texts are read as what their escapes stand for.
package struct CorpusFiles: Sendable {
    /// A part of a document that is small enough to be held.
    package struct Piece: Sendable {
        package var document: String
        package var bytes: [UInt8]
        /// Of the piece in the document, counted from 1.
        package var firstLine: Int
    }

    /// Files and folders.
    package var paths: [String]
    /// Of the files to be read, without the dot; empty: all.
    package var extensions: Set<String>
    /// That a piece has at most, but for a line that is longer.
    package var pieceBytes = 4 << 20
    /// Of a piece that the next one begins with, so that what is cut in one is whole in the other.
    package var overlapBytes = 64 << 10

    package init(_ paths: [String], extensions: Set<String> = []) {
        self.paths = paths
        self.extensions = extensions
    }

    /// Calls `body` with all pieces of all files. Files with zero bytes at their beginning are no text and are left
    /// out; links are not followed.
    /// - Returns: files that could not be read.
    package func visit(_ body: (Piece) throws -> Void) throws -> [String] {
        var unread: [String] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CorpusError.missing(path: path)
            }
            guard isFolder.boolValue else {
                if try !visit(file: path, body) { unread.append(path) }
                continue
            }
            guard let names = FileManager.default.enumerator(atPath: path) else {
                unread.append(path)
                continue
            }
            while let name = names.nextObject() as? String {
                guard names.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
                let kind = (name as NSString).pathExtension
                guard extensions.isEmpty || extensions.contains(kind.lowercased()) else { continue }
                if try !visit(file: path + "/" + name, body) { unread.append(path + "/" + name) }
            }
        }
        return unread
    }

    /// - Returns: whether the file could be read.
    private func visit(file path: String, _ body: (Piece) throws -> Void) throws -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        let isRecords = path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson")
        var held: [UInt8] = []
        // Of what is held, that the piece before had too.
        var repeated = 0
        var firstLine = 1
        while true {
            guard let block = try? file.read(upToCount: pieceBytes) ?? Data() else { return false }
            if block.isEmpty { break }
            if held.isEmpty, firstLine == 1, block.prefix(8192).contains(0) { return true }
            held += block
            // Less than asked for is the end of the file.
            guard block.count == pieceBytes, let end = held.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            try pass(held[...end], path, firstLine, isRecords, body)
            let kept = isRecords ? end + 1 : overlapStart(held, end)
            repeated = end + 1 - kept
            firstLine += held[..<kept].count { $0 == UInt8(ascii: "\n") }
            held.removeSubrange(..<kept)
        }
        if held.count > repeated { try pass(held[...], path, firstLine, isRecords, body) }
        return true
    }

    /// Where the next piece begins: at a line, so far before the end of this one.
    private func overlapStart(_ bytes: [UInt8], _ end: Int) -> Int {
        guard end + 1 > overlapBytes else { return end + 1 }
        return bytes[(end + 1 - overlapBytes)...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? end + 1
    }

    private func pass(
        _ bytes: ArraySlice<UInt8>, _ path: String, _ firstLine: Int, _ isRecords: Bool, _ body: (Piece) throws -> Void
    ) throws {
        guard isRecords else {
            return try body(Piece(document: path, bytes: Array(bytes), firstLine: firstLine))
        }
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            let text = JSONTexts.unescaped(line)
            try body(Piece(document: "\(path):\(firstLine + number)", bytes: text, firstLine: 1))
        }
    }
}

/// Why a corpus cannot be read.
package enum CorpusError: Error, Hashable, CustomStringConvertible {
    case missing(path: String)

    package var description: String {
        switch self {
        case .missing(let path): "there is no corpus at \(path). Give a text file, or a folder of them."
        }
    }
}
