package import HTTP
package import ModelFiles

/// Fetches the bundle of grammars into a store, or takes it from a wheel that is here already.
///
/// The bundle appears under its name only when every library has been checked; what is on its way lies in `.partial`.
package struct GrammarInstaller: Sendable {
    package let store: GrammarStore
    package let client: HTTPClient
    package let index: PythonIndex
    package var retries = RetryPolicy()
    /// Bytes free where a path lies; replaced in tests.
    package var freeSpace: @Sendable (String) -> UInt64? = { DiskSpace.free(at: $0) }

    package init(store: GrammarStore, client: HTTPClient, index: PythonIndex) {
        self.store = store
        self.client = client
        self.index = index
    }

    package init(store: GrammarStore, environment: [String: String]) {
        self.init(
            store: store, client: HTTPClient(settings: HTTPSettings(environment: environment)),
            index: PythonIndex(settings: PythonIndexSettings(environment: environment)))
    }

    /// Installs the bundle, or finds it there intact. Cancelling the task leaves what has arrived for the next time.
    /// - wheel: the path of the wheel, for machines without a network; nil to fetch it.
    /// - force: install again what is already there.
    package func install(
        from wheel: String? = nil, force: Bool = false, progress: @escaping @Sendable (PullEvent) -> Void = { _ in }
    ) async throws(GrammarInstallError) -> GrammarManifest {
        guard let platform = store.platform, let wanted = store.bundle.wheels[platform] else {
            throw .noBundle(platform: store.platform?.name)
        }
        do { try FileTree.makeFolder(store.partialFolder) } catch { throw .file(error) }
        let lock = try await lock(progress)
        defer { withExtendedLifetime(lock) {} }
        if !force, let present = await onOwnThread({ [store] in store.intactManifest() }) {
            progress(.alreadyPresent(model: store.bundle.title))
            return present
        }
        try checkSpace(wanted)
        do { try FileTree.makeFolder(working) } catch { throw .file(error) }
        let path: String
        if let wheel {
            try await onOwnThread { () throws(GrammarInstallError) in try check(wheel, is: wanted) }
            path = wheel
        } else {
            path = try await fetch(wanted, progress: progress)
        }
        progress(.finishing)
        return try await onOwnThread { () throws(GrammarInstallError) in
            try place(path, name: wheel ?? store.bundle.fileName(for: wanted), hash: wanted.hash, platform: platform)
        }
    }

    /// All that is on its way for this version.
    private var working: String { store.partialFolder + "/" + store.bundle.version }

    private func lock(
        _ progress: @escaping @Sendable (PullEvent) -> Void
    ) async throws(GrammarInstallError) -> PullLock {
        do throws(PullError) {
            return try await PullLock.waiting(at: store.lockPath) {
                progress(.waitingForOtherPull(model: store.bundle.title))
            }
        } catch { throw GrammarInstallError(error) }
    }

    /// Refuses before the first byte what could not end well.
    private func checkSpace(_ wheel: GrammarBundle.Wheel) throws(GrammarInstallError) {
        let needed = UInt64(wheel.byteCount + store.bundle.installedByteCount)
        guard let free = freeSpace(store.root), free < needed else { return }
        throw .diskTooSmall(folder: store.root, needed: needed, free: free)
    }

    private func check(_ path: String, is wheel: GrammarBundle.Wheel) throws(GrammarInstallError) {
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch { throw .file(error) }
        var hasher = ContentHasher()
        unsafe hasher.update(file.bytes)
        let found = hasher.finish()
        guard found == wheel.hash else {
            throw .otherWheel(path: path, expected: store.bundle.fileName(for: wheel), found: found)
        }
    }

    private func fetch(
        _ wheel: GrammarBundle.Wheel, progress: @escaping @Sendable (PullEvent) -> Void
    ) async throws(GrammarInstallError) -> String {
        let bundle = store.bundle
        let path = working + "/wheel"
        do throws(PullError) {
            let policy = RetryPolicy(attempts: 3, firstDelaySeconds: retries.firstDelaySeconds)
            let link = try await policy.run { () async throws(PullError) in
                try await index.wheel(of: bundle.distribution, version: bundle.version, client: client) { links in
                    links.first { $0.fileName.hasSuffix("-\(wheel.tag).whl") }
                }
            }
            progress(
                .starting(
                    source: "pypi:\(bundle.distribution)==\(bundle.version)", total: wheel.byteCount,
                    present: FileTree.fileSize(path) ?? 0))
            let meter = TransferMeter(total: wheel.byteCount) { progress(.progress($0)) }
            _ = try await FileDownload(
                client: client, request: HTTPRequest(link.url), path: path, byteCount: wheel.byteCount,
                hash: wheel.hash, name: link.fileName, synchronizes: false, retries: retries, meter: meter,
                report: progress
            ).run()
            meter.finish()
        } catch { throw GrammarInstallError(error) }
        return path
    }

    /// Unpacks the wheel beside the store's folders and gives the whole its name in one step.
    private func place(
        _ wheel: String, name: String, hash: ContentHash, platform: GrammarPlatform
    ) throws(GrammarInstallError) -> GrammarManifest {
        let unpacked = working + "/unpacked"
        let file: MappedFile
        do throws(FileError) {
            try FileTree.remove(unpacked)
            try FileTree.makeFolder(unpacked)
            file = try MappedFile(path: wheel)
        } catch { throw .file(error) }
        let libraries = try GrammarUnpacking(wheel: file, name: name, platform: platform, folder: unpacked).run()
        let manifest = GrammarManifest(
            bundle: store.bundle.title, platform: platform, wheel: hash, grammars: libraries)
        do throws(FileError) {
            try FileTree.replace(unpacked + "/" + GrammarManifest.fileName, with: manifest.encoded())
            try FileTree.synchronize(unpacked)
            let old = working + ".trash"
            try FileTree.remove(old)
            if FileTree.exists(store.folder) { try FileTree.rename(store.folder, to: old) }
            try FileTree.rename(unpacked, to: store.folder)
            try FileTree.synchronize(store.root)
            try FileTree.remove(old)
            try FileTree.remove(working)
        } catch { throw .file(error) }
        return manifest
    }
}

extension GrammarStore {
    /// The manifest if every library of the bundle is as it was installed, the user's own aside.
    fileprivate func intactManifest() -> GrammarManifest? {
        guard case .installed(let manifest) = bundleState() else { return nil }
        return bundledStatus(manifest).allSatisfy { $0.condition == .ok } ? manifest : nil
    }
}
