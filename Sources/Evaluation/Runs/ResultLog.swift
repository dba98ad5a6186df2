internal import Foundation

/// A file of results, a line each, that is only ever added to. What a killed process left half written is cut off when
/// the file is opened again; every other line is there once.
package actor ResultLog {
    /// Of the file.
    package nonisolated let path: String
    /// What was there when the file was opened, and what came after.
    package private(set) var results: [TaskResult]
    private let file: FileHandle

    /// Opens a file, or makes it with the folders to it.
    package init(path: String) throws(ResultLogError) {
        self.path = path
        try? FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unwritable(path: path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        self.file = file
        var found: [TaskResult] = []
        do {
            guard Self.lock(file) else { throw ResultLogError.inUse(path: path) }
            let text = try file.readToEnd() ?? Data()
            let end = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            for (number, line) in text[..<end].split(separator: UInt8(ascii: "\n")).enumerated() {
                guard let result = try? JSONDecoder().decode(TaskResult.self, from: line) else {
                    throw ResultLogError.damaged(path: path, line: number + 1)
                }
                found.append(result)
            }
            try file.truncate(atOffset: UInt64(end))
            try file.seekToEnd()
        } catch let error as ResultLogError {
            throw error
        } catch {
            throw .unwritable(path: path)
        }
        results = found
    }

    /// Adds a result to the file, and to `results`.
    package func add(_ result: TaskResult) throws(ResultLogError) {
        do {
            // In one piece, so that a line is there as a whole or, but for the last, not at all.
            try file.write(contentsOf: JSONLine.bytes(result) + [UInt8(ascii: "\n")])
        } catch {
            throw .unwritable(path: path)
        }
        results.append(result)
    }

    /// Lets others write to the file; nothing can be added any more.
    package func close() {
        flock(file.fileDescriptor, LOCK_UN)
        try? file.close()
    }

    /// Two runs at once would do every task twice. The lock goes with the process.
    private static func lock(_ file: FileHandle) -> Bool { flock(file.fileDescriptor, LOCK_EX | LOCK_NB) == 0 }
}

/// Why a file of results cannot be used.
package enum ResultLogError: Error, Hashable, CustomStringConvertible {
    case unwritable(path: String)
    case inUse(path: String)
    case damaged(path: String, line: Int)

    package var description: String {
        switch self {
        case .unwritable(let path): "results can't be written to \(path). Is the disk full, or the folder read-only?"
        case .inUse(let path):
            "another run writes to \(path). Wait until it has ended, or give another file with --results."
        case .damaged(let path, let line):
            "line \(line) of \(path) is no result. Remove the line, or give another file with --results; nothing was changed."
        }
    }
}
