internal import HTTP

/// Copies or hashes a local file, counting what passes.
enum FileCopy {
    static func copy(
        _ source: String, to path: String, meter: TransferMeter
    ) async throws(PullError) -> FileDownload.Result {
        try await reading(source, meter: meter) { file, isCancelled throws(PullError) in
            do throws(FileError) {
                let target = try PartialFile(path: path, limit: 0)
                try unsafe forEachPiece(of: file, meter: meter, isCancelled) { piece throws(FileError) in
                    try unsafe target.append(piece)
                }
                try target.synchronize()
                return FileDownload.Result(byteCount: target.byteCount, hash: target.hash)
            } catch { throw .file(error) }
        }
    }

    static func hash(_ source: String, meter: TransferMeter) async throws(PullError) -> FileDownload.Result {
        try await reading(source, meter: meter) { file, isCancelled throws(PullError) in
            var hasher = ContentHasher()
            do throws(FileError) {
                try unsafe forEachPiece(of: file, meter: meter, isCancelled) { piece throws(FileError) in
                    unsafe hasher.update(piece)
                }
            } catch { throw .file(error) }
            return unsafe FileDownload.Result(byteCount: file.bytes.count, hash: hasher.finish())
        }
    }

    private static func reading(
        _ path: String, meter: TransferMeter,
        _ body: @escaping @Sendable (MappedFile, CancellationFlag) throws(PullError) -> FileDownload.Result
    ) async throws(PullError) -> FileDownload.Result {
        let isCancelled = CancellationFlag()
        let result: Result<FileDownload.Result, PullError> = await withTaskCancellationHandler {
            await onOwnThread {
                Result { () throws(PullError) in
                    let file: MappedFile
                    do throws(FileError) { file = try MappedFile(path: path) } catch { throw .file(error) }
                    unsafe file.bytes.advise(.sequential)
                    return try body(file, isCancelled)
                }
            }
        } onCancel: {
            isCancelled.raise()
        }
        if isCancelled.isRaised { throw .cancelled }
        return try result.get()
    }

    private static func forEachPiece(
        of file: MappedFile, meter: TransferMeter, _ isCancelled: CancellationFlag,
        _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) {
        for start in unsafe stride(from: 0, to: file.bytes.count, by: 4 << 20) where !isCancelled.isRaised {
            let end = unsafe min(start + 4 << 20, file.bytes.count)
            try unsafe body(UnsafeRawBufferPointer(rebasing: file.bytes[start..<end]))
            meter.add(end - start)
        }
    }
}
