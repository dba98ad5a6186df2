internal import ModelFiles

/// Takes the libraries and licences out of a wheel, into an empty folder, and checks each library's digest.
struct GrammarUnpacking {
    let wheel: ZipArchive
    /// What errors call the wheel.
    let name: String
    let platform: GrammarPlatform
    let folder: String

    /// Licences and notices of the grammars' authors go here, below the folder.
    static let licences = "licences"
    /// More than any archive of libraries, licence or list of sources has.
    private static let archiveLimit = 256 << 20
    private static let textLimit = 4 << 20

    init(wheel: MappedFile, name: String, platform: GrammarPlatform, folder: String) throws(GrammarInstallError) {
        do { self.wheel = try unsafe ZipArchive(MappedFile(borrowing: wheel.bytes, path: name)) } catch {
            throw .zip(error)
        }
        self.name = name
        self.platform = platform
        self.folder = folder
    }

    func run() throws(GrammarInstallError) -> [String: GrammarManifest.Library] {
        let grammars = "semble_grammars/grammars/"
        let place = "\(grammars)\(platform.name)/"
        guard let found = wheel.members.first(where: { $0.name.hasSuffix(place + "manifest.json") }) else {
            throw .badManifest(archive: name, reason: "it has no manifest for \(platform.name)")
        }
        let base = String(found.name.dropLast("manifest.json".count))
        let manifest = try WheelManifest(contents(found, limit: WheelManifest.byteLimit), archive: name)
        let archive = try member(base + manifest.archive)
        let libraries = try unpack(contents(archive, limit: Self.archiveLimit), manifest)
        try keepTexts(below: String(base.dropLast(platform.name.count + 1)))
        return libraries
    }

    private func member(_ name: String) throws(GrammarInstallError) -> ZipArchive.Member {
        do { return try wheel.member(named: name) } catch { throw .zip(error) }
    }

    private func contents(_ member: ZipArchive.Member, limit: Int) throws(GrammarInstallError) -> [UInt8] {
        guard member.byteCount <= limit else {
            throw .badManifest(archive: name, reason: "\(member.name) has \(ByteCount(member.byteCount))")
        }
        var bytes: [UInt8] = []
        do throws(ZipReadError) {
            try unsafe wheel.read(member) { piece throws(FileError) in unsafe bytes.append(contentsOf: piece) }
        } catch {
            switch error {
            case .archive(let error): throw .zip(error)
            case .receiver(let error): throw .file(error)
            }
        }
        return bytes
    }

    /// Writes the libraries that the manifest names; what else the archive holds is left out.
    private func unpack(
        _ archive: [UInt8], _ manifest: WheelManifest
    ) throws(GrammarInstallError) -> [String: GrammarManifest.Library] {
        let result = unsafe archive.withUnsafeBytes { bytes in
            Result { () throws(GrammarInstallError) in
                try unsafe write(bytes, wanted: Set(manifest.languages.values.map(\.file)))
            }
        }
        let written = try result.get()
        var libraries: [String: GrammarManifest.Library] = [:]
        for (language, library) in manifest.languages {
            guard let file = written[library.file] else { throw .missingLibrary(archive: name, file: library.file) }
            guard file.hash.hexadecimal == library.sha256.lowercased() else {
                throw .wrongHash(archive: name, file: library.file)
            }
            libraries[language] = GrammarManifest.Library(
                file: library.file, symbol: library.symbol, sha256: file.hash.hexadecimal, byteCount: file.byteCount)
        }
        return libraries
    }

    private typealias Written = (byteCount: Int, hash: ContentHash)

    private func write(
        _ archive: UnsafeRawBufferPointer, wanted: Set<String>
    ) throws(GrammarInstallError) -> [String: Written] {
        var written: [String: Written] = [:]
        var output: (name: String, file: PartialFile)?
        var tar = TarReader()
        do {
            var gzip = try unsafe GzipReader(archive)
            while var piece = unsafe try gzip.next() {
                while let event = try unsafe tar.next(&piece) {
                    switch event {
                    case .begin(let member):
                        // A second file of that name takes the place of the first, as everywhere.
                        guard wanted.contains(member.name) else { continue }
                        output = (member.name, try PartialFile(path: folder + "/" + member.name, limit: 0))
                    case .bytes(let bytes):
                        try unsafe output?.file.append(bytes)
                    case .end:
                        guard let (name, file) = output else { continue }
                        try file.synchronize()
                        written[name] = (file.byteCount, file.hash)
                        output = nil
                    }
                }
            }
            try tar.finish()
        } catch let error as GzipError {
            throw .gzip(archive: name, error)
        } catch let error as TarError {
            throw .tar(archive: name, error)
        } catch let error as FileError {
            throw .file(error)
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
        return written
    }

    /// Keeps what the grammars' licences ask to be passed on.
    private func keepTexts(below base: String) throws(GrammarInstallError) {
        do { try FileTree.makeFolder(folder + "/" + Self.licences) } catch { throw .file(error) }
        for member in wheel.members {
            let target: String
            if let file = member.name.after(base + "licenses/"), PlainName.isFile(file) {
                target = "\(Self.licences)/\(file)"
            } else if let file = member.name.after(base), ["THIRD_PARTY_NOTICES.md", "sources.json"].contains(file) {
                target = file
            } else if member.name.hasSuffix(".dist-info/licenses/LICENSE") {
                target = "LICENSE"
            } else {
                continue
            }
            let text = try contents(member, limit: Self.textLimit)
            do { try FileTree.replace(folder + "/" + target, with: text, synchronizes: false) } catch {
                throw .file(error)
            }
        }
    }
}

extension String {
    /// What follows `prefix`, or nil when the text does not begin with it.
    fileprivate func after(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
