import CodeGraph
import Foundation
import GraphPage

/// Writes a graph, or a part of it, in a format.
struct GraphWriter {
    let index: RepositoryIndex
    let graph: GraphQueries
    let walk: EdgeWalk
    let part: GraphPart?
    /// As the user named it.
    let partName: String?

    /// Symbols that a page can hold and stay quick.
    private static let pageSymbols = 150_000

    func writeJSON(to output: GraphOutput) throws {
        try GraphJSON(walk: walk, graph: graph, output: output).write(part: part)
    }

    /// - Parameters:
    ///   - level: nil for the finest that can be read.
    ///   - limit: boxes at most.
    func writeDot(level: GraphPicture.Level?, limit: Int, to output: GraphOutput) throws {
        let snapshot = try GraphSnapshot(walk, part: part, symbolLimit: Self.pageSymbols)
        let picture = GraphPicture(snapshot, level: level, limit: limit)
        try GraphDot(picture: picture, name: name).write(to: output)
        if let sentence = picture.leftOut { try TextOutput.notes.print("martlet: \(sentence)") }
    }

    func writePage(to output: GraphOutput) throws {
        let snapshot = try GraphSnapshot(walk, part: part, symbolLimit: Self.pageSymbols)
        var notes: [String] = []
        let poor = snapshot.files.filter { $0.symbolsLeftOut > 0 }
        if !poor.isEmpty {
            let count = poor.reduce(0) { $0 + $1.symbolsLeftOut }
            notes.append(
                "\(count) symbols of the \(poor.count) files that matter least are left out. For all of a part, name it."
            )
        }
        for note in notes { try TextOutput.notes.print("martlet: \(note)") }
        if let partName { notes.insert("Only '\(partName)' is here, and what that has to do with.", at: 0) }
        let data = try PageData.json(snapshot, graph, name: name, notes: notes)
        try output.write(GraphPage.document(name: name, data: data))
    }

    private var name: String { (index.root.path as NSString).lastPathComponent }
}

extension GraphPicture {
    /// Says what there is no room for; nil when all is there.
    fileprivate var leftOut: String? {
        var parts: [String] = []
        if let depth { parts.append("folders are shown \(depth) deep") }
        if boxesLeftOut > 0 { parts.append("\(boxesLeftOut) \(level.rawValue) that matter less are left out") }
        if linesLeftOut > 0 { parts.append("\(linesLeftOut) lines that stand for less are left out") }
        if parts.isEmpty { return nil }
        return "the picture shows \(boxes.count) \(level.rawValue); " + parts.joined(separator: ", ")
            + ". To see more: --limit, --level, or name a part."
    }
}
