extension ServerCatalogue {
    /// Why a list of servers cannot be understood.
    package enum OverrideError: Error, Hashable, Sendable {
        case malformed(String)
        case unknownLanguage(String, known: [String])
    }

    /// Puts servers of the user's own before all others, for some languages: `python=pylsp; c=/opt/llvm/bin/clangd`.
    /// Programs that are known here keep their arguments, unless some are given. `off` leaves a language without one.
    package mutating func override(with text: String) throws(OverrideError) {
        for item in text.split(separator: ";") {
            let words = item.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if words.isEmpty { continue }
            let parts = words.split(separator: "=", maxSplits: 1).map { part in
                part.split(separator: " ").map(String.init)
            }
            guard parts.count == 2, parts[0].count == 1, !parts[1].isEmpty else { throw .malformed(words) }
            let language = parts[0][0].lowercased()
            guard languages.contains(language) else { throw .unknownLanguage(language, known: languages) }
            replace(language, command: parts[1])
        }
    }

    private mutating func replace(_ language: String, command: [String]) {
        let program = command[0].split(separator: "/").last.map(String.init) ?? command[0]
        // Debian's clangd-19 is clangd.
        let known = entries(for: language).first { entry in
            program == entry.command[0] || program.hasPrefix(entry.command[0] + "-")
        }
        let name = entries(for: language).first?.languages[language] ?? language
        for index in entries.indices { entries[index].languages[language] = nil }
        if command == ["off"] {
            // Still a language that servers are known for.
            entries.append(ServerEntry(name: "off", languages: [language: name], command: [""], installation: ""))
            return
        }
        var entry = known ?? ServerEntry(name: program, languages: [:], command: command, installation: "")
        entry.languages = [language: name]
        entry.command = command.count > 1 ? command : [command[0]] + (known?.command.dropFirst() ?? [])
        entry.installation = "\(command[0]), as the settings ask for"
        entries.insert(entry, at: 0)
    }
}

extension ServerCatalogue.OverrideError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let text):
            "'\(text)' names no language server. It has to look like: python=pyright-langserver --stdio"
        case .unknownLanguage(let name, let known):
            "no language server is known for '\(name)'. Languages are: \(known.joined(separator: ", "))"
        }
    }
}
