import CodeGraph
import Foundation
import JSON
import MCP

struct OutlineTool: GraphTool {
    static let offer = ServerTool(
        name: "outline", title: "List what is in a file or folder",
        description: """
            Of a file: its classes, functions and other symbols with their lines, without the bodies. Of a folder: the files \
            and folders in it, as git sees them, and a map of its most important files, as signatures. Use it without \
            arguments when you come to a repository that you do not know, and of a file before you read parts of it.
            """,
        inputSchema: [
            "type": "object",
            "properties": [
                "path": [
                    "type": "string",
                    "description": "File or folder, from the repository's root. Default: the root.",
                ],
                "tokens": [
                    "type": "integer",
                    "description": "Tokens at most of a folder's map, up to 50000. Default: 2000 of the root, else 0.",
                ],
            ],
        ])

    /// Lines of an answer.
    private static let limit = 500

    private static let rootTokens = 2000

    private let path: String
    /// Of the map; nil when nobody says.
    private let tokens: Int?

    init(_ arguments: ToolArguments) throws {
        path = try arguments.text("path", "file", "file_path", "folder", "directory") ?? "."
        tokens = try arguments.number("tokens", in: 0...50_000)
    }

    private func tokens(ofFolder folder: String?) -> Int { tokens ?? (folder == "" ? Self.rootTokens : 0) }

    func needs(in root: RepositoryRoot) -> Set<ToolNeed> {
        tokens(ofFolder: try? root.relativePath(of: path)) > 0 ? [.links, .tokenCounter] : []
    }

    func answer(_ graph: GraphQueries, _ surroundings: ToolSurroundings) throws -> ToolAnswer {
        switch try ToolTargets(graph: graph, root: surroundings.root).place(path) {
        case .file(let id): try outline(ofFile: id, graph)
        case .folder(let path):
            try contents(ofFolder: path, graph).adding(
                map(ofFolder: path, graph, surroundings.counter), counter: surroundings.counter)
        }
    }

    private func outline(ofFile id: Int, _ graph: GraphQueries) throws -> ToolAnswer {
        guard let file = try graph.reader.file(id), let stored = try graph.reader.store.file(id) else {
            throw GraphToolError.notIndexed(path: path)
        }
        let lines = SourceLines(stored.text)
        var rows: [(text: String, json: JSONValue)] = []
        var depths: [Int] = []
        for (ordinal, symbol) in file.facts.symbols.enumerated() {
            let depth = symbol.parent >= 0 ? depths[Int(symbol.parent)] + 1 : 0
            depths.append(depth)
            let code = String(lines[Int(symbol.line)].trimmingCharacters(in: .whitespaces).prefix(160))
            rows.append(
                (
                    "\(symbol.line)-\(symbol.endLine)\t" + String(repeating: "  ", count: min(depth, 8))
                        + "\(symbol.kind.name) \(file.facts.names[symbol.name]): \(code)",
                    [
                        "name": .string(file.qualifiedName(ordinal)), "kind": .string(symbol.kind.name),
                        "line": .integer(Int(symbol.line)), "endLine": .integer(Int(symbol.endLine)),
                    ]
                ))
        }
        let language = file.language.map { "\($0), " } ?? ""
        var heading = "\(file.path) (\(language)\(lines.count) lines, \(rows.count) symbols)"
        if rows.isEmpty { heading += "\nIts symbols are not known. The tool 'read' shows its text." }
        return answer(
            heading, path: file.path, rows, list: "symbols", more: "The tool 'read' shows the rest of the file.")
    }

    private func contents(ofFolder folder: String, _ graph: GraphQueries) throws -> ToolAnswer {
        let prefix = folder.isEmpty ? "" : folder + "/"
        var folders: [String: Int] = [:]
        var files: [String] = []
        for path in try graph.reader.store.knownFiles().keys where path.hasPrefix(prefix) {
            let rest = path.dropFirst(prefix.count)
            if let slash = rest.firstIndex(of: "/") {
                folders[String(rest[..<slash]), default: 0] += 1
            } else {
                files.append(String(rest))
            }
        }
        var rows: [(text: String, json: JSONValue)] = []
        for (name, count) in folders.sorted(by: { $0.key < $1.key }) {
            rows.append(
                ("\(name)/\t\(count) files", ["path": .string(prefix + name + "/"), "files": .integer(count)]))
        }
        for name in files.sorted() { rows.append((name, ["path": .string(prefix + name)])) }
        let heading = "\(folder.isEmpty ? "." : folder) (\(folders.count) folders, \(files.count) files)"
        return answer(heading, path: folder, rows, list: "entries", more: "Ask for one of the folders.")
    }

    /// Nil when nobody wants one.
    private func map(ofFolder folder: String, _ graph: GraphQueries, _ counter: TokenCounter) throws -> Packet? {
        let tokens = tokens(ofFolder: folder)
        guard tokens > 0 else { return nil }
        return try RepositoryMap(graph.reader).packet(budget: tokens, folder: folder, counter: counter)
    }

    private func answer(
        _ heading: String, path: String, _ rows: [(text: String, json: JSONValue)], list: String, more: String
    ) -> ToolAnswer {
        var text = heading + "\n"
        var shown: [JSONValue] = []
        for row in rows.prefix(Self.limit) {
            guard text.count + row.text.count < ToolAnswer.characterLimit else { break }
            text += row.text + "\n"
            shown.append(row.json)
        }
        let leftOut = rows.count - shown.count
        if leftOut > 0 { text += "Left out: \(leftOut). \(more)\n" }
        var structured: JSONObject = ["path": .string(path), "total": .integer(rows.count)]
        structured.add(list, .array(shown))
        if leftOut > 0 { structured.add("leftOut", .integer(leftOut)) }
        return ToolAnswer(text, structured: structured)
    }
}

extension ToolAnswer {
    /// With a map below, unless there is nothing in it.
    fileprivate func adding(_ map: Packet?, counter: TokenCounter) -> ToolAnswer {
        guard let map, !map.items.isEmpty else { return self }
        var answer = self
        answer.text += "\nThe most important files here, by how much of the repository depends on them:\n"
        answer.text += "\(map.text)(\(map.size(by: counter)))\n"
        answer.structured?.add("map", .object(map.json(counter)))
        return answer
    }
}
