import Foundation
import ModelFiles

/// Where a graph is written to, piece by piece: standard output, or a file that is there when it is whole.
final class GraphOutput {
    private let output: TextOutput
    private var buffer: [UInt8] = []
    /// Whether somebody has seen a part of it already.
    private(set) var isSeen = false
    /// The file, and what it is called while it is written.
    private let file: (path: String, temporary: String)?

    /// - Parameter path: nil for standard output.
    init(_ path: String?) throws {
        guard let path else {
            output = .results
            file = nil
            return
        }
        // Devices and pipes have no other name to be written under.
        let isOther = FileManager.default.fileExists(atPath: path) && !Self.isRegular(path)
        let temporary = isOther ? path : path + ".partial"
        if !isOther { UnfinishedFile.begin(temporary) }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw CommandError.unwritableFile(path: path, reason: String(cString: strerror(errno)))
        }
        output = TextOutput(descriptor: descriptor)
        file = (path, temporary)
    }

    func write(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count > 1 << 16 { try flush() }
    }

    func write(_ text: String) throws {
        buffer += text.utf8
        if buffer.count > 1 << 16 { try flush() }
    }

    /// Writes what is left, and gives the file its name.
    func finish() throws {
        try flush()
        guard let file else { return }
        close(output.descriptor)
        guard file.temporary != file.path else { return }
        try FileTree.rename(file.temporary, to: file.path)
        UnfinishedFile.end()
    }

    /// Takes away what was written of a file that will not be whole.
    func abandon() {
        guard let file else { return }
        close(output.descriptor)
        guard file.temporary != file.path else { return }
        unlink(file.temporary)
        UnfinishedFile.end()
    }

    private func flush() throws {
        isSeen = isSeen || (file == nil && !buffer.isEmpty)
        try output.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private static func isRegular(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType) == .typeRegular
    }
}
