import EdgeAccuracy
import Foundation

/// Compares the edges of code graphs with those of references: a table on standard output.
@main
struct Accuracy {
    private static let usage = """
        accuracy NAME=GRAPH.json,REFERENCE.jsonl ... [--misses]

        GRAPH.json is what `martlet graph --format json` prints, REFERENCE.jsonl what a program of References/ prints, both
        for the same state of a repository. --misses lists what is not as in the reference.
        """

    static func main() {
        do {
            var pairs: [(name: String, graph: String, reference: String)] = []
            var showsMisses = false
            for argument in CommandLine.arguments.dropFirst() {
                if argument == "--misses" {
                    showsMisses = true
                    continue
                }
                let sides = argument.split(separator: "=", maxSplits: 1).map(String.init)
                let files = sides.last?.split(separator: ",").map(String.init) ?? []
                guard sides.count == 2, files.count == 2 else {
                    FileHandle.standardError.write(Data((usage + "\n").utf8))
                    exit(2)
                }
                pairs.append((sides[0], files[0], files[1]))
            }
            var table = AccuracyTable()
            for pair in pairs {
                let comparison = try compare(pair.graph, pair.reference)
                table.add(pair.name, comparison)
                if showsMisses { print(MissList(comparison).text) }
            }
            print(table.markdown)
        } catch {
            FileHandle.standardError.write(Data("accuracy: \(error)\n".utf8))
            exit(2)
        }
    }

    private static func compare(_ graph: String, _ reference: String) throws -> EdgeComparison {
        let decoder = JSONDecoder()
        let edges = try decoder.decode(CodeEdges.self, from: Data(contentsOf: URL(fileURLWithPath: graph)))
        let uses = try Data(contentsOf: URL(fileURLWithPath: reference)).split(separator: UInt8(ascii: "\n"))
            .map { try decoder.decode(ReferenceUse.self, from: $0) }
        return EdgeComparison(edges, reference: uses)
    }
}
