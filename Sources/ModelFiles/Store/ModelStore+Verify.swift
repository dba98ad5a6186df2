internal import HTTP

extension ModelStore {
    /// What became of a file since it was pulled.
    package enum Verdict: Hashable, Sendable {
        case intact
        case missing
        case wrongSize(expected: Int, found: Int)
        case wrongHash(expected: String, found: String)
        case unreadable(FileError)
    }

    package struct Verification: Hashable, Sendable {
        package let path: String
        package let verdict: Verdict
    }

    /// Hashes every file of `model` again. - progress: bytes read so far, of all files.
    package func verify(
        _ model: StoredModel, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async -> [Verification] {
        var results: [Verification] = []
        var done = 0
        for (path, file) in zip(model.paths, model.manifest.files) {
            let before = done
            let verdict = await onOwnThread { Self.verdict(path, file) { progress(before + $0) } }
            results.append(Verification(path: path, verdict: verdict))
            done = done.clampedSum(file.byteCount)
            if Task.isCancelled { break }
        }
        return results
    }

    private static func verdict(
        _ path: String, _ file: ModelManifest.File, progress: (Int) -> Void
    ) -> Verdict {
        guard let size = FileTree.fileSize(path) else { return .missing }
        guard size == file.byteCount else { return .wrongSize(expected: file.byteCount, found: size) }
        let mapped: MappedFile
        do { mapped = try MappedFile(path: path) } catch { return .unreadable(error) }
        unsafe mapped.bytes.advise(.sequential)
        var hasher = ContentHasher()
        for start in unsafe stride(from: 0, to: mapped.bytes.count, by: 8 << 20) {
            let end = unsafe min(start + 8 << 20, mapped.bytes.count)
            unsafe hasher.update(UnsafeRawBufferPointer(rebasing: mapped.bytes[start..<end]))
            progress(end)
        }
        let found = hasher.finish().hexadecimal
        return found == file.sha256.lowercased() ? .intact : .wrongHash(expected: file.sha256, found: found)
    }
}
