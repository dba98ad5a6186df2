import CodeGraph
import Foundation
import TestSupport
import Testing

struct EdgeWalkTests {
    /// A use as both sides know it.
    private struct Known: Hashable {
        var user: GraphNode
        var line: Int
        var provenance: Provenance
    }

    private func edges(_ graph: GraphQueries, _ kinds: EdgeKind..., ambiguous: Bool = false) throws -> [GraphEdge] {
        var found: [GraphEdge] = []
        try EdgeWalk(graph, kinds: Set(kinds), includesAmbiguous: ambiguous).forEachEdge { found.append($0) }
        return found
    }

    private func symbols(_ graph: GraphQueries) throws -> [SymbolID] {
        try graph.filesByPath().flatMap { file in
            try (graph.reader.file(file.id)?.facts.symbols.indices ?? 0..<0).map {
                SymbolID(file: file.id, ordinal: $0)
            }
        }
    }

    private func known(_ uses: [GraphQueries.Use]) -> [Known] {
        uses.filter { $0.provenance < .ambiguous }.map { use in
            Known(
                user: use.user.map { GraphNode($0) } ?? GraphNode(file: use.file), line: use.line,
                provenance: use.provenance)
        }
    }

    private func sorted(_ known: [Known]) -> [Known] {
        known.sorted { ($0.user.file, $0.user.ordinal, $0.line) < ($1.user.file, $1.user.ordinal, $1.line) }
    }

