import CodeGraph
import Foundation
import LanguageServers
import Settings

/// Where language servers come from, and what they may take together. They live on from run to run, until `shutDown`.
/// One thread at a time.
final class LanguageServerSource {
    let root: RepositoryRoot
    private let catalogue: ServerCatalogue
    private let limits: ServerLimits
    private let environment = ProcessInfo.processInfo.environment
    /// What the time of all servers is counted from.
    private let epoch = ContinuousClock.now
    private var oracles: [ServerEntry: DefinitionOracle] = [:]
    /// Those that were told where headers may be, for want of a compilation database.
    private(set) var guesses: Set<ServerEntry> = []
    /// The last one last.
    private var processes: [ServerEntry: [ServerProcess]] = [:]
    /// For what servers make of the repository.
    private let folder: String

    // Of the run that is under way.
    private var beginning = Duration.zero
    private var isCancelled: () -> Bool = { false }
    private var found: [String: Server?] = [:]
    /// What files were then, by path.
    private var hashes: [String: [UInt8]] = [:]

    typealias Server = (entry: ServerEntry, program: String)

    /// So many changes are more work for a server than to begin anew.
    private static let changeLimit = 2000

    /// - Parameter longest: what a run may take at most, whatever the settings say.
    init(_ settings: ResolvedSettings, _ root: RepositoryRoot, longest: Duration? = nil) throws {
        let plan = settings.plan.precise
        var catalogue = ServerCatalogue()
        try catalogue.override(with: plan.servers)
        let folders = settings.folders.cache + "/language-servers"
        folder = String(IndexLocation.path(forRepository: root.path, in: folders).dropLast(".db".count))
        self.catalogue = catalogue
        self.root = root
        limits = ServerLimits(run: min(plan.timeout, longest ?? plan.timeout), memory: plan.memoryBytes)
    }

    /// Begins a run, which has all of its time. Servers that live on are told what has changed since the last one.
    /// - Parameters:
    ///   - files: what files are now: something that changes with them, by path.
    ///   - isCancelled: asked while waiting; ends all servers.
    func begin(files: [String: [UInt8]] = [:], isCancelled: @escaping () -> Bool) {
        self.isCancelled = isCancelled
        found = [:]
        beginning = ContinuousClock.now - epoch
        let changes = changes(to: files)
        hashes = files
        if changes.count > Self.changeLimit { shutDown() }
        for oracle in oracles.values { oracle.begin(now: beginning, after: changes) }
        processes = processes.mapValues { $0.suffix(1) }
    }

    private func changes(to files: [String: [UInt8]]) -> [FileChange] {
        guard !oracles.isEmpty else { return [] }
        var changes: [FileChange] = []
        for (path, hash) in files where hashes[path] != hash {
            changes.append(
                FileChange(path: root.path + "/" + path, kind: hashes[path] == nil ? .created : .changed))
        }
        for path in hashes.keys where files[path] == nil {
            changes.append(FileChange(path: root.path + "/" + path, kind: .deleted))
        }
        return changes.sorted { $0.path < $1.path }
    }

    /// The server for a language; nil when none is on this machine.
    func server(for language: String) -> Server? {
        if let known = found[language] { return known }
        let server = catalogue.server(for: language, ProgramSearch(environment: environment))
        found[language] = .some(server)
        return server
    }

    /// Whether a server that starts now has to be told where headers are.
    func needsIncludeFolders(_ entry: ServerEntry) -> Bool {
        oracles[entry] == nil && entry.needsIncludeFolders && !ServerEntry.compilationDatabases.contains(where: has)
    }

    /// - Parameter includeFolders: absolute, for one that has to be told.
    func oracle(_ server: Server, includeFolders: [String]) -> DefinitionOracle {
        if let known = oracles[server.entry] { return known }
        var entry = server.entry
        if needsIncludeFolders(entry) {
            entry = entry.seeing(includeFolders: includeFolders)
            guesses.insert(server.entry)
        }
        let made = DefinitionOracle(limits: limits, now: beginning) {
            [unowned self, entry] (end) throws(ServerFailure) in
            let process = try ServerProcess(
                entry.command(server.program, folder: folder, has: has), environment: environment, folder: root.path,
                memoryLimit: limits.memory, epoch: epoch, isCancelled: { [unowned self] in isCancelled() })
            processes[server.entry, default: []].append(process)
            return try LanguageServer(
                process, entry: entry, root: root.path, process: Int(ProcessInfo.processInfo.processIdentifier),
                limits: limits, until: end)
        }
        oracles[server.entry] = made
        return made
    }

    /// Whether there is a file or folder of that name at the top of the repository.
    private func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: root.path + "/" + name) }

    /// The most memory that one of an entry's processes was seen with, in bytes.
    func peakMemory(of entry: ServerEntry) -> Int { processes[entry]?.map(\.peakMemory).max() ?? 0 }

    /// Ends all servers. Who asks again has them started anew.
    func shutDown() {
        for oracle in oracles.values { oracle.shutDown() }
        oracles = [:]
        guesses = []
    }
}
