internal import Architectures
internal import Foundation
internal import ModelFiles
internal import Tensors

/// What slots hold, in folders that somebody names: the files of `PrefixFolder`, and beside them the ids in their order
/// and the key of the adapters.
///
/// To be used on the engine's thread.
package struct SlotArchive {
    package enum Failure: Error, Hashable, Sendable {
        case notWritten
        case notFound
        /// Damaged, or of another model or type of cache.
        case notReadable
        case tooLong(tokens: Int)
    }

    private let engine: BatchEngine
    private let layout: SequenceLayout
    private let space: ContentHash
    /// The ids in a folder, 32 bits each, little-endian. It is written last: without it there is nothing to restore.
    private static let idFile = "tokens"
    private static let adapterFile = "adapters"

    /// - Returns: nil where the layers of the model keep what cannot be copied.
    package init?(_ engine: BatchEngine, _ options: SessionOptions) {
        guard let layout = engine.layout, layout.pageByteCount > 0 else { return nil }
        (self.engine, self.layout) = (engine, layout)
        space = options.prefixSpace(of: engine.model, layout)
    }

    /// - Returns: bytes that the folder has then.
    package func save(_ slot: Int, to path: String) throws(Failure) -> Int {
        let (tokens, adapters) = (engine.tokens(of: slot), engine.adapters(of: slot).key)
        let idPath = "\(path)/\(Self.idFile)"
        PrefixFileListing.remove(idPath)
        for file in PrefixFileListing(folder: path).files { PrefixFileListing.remove(file.path) }
        guard let folder = PrefixFolder(path: path, byteLimit: .max, space: space, layout: layout) else {
            throw .notWritten
        }
        if !tokens.isEmpty {
            let pages = (0..<pageCount(tokens.count)).compactMap { engine.copyPage($0, of: slot, layout) }
            let state = layout.stateByteCount > 0 ? engine.copyState(of: slot, layout) : nil
            guard pages.count == pageCount(tokens.count), state != nil || layout.stateByteCount == 0 else {
                throw .notWritten
            }
            folder.save(
                PrefixFolder.Snapshot(
                    tokens: tokens, adapter: adapters, pages: pages,
                    states: state.map { [(position: tokens.count, memory: $0)] } ?? []))
            guard folder.match(tokens, adapter: adapters).tokens == tokens.count else { throw .notWritten }
        }
        var ids: [UInt8] = []
        for id in tokens { withUnsafeBytes(of: id.littleEndian) { ids += $0 } }
        for (file, bytes) in [("\(path)/\(Self.adapterFile)", Data(adapters.utf8)), (idPath, Data(ids))] {
            let isWritten = FileManager.default.createFile(
                atPath: file, contents: bytes, attributes: [.posixPermissions: 0o600])
            guard isWritten else { throw .notWritten }
        }
        return PrefixFileListing(folder: path).byteCount + ids.count
    }

    /// - Returns: the bytes that were read.
    package func restore(_ slot: Int, from path: String) throws(Failure) -> Int {
        guard let ids = FileManager.default.contents(atPath: "\(path)/\(Self.idFile)") else { throw .notFound }
        guard ids.count % 4 == 0 else { throw .notReadable }
        let bytes = [UInt8](ids)
        let tokens = stride(from: 0, to: bytes.count, by: 4).map { place in
            bytes[place..<place + 4].reversed().reduce(Int32(0)) { $0 << 8 | Int32($1) }
        }
        guard tokens.count <= engine.capacity else { throw .tooLong(tokens: tokens.count) }
        guard !tokens.isEmpty else {
            engine.truncate(slot, to: 0)
            return 0
        }
        guard let folder = PrefixFolder(path: path, byteLimit: .max, space: space, layout: layout) else {
            throw .notReadable
        }
        // The files have their ids, too: what is not of this sequence is not found.
        let adapters =
            FileManager.default.contents(atPath: "\(path)/\(Self.adapterFile)")
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
        let match = folder.match(tokens, adapter: adapters)
        guard match.tokens == tokens.count else { throw .notReadable }
        var state: AlignedMemory?
        if layout.stateByteCount > 0 {
            state = folder.readState(match, at: tokens.count)
            guard state != nil else { throw .notReadable }
        }
        engine.truncate(slot, to: 0)
        let pages = engine.setPages(0..<pageCount(tokens.count), of: slot, layout) { folder.readPage($0, of: match) }
        guard pages.count == pageCount(tokens.count) else { throw .notReadable }
        engine.hold(tokens, in: slot, state: state, layout)
        engine.rest(slot, of: adapters)
        return PrefixFileListing(folder: path).byteCount + ids.count
    }

    private func pageCount(_ tokens: Int) -> Int {
        (tokens + SequenceLayout.pageTokens - 1) / SequenceLayout.pageTokens
    }
}
