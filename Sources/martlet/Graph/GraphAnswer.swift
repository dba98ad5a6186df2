import ArgumentParser
import CodeGraph

/// One line of an answer about a repository.
struct GraphAnswer: Encodable {
    /// From the repository's root.
    var path: String
    /// Counted from 1.
    var line: Int
    /// With the names around it; absent where a file as a whole is meant.
    var symbol: String?
    var kind: String?
    var score: Double?
    /// Why it is here.
    var reason: String?
    /// How sure it is.
    var provenance: String?
    /// True in tests; absent elsewhere.
    var test: Bool?
    /// The text of the line.
    var code: String?
}

extension GraphAnswer {
    /// A symbol by itself, with its signature.
    init(_ id: SymbolID, _ graph: GraphQueries) throws {
        guard let (file, fact) = try graph.reader.symbol(id) else {
            self.init(path: "", line: 0)
            return
        }
        self.init(
            path: file.path, line: Int(fact.line), symbol: file.qualifiedName(id.ordinal), kind: fact.kind.name,
            test: try graph.isInTest(id) ? true : nil, code: try graph.signature(id))
    }

    /// A use of a symbol: who uses it, and the line.
    init(user use: GraphQueries.Use, _ graph: GraphQueries) throws {
        let file = try graph.reader.file(use.file)
        let user = try use.user.flatMap { try graph.reader.symbol($0) }
        self.init(
            path: file?.path ?? "", line: use.line, symbol: use.user.map { file?.qualifiedName($0.ordinal) ?? "" },
            kind: user?.fact.kind.name, reason: use.note, provenance: use.provenance.name,
            test: try graph.isInTest(use) ? true : nil, code: try graph.line(use.line, ofFile: use.file))
    }

    /// What a use means.
    init(target: SymbolID, of use: GraphQueries.Use, _ graph: GraphQueries) throws {
        try self.init(target, graph)
        provenance = use.provenance.name
        reason = "line \(use.line)" + (use.note.map { ", " + $0 } ?? "")
    }

    /// A type or method that inherits from another.
    init(_ heir: GraphQueries.Heir, _ graph: GraphQueries) throws {
        try self.init(heir.symbol, graph)
        provenance = heir.provenance.name
    }

    init(_ hit: Searcher.Hit, _ graph: GraphQueries) throws {
        let file = try graph.reader.file(hit.file)
        let fact = try hit.symbol.flatMap { try graph.reader.symbol($0) }?.fact
        self.init(
            path: file?.path ?? "", line: hit.line, symbol: hit.symbol.flatMap { file?.qualifiedName($0.ordinal) },
            kind: fact?.kind.name ?? "file", score: hit.score, reason: hit.reason,
            code: try hit.symbol.map { try graph.signature($0) })
    }
}

extension GraphAnswer {
    /// A line for people and models, and the code below it.
    var text: String {
        var line = "\(path):\(self.line)"
        let name = [kind, symbol].compactMap { $0 }.joined(separator: " ")
        if !name.isEmpty { line += "  \(name)" }
        let notes = [provenance, reason].compactMap { $0 }.joined(separator: ", ")
        if !notes.isEmpty { line += "  (\(notes))" }
        if let code, !code.isEmpty { line += "\n    \(code)" }
        return line
    }
}

/// Prints answers as lines for people, or as an array of objects.
struct GraphAnswerPrinter {
    let options: GraphAnswerOptions

    /// - Parameter what: what there is none of, in a sentence of its own.
    /// - Throws: exit status 1 when there are none.
    func print(_ answers: [GraphAnswer], none what: String) throws {
        if options.json {
            try TextOutput.results.print(json: answers)
        } else if answers.isEmpty {
            try TextOutput.notes.print(what)
        } else {
            var text = ""
            for answer in answers { text += answer.text + "\n" }
            try TextOutput.results.write(text)
        }
        if answers.isEmpty { throw ExitCode(1) }
    }
}
