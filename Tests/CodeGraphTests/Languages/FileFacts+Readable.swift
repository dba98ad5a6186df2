import CodeGraph

extension FileFacts {
    /// One line a fact, in the order of the text, for people to check.
    func readable(of text: [UInt8]) -> String {
        var lines = symbols.indices.map { line(symbol: $0, text) }
        lines += references.map { fact in
            "\(fact.role) \(qualified(fact.receiver, fact.name))\(place(fact.container, fact.line))"
        }
        lines += imports.map { fact in
            let parts =
                labelled("name", fact.name) + labelled("as", fact.alias) + (fact.isWildcard ? " all names" : "")
            return "import \(names[fact.module])\(parts)\(place(fact.container, fact.line))"
        }
        lines += bindings.map { fact in
            let type = Self.oneLine(names.utf8(fact.type))
            return "bind \(names[fact.name]) \(said(fact.form)) \(type)"
                + place(fact.container, fact.line)
                + (fact.end == 0 ? "" : " until line \(text[..<Int(fact.end)].count { $0 == 10 } + 1)")
        }
        lines += annotations.map { fact in
            "annotate \(path(Int(fact.symbol))) with \(names[fact.name])\(labelled("arguments", fact.arguments))"
                + " (line \(fact.line))"
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func said(_ form: BindingForm) -> String {
        switch form {
        case .declared: "of type"
        case .made: "= result or value of"
        case .assigned: "="
        case .element: "in"
        case .called: "= result of"
        case .entered: "entered with"
        case .handedFirst: "first parameter of what is handed to"
        case .handedSecond: "second parameter of what is handed to"
        case .handedThird: "third parameter of what is handed to"
        }
    }

    private func line(symbol index: Int, _ text: [UInt8]) -> String {
        let fact = symbols[index]
        let lines = fact.line == fact.endLine ? "line \(fact.line)" : "lines \(fact.line)-\(fact.endLine)"
        var line = "\(fact.kind.name) \(path(index)) (\(lines))"
        line += labelled("owner", fact.owner) + labelled("type", fact.type)
        if fact.isDeclaration { line += " declared only" }
        if fact.isPrivate { line += " private" }
        if fact.bodyStart < fact.end {
            line += " signature \"\(Self.oneLine(text[Int(fact.start)..<Int(fact.bodyStart)]))\""
        }
        if fact.docEnd > fact.docStart {
            line += " doc \"\(Self.oneLine(text[Int(fact.docStart)..<Int(fact.docEnd)]))\""
        }
        return line
    }

    private func path(_ index: Int) -> String {
        let parent = Int(symbols[index].parent)
        return (parent < 0 ? "" : path(parent) + ".") + names[symbols[index].name]
    }

    private func qualified(_ receiver: NameTable.ID, _ name: NameTable.ID) -> String {
        receiver == 0 ? names[name] : "\(Self.oneLine(names.utf8(receiver))) . \(names[name])"
    }

    private func place(_ container: Int32, _ line: UInt32) -> String {
        (container < 0 ? "" : " in \(path(Int(container)))") + " (line \(line))"
    }

    private func labelled(_ label: String, _ name: NameTable.ID) -> String {
        name == 0 ? "" : " \(label) \(Self.oneLine(names.utf8(name)))"
    }

    /// White space becomes one space.
    private static func oneLine(_ text: ArraySlice<UInt8>) -> String {
        text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
