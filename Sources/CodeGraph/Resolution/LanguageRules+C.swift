internal import SQLite

extension LanguageRules {
    /// C and C++: headers are included, and functions of all files are linked together.
    static let c = LanguageRules(
        family: ["c", "c++"], superReceivers: [], seesMembersWithoutReceiver: true, hasOwners: true,
        separator: "/",
        modules: { (module, file, reader) throws(SQLiteError) in
            let path = module.trimmingPrefix { "<\"".contains($0) }.prefix { $0 != ">" && $0 != "\"" }
            if module.hasPrefix("\""),
                let beside = RepositoryPath.join(RepositoryPath.folder(of: file.path), String(path)),
                let id = try reader.fileID(path: beside)
            {
                return [id]
            }
            return try header(reader.fileIDs(pathEnding: String(path)), from: file.path, reader)
        },
        sharedNames: { (name, isType, file, reader) throws(SQLiteError) in
            try linked(name, isType: isType, from: file, reader)
        })

    /// What a name means that the file itself does not define: what an included file defines, or the function that is
    /// linked with it.
    private static func linked(
        _ name: String, isType: Bool, from file: GraphReader.FactsOfFile, _ reader: GraphReader
    ) throws(SQLiteError) -> [SymbolID]? {
        var candidates: [Candidate] = []
        for id in try reader.definitions(named: name) {
            guard let (home, fact) = try reader.symbol(id), fact.parent < 0 else { continue }
            guard ["c", "c++"].contains(home.language), isType ? fact.kind.isType : isUsable(fact) else { continue }
            let candidate = Candidate(id: id, path: home.path, fact: fact)
            if candidate.isLinked || isIncludable(home.path) { candidates.append(candidate) }
        }
        if candidates.isEmpty { return nil }
        // One definition rule: a function that is defined once is the one that is meant wherever it is declared.
        if candidates.count == 1, candidates[0].isLinked { return [candidates[0].id] }
        let defined = candidates.filter { !$0.fact.isDeclaration }
        if !defined.isEmpty, defined.allSatisfy({ $0.isLinked && !isIncludable($0.path) }) {
            if let found = nearest(defined, to: file.path) { return found }
            return try declaredNearest(defined, among: candidates, from: file, reader)
        }
        let inclusion = try reader.inclusion(
            from: file, of: Set((defined.isEmpty ? candidates : defined).map(\.id.file)))
        let included = inclusion.steps
        // Headers may rely on what is included before them; what is in no header that a source includes is not seen.
        if inclusion.isWhole, !isIncludable(file.path) {
            candidates.removeAll { !$0.isLinked && included[$0.id.file] == nil }
        }
        if candidates.count == 1 { return [candidates[0].id] }
        let seen = candidates.filter { !$0.fact.isDeclaration && included[$0.id.file] != nil }
        if let nearest = seen.map({ included[$0.id.file] ?? 0 }).min() {
            return alternatives(
                seen.filter { included[$0.id.file] == nearest }, among: candidates, from: file.path)
        }
        let fallback = candidates.first { $0.isFallback && included[$0.id.file] != nil }
        if let fallback, inclusion.isWhole { return [fallback.id] }
        if let linked = nearest(candidates.filter { $0.isLinked && !$0.fact.isDeclaration }, to: file.path) {
            return linked
        }
        let others = candidates.filter { !$0.isFallback && (included[$0.id.file] != nil || !$0.fact.isDeclaration) }
        return nearestOnes(others, to: file.path).map { alternatives($0, among: candidates, from: file.path) }
            ?? fallback.map { [$0.id] }
    }

    /// Of functions that sources of one folder define, all, if a header that is included declares them: which of the sources
    /// is built is not known here.
    private static func declaredNearest(
        _ defined: [Candidate], among candidates: [Candidate], from file: GraphReader.FactsOfFile, _ reader: GraphReader
    ) throws(SQLiteError) -> [SymbolID]? {
        let near = farthestCommon(defined, to: file.path)
        guard areOfOneFolder(near) else { return nil }
        let headers = Set(candidates.filter { $0.fact.isDeclaration && isIncludable($0.path) }.map(\.id.file))
        let inclusion = try reader.inclusion(from: file, of: headers)
        return headers.contains { inclusion.steps[$0] != nil } ? near.map(\.id) : nil
    }

    /// Definitions and what takes their place where the preprocessor leaves them out: headers often hold a macro or a static
    /// function on one side of an `#if`, and on the other what is linked, or what is meant if nothing else is defined.
    private static func alternatives(
        _ chosen: [Candidate], among candidates: [Candidate], from path: String
    ) -> [SymbolID] {
        let homes = Set(chosen.map(\.id.file))
        var found = chosen.map(\.id) + candidates.filter { $0.isFallback && homes.contains($0.id.file) }.map(\.id)
        let isDeclared = candidates.contains { $0.isLinked && $0.fact.isDeclaration && homes.contains($0.id.file) }
        if isDeclared, !chosen.contains(where: \.isLinked) {
            let linked = farthestCommon(candidates.filter { $0.isLinked && !$0.fact.isDeclaration }, to: path)
            if areOfOneFolder(linked) { found += linked.map(\.id) }
        }
        return found
    }

