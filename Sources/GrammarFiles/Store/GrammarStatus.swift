internal import ModelFiles

/// What became of one grammar since it was installed.
package struct GrammarStatus: Hashable, Sendable {
    package enum Origin: String, Hashable, Sendable {
        case bundle
        /// Put there by the user; goes before the bundle's of that name.
        case own
    }

    package enum Condition: Hashable, Sendable {
        case ok
        case missing
        case damaged(reason: String)
    }

    package let name: String
    package let path: String
    package let origin: Origin
    /// Of the file that is there.
    package let byteCount: Int
    package let condition: Condition
}

/// Whether the bundle is on this machine.
package enum GrammarBundleState: Hashable, Sendable {
    case absent
    case installed(GrammarManifest)
    /// Nothing of it can be used.
    case broken(GrammarStoreError)
}

extension GrammarStore {
    package func bundleState() -> GrammarBundleState {
        do throws(GrammarStoreError) {
            return try manifest().map { .installed($0) } ?? .absent
        } catch { return .broken(error) }
    }

    /// Looks at every grammar, the user's and the bundle's, by name. Reads and hashes all files of the bundle, and loads
    /// none.
    package func status() -> [GrammarStatus] {
        let own = ownGrammars()
        guard case .installed(let manifest) = bundleState() else { return own }
        let replaced = Set(own.map(\.name))
        let bundled = bundledStatus(manifest).filter { !replaced.contains($0.name) }
        return (own + bundled).sorted { $0.name < $1.name }
    }

    /// The bundle's grammars alone, in no order.
    func bundledStatus(_ manifest: GrammarManifest) -> [GrammarStatus] {
        manifest.grammars.map { name, library in status(name, library) }
    }

    private func status(_ name: String, _ library: GrammarManifest.Library) -> GrammarStatus {
        let path = folder + "/" + library.file
        return GrammarStatus(
            name: name, path: path, origin: .bundle, byteCount: FileTree.fileSize(path) ?? 0,
            condition: Self.condition(of: library, path: path))
    }

    private static func condition(of library: GrammarManifest.Library, path: String) -> GrammarStatus.Condition {
        guard let size = FileTree.fileSize(path) else { return .missing }
        guard size == library.byteCount else {
            return .damaged(reason: sizeProblem(found: size, expected: library.byteCount))
        }
        let file: MappedFile
        do { file = try MappedFile(path: path) } catch {
            return .damaged(reason: "it cannot be read: \(error.reason)")
        }
        var hasher = ContentHasher()
        unsafe hasher.update(file.bytes)
        return hasher.finish().hexadecimal == library.sha256.lowercased()
            ? .ok : .damaged(reason: "its contents have changed")
    }

    private func ownGrammars() -> [GrammarStatus] {
        let files = (try? FileTree.names(in: ownFolder)) ?? []
        return files.compactMap { file in
            guard file.hasPrefix(Self.ownPrefix), file.hasSuffix(Self.ownSuffix) else { return nil }
            let name = String(file.dropFirst(Self.ownPrefix.count).dropLast(Self.ownSuffix.count))
            guard PlainName.isLanguage(name) else { return nil }
            let path = ownFolder + "/" + file
            return GrammarStatus(
                name: name, path: path, origin: .own, byteCount: FileTree.fileSize(path) ?? 0,
                condition: Self.ownProblem(path).map { .damaged(reason: $0) } ?? .ok)
        }
    }
}