    @Test("has the calls that callers finds for each symbol, and those that callees finds")
    func calls() async throws {
        let graph = try await SampleRepository(ExportedSources.files).graph
        let calls = try edges(graph, .call)
        #expect(calls.count > 12)
        for symbol in try symbols(graph) {
            let name = try graph.reader.qualifiedName(symbol)
            let callers = calls.filter { $0.to.symbol == symbol }.map {
                Known(user: $0.from, line: $0.line, provenance: $0.provenance)
            }
            // What is put into fields or handed over by frameworks has callers that do not call.
            let direct = try graph.callers(of: [symbol]).filter { [.call, .construct].contains($0.role) }
            let wanted = known(direct)
            #expect(sorted(callers) == sorted(wanted), "\(name)")
            let callees = try graph.callees(of: symbol).filter { $0.role != .slot && $0.provenance < .ambiguous }
            let left = calls.filter { edge in
                guard var place = edge.from.symbol, place.file == symbol.file else { return false }
                while place.ordinal > symbol.ordinal,
                    let parent = try? graph.reader.symbol(place)?.fact.parent, parent >= 0
                {
                    place.ordinal = Int(parent)
                }
                return place == symbol
            }
            #expect(
                Set(left.map { [$0.line, $0.to.file, $0.to.ordinal] })
                    == Set(callees.flatMap { use in use.targets.map { [use.line, $0.file, $0.ordinal] } }), "\(name)")
        }
    }

    @Test("has all other uses of each symbol as references")
    func references() async throws {
        let graph = try await SampleRepository(ExportedSources.files).graph
        let references = try edges(graph, .references)
        #expect(references.count >= 5)
        for symbol in try symbols(graph) {
            let found = references.filter { $0.to.symbol == symbol }.map {
                Known(user: $0.from, line: $0.line, provenance: $0.provenance)
            }
            let uses = try graph.uses(of: [symbol], roles: [.type, .use, .slot, .inject, .bind, .route])
            let name = try graph.reader.qualifiedName(symbol)
            #expect(sorted(found) == sorted(known(uses)), "\(name)")
        }
    }

    @Test("what inherits and what overrides, followed to the end, are what implementers and overrides find")
    func inheritance() async throws {
        let graph = try await SampleRepository(ExportedSources.files).graph
        func reaching(_ symbol: SymbolID, _ edges: [GraphEdge]) -> [SymbolID] {
            var found: Set<SymbolID> = []
            var waiting = [symbol]
            while let next = waiting.popLast() {
                for edge in edges where edge.to.symbol == next {
                    if let from = edge.from.symbol, found.insert(from).inserted { waiting.append(from) }
                }
            }
            return found.sorted()
        }
        let (inherits, overrides) = (try edges(graph, .inherits), try edges(graph, .overrides))
        #expect(inherits.count == 3 && overrides.count == 3)
        for symbol in try symbols(graph) {
            guard let fact = try graph.reader.symbol(symbol)?.fact else { continue }
            if fact.kind.isType {
                let implementers = try graph.implementers(of: [symbol])
                #expect(reaching(symbol, inherits) == implementers)
            }
            if fact.kind.isCallable {
                let found = try graph.overrides(of: symbol).sorted()
                #expect(reaching(symbol, overrides) == found)
            }
        }
    }

    @Test("has the imports that each file has, a line of them once")
    func imports() async throws {
        let graph = try await SampleRepository(ExportedSources.files).graph
        let found = try edges(graph, .imports).map { [$0.from.file, $0.to.file, $0.line] }
        var wanted: [[Int]] = []
        for file in try graph.filesByPath() {
            for item in try graph.imports(of: file.id) {
                // Two names from one file in one line are one edge.
                for edge in item.targets.map({ [file.id, $0, item.line] }) where !wanted.contains(edge) {
                    wanted.append(edge)
                }
            }
        }
        #expect(found == wanted && found.count == 4)
    }

    @Test("says where a use stands, in UTF-16 units")
    func columns() async throws {
        let repository = try await SampleRepository(ExportedSources.files)
        let graph = repository.graph
        var count = 0
        for edge in try edges(graph, .call, .inherits, .overrides, .references) {
            guard let path = try graph.reader.file(edge.from.file)?.path, let target = edge.to.symbol,
                let name = try graph.reader.symbol(target).map({ $0.file.facts.names[$0.fact.name] })
            else { continue }
            let text = try #require(ExportedSources.files[path])
            let line = Array(text.split(separator: "\n", omittingEmptySubsequences: false)[edge.line - 1].utf16)
            let rest = String(decoding: line[(edge.column - 1)...], as: UTF16.self)
            // `scale` has another name where it is imported.
            #expect(rest.hasPrefix(name == "scale" ? "grow" : name), "\(path):\(edge.line):\(edge.column) \(name)")
            count += 1
        }
        #expect(count > 20)
    }

    @Test("leaves out what only a name leads to, unless that is asked for")
    func ambiguous() async throws {
        let graph = try await SampleRepository([
            "a.py": "class A:\n    def go(self):\n        pass\n",
            "b.py": "class B:\n    def go(self):\n        pass\n",
            "c.py": "def f(x):\n    x.go()\n",
        ]).graph
        #expect(try edges(graph, .call).isEmpty)
        let all = try edges(graph, .call, ambiguous: true)
        #expect(all.count == 2 && all.allSatisfy { $0.provenance == .ambiguous })
    }

    @Test("comes in the order of paths, whenever files were indexed")
    func order() async throws {
        let repository = try await SampleRepository(ExportedSources.files)
        // These get new numbers.
        for path in ["shapes/base.py", "lib/queue.c"] {
            let text = try #require(ExportedSources.files[path])
            try FileManager.default.removeItem(atPath: repository.folder.path + "/" + path)
            try await repository.update()
            try repository.folder.write(text, to: path)
            try await repository.update()
        }
        let fresh = try await SampleRepository(ExportedSources.files)
        func readable(_ graph: GraphQueries) throws -> [String] {
            try edges(graph, .call, .inherits, .overrides, .imports, .references).map { edge in
                let (from, to) = (try graph.reader.file(edge.from.file), try graph.reader.file(edge.to.file))
                return "\(from?.path ?? "").\(edge.from.ordinal) \(to?.path ?? "").\(edge.to.ordinal) \(edge.kind) "
                    + "\(edge.provenance) \(edge.line):\(edge.column)"
            }
        }
        let (patched, made) = (try readable(repository.graph), try readable(fresh.graph))
        #expect(patched == made)
    }

    @Test("a type that inherits from one of its own name elsewhere does not inherit from itself")
    func sameName() async throws {
        let graph = try await SampleRepository(["a.py": "import lib\n\nclass Field(lib.Field, Field):\n    pass\n"])
            .graph
        #expect(try edges(graph, .inherits).isEmpty)
    }
}
