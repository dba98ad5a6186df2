import CodeGraph
import Foundation
import TestSupport
import Testing

/// What holds for packets of all repositories.
struct PackedRepositoryTests {
    /// Modules of functions and classes that use each other by chance.
    static func sources(_ random: inout SplitMix64, files: Int) -> [String: String] {
        var sources: [String: String] = [:]
        for file in 0..<files { sources["pkg\(file % 3)/module_\(file).py"] = source(&random, file, of: files) }
        sources["pkg0/__init__.py"] = "from .module_0 import function_0_0\n"
        return sources
    }

    static func source(_ random: inout SplitMix64, _ file: Int, of files: Int) -> String {
        var text = ""
        for _ in 0..<random.below(4) {
            let other = random.below(files)
            text += "from pkg\(other % 3).module_\(other) import function_\(other)_\(random.below(4))\n"
        }
        if random.below(3) == 0 { text += "from pkg0 import function_0_0 as first\nfirst()\n" }
        for function in 0..<1 + random.below(4) {
            text += "\n# Does thing \(function) of the module.\ndef function_\(file)_\(function)(value):\n"
            for _ in 0..<1 + random.below(5) {
                text += "    function_\(random.below(files))_\(random.below(4))(value)\n"
            }
        }
        if random.below(2) == 0 {
            text += "\nclass Class\(file):\n    def method_\(random.below(3))(self): return function_\(file)_0(1)\n"
        }
        return text
    }

    static func check(_ packet: Packet, budget: Int, counter: TokenCounter) {
        #expect(packet.tokens <= budget)
        #expect(packet.tokens == (packet.items.isEmpty ? 0 : counter.count(packet.text)))
        for (before, item) in zip(packet.items, packet.items.dropFirst()) {
            if before.path == item.path {
                #expect(max(before.line, before.endLine) < item.line, "\(item)")
            } else {
                #expect(before.path.utf8.lexicographicallyPrecedes(item.path.utf8))
            }
        }
    }

    @Test("are never over budget, hold no line twice, stand in order, and come out the same again")
    func invariants() async throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let sources = Self.sources(&random, files: 3 + random.below(15))
            let first = try await IndexedSources(sources)
            let second = try await IndexedSources(sources)
            for counter in [TokenCounter.estimate, .characters] {
                for _ in 0..<10 {
                    let budget = 1 + random.below(1 << (3 + random.below(10)))
                    let map = try RepositoryMap(first.graph.reader).packet(budget: budget, counter: counter)
                    Self.check(map, budget: budget, counter: counter)
                    #expect(try RepositoryMap(second.graph.reader).packet(budget: budget, counter: counter) == map)
                    let task = "change thing \(random.below(4)) and function_\(random.below(6))_1"
                    let context = try ContextPacket(first.graph).packet(for: task, budget: budget, counter: counter)
                    Self.check(context, budget: budget, counter: counter)
                    #expect(context.items.allSatisfy { $0.reason != nil })
                    #expect(
                        try ContextPacket(second.graph).packet(for: task, budget: budget, counter: counter) == context)
                }
            }
        }
    }

    @Test("are the same after edits as of an index made anew")
    func edits() async throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let count = 6 + random.below(8)
            let sources = Self.sources(&random, files: count)
            let edited = try await IndexedSources(sources)
            let indexes = try TemporaryFolder()
            _ = try RepositoryMap(edited.graph.reader)
            for _ in 0..<8 {
                for _ in 0..<1 + random.below(2) {
                    let file = random.below(count)
                    let path = "pkg\(file % 3)/module_\(file).py"
                    switch random.below(4) {
                    case 0: try? FileManager.default.removeItem(atPath: edited.folder.path + "/" + path)
                    case 1 where random.below(4) == 0: try edited.folder.write("", to: "pkg1/__init__.py")
                    default: try edited.folder.write(Self.source(&random, file, of: count), to: path)
                    }
                }
                try await edited.update()
                let anew = try await IndexedSources.store(of: edited.folder.path, in: indexes)
                let patched = try ranks(edited.store)
                #expect(try patched == ranks(anew))
                let packets = try [edited.store, anew].map {
                    try RepositoryMap(GraphReader($0)).packet(budget: 700, counter: .estimate)
                }
                #expect(packets[0] == packets[1])
            }
        }
    }

    private func ranks(_ store: GraphStore) throws -> [String: Float] {
        try LinkTable(GraphReader(store)).update()
        let graph = try LinkGraph(store)
        return Dictionary(uniqueKeysWithValues: zip(graph.paths, graph.ranks()))
    }

    @Test("hold for this repository, too")
    func thisRepository() async throws {
        let indexes = try TemporaryFolder()
        let store = try await IndexedSources.store(of: Repository.root + "/Sources", in: indexes)
        let graph = GraphQueries(store)
        for budget in [50, 1000, 4000] {
            let map = try RepositoryMap(graph.reader).packet(budget: budget, counter: .estimate)
            Self.check(map, budget: budget, counter: .estimate)
            let context = try ContextPacket(graph).packet(
                for: "quantised matrix product with AVX2", budget: budget, counter: .estimate)
            Self.check(context, budget: budget, counter: .estimate)
            if budget >= 1000 {
                #expect(!map.items.isEmpty && !context.items.isEmpty)
                #expect(map.tokens > budget / 2 && context.tokens > budget / 2)
            }
        }
    }
}