    /// Of several headers of a name the one with the shortest way from the root, then the one nearest to the source.
    private static func header(_ ids: [Int], from path: String, _ reader: GraphReader) throws(SQLiteError) -> [Int] {
        if ids.count < 2 { return ids }
        let folders = path.split(separator: "/").dropLast()
        var best: (depth: Int, common: Int)?
        var found: [Int] = []
        for id in ids {
            guard let other = try reader.path(id)?.split(separator: "/") else { continue }
            let rank = (depth: other.count, common: zip(folders, other).prefix { $0 == $1 }.count)
            if let best, rank.depth > best.depth || (rank.depth == best.depth && rank.common < best.common) { continue }
            if best.map({ $0 != rank }) ?? true { found = [] }
            best = rank
            found.append(id)
        }
        return found.count == 1 ? found : []
    }

    private struct Candidate {
        var id: SymbolID
        var path: String
        var fact: SymbolFact

        /// A macro that is defined where nothing else is.
        var isFallback: Bool { fact.kind == .macro && fact.isDeclaration }
        /// A function that other files can call without seeing its definition.
        var isLinked: Bool { fact.kind == .function && !fact.isPrivate }
    }

    /// Of several the one whose folders are most those of the path, if there is one; or alternatives of one file.
    private static func nearest(_ candidates: [Candidate], to path: String) -> [SymbolID]? {
        nearestOnes(candidates, to: path)?.map(\.id)
    }

    private static func nearestOnes(_ candidates: [Candidate], to path: String) -> [Candidate]? {
        let near = farthestCommon(candidates, to: path)
        // Alternatives of one file: which is compiled is not known here.
        return Set(near.map(\.id.file)).count == 1 ? near : nil
    }

    private static func areOfOneFolder(_ candidates: [Candidate]) -> Bool {
        Set(candidates.map { $0.path.split(separator: "/").dropLast() }).count == 1
    }

    /// Those that share most folders with a path.
    private static func farthestCommon(_ candidates: [Candidate], to path: String) -> [Candidate] {
        let folders = path.split(separator: "/").dropLast()
        func common(_ other: String) -> Int {
            zip(folders, other.split(separator: "/").dropLast()).prefix { $0 == $1 }.count
        }
        let best = candidates.map { common($0.path) }.max()
        return candidates.filter { common($0.path) == best }
    }

    private static func isUsable(_ fact: SymbolFact) -> Bool {
        fact.kind.isCallable || fact.kind.isType || fact.kind == .constant || fact.kind == .variable
    }

    private static func isIncludable(_ path: String) -> Bool {
        ![".c", ".cc", ".cpp", ".cxx", ".cu"].contains { path.hasSuffix($0) }
    }
}

extension GraphReader {
    /// The files that a file includes, itself and through others, as far as they were looked for.
    struct Inclusion {
        /// How many steps away an included file is.
        var steps: [Int: Int]
        /// In the order in which they were found.
        var files: [Int]
        /// How many of them were looked into.
        var done = 0

        /// Whether there are no more.
        var isWhole: Bool { done == files.count }
    }

    /// What a file includes, the nearest first, until one of some files is among it.
    func inclusion(from file: FactsOfFile, of wanted: Set<Int>) throws(SQLiteError) -> Inclusion {
        var known = inclusionCache[file.id] ?? Inclusion(steps: [file.id: 0], files: [file.id])
        var isFound = wanted.contains { known.steps[$0] != nil }
        while !isFound, !known.isWhole, known.files.count < Self.inclusionLimit {
            let id = known.files[known.done]
            known.done += 1
            for included in try included(by: id) where known.steps[included] == nil {
                known.steps[included] = (known.steps[id] ?? 0) + 1
                known.files.append(included)
                isFound = isFound || wanted.contains(included)
            }
        }
        if inclusionCache.count > 64 { inclusionCache = [:] }
        inclusionCache[file.id] = known
        return known
    }

    private static let inclusionLimit = 128

    private func included(by id: Int) throws(SQLiteError) -> [Int] {
        if let known = includesCache[id] { return known }
        guard let file = try importer(id) else { return [] }
        let rules = LanguageRules.of(file.language)
        var found: [Int] = []
        for item in file.facts.imports {
            found += try rules.files(ofModule: file.facts.names[item.module], from: file, reader: self)
        }
        includesCache[id] = found
        return found
    }
}
