#if os(Linux)
    import Foundation
    import Statistics

    /// Puts texts into unrelated files, as they are or in disguise. It knows Python by patterns of its own, not as what
    /// looks for leaks does.
    struct LeakPlanter {
        private var random: RandomStream
        private var words: SyntheticPython

        init(seed: UInt64) {
            random = RandomStream(seed: seed)
            words = SyntheticPython(seed: seed &+ 1)
        }

        /// A file with a text between two of its statements, and the line that it begins on.
        mutating func planted(_ text: String, in host: String) -> (file: String, line: Int) {
            var lines = host.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let places = lines.indices.filter { index in
                lines[index].hasPrefix("def ") || lines[index].hasPrefix("class ")
            }
            let place = places.randomElement(using: &random) ?? lines.count
            lines.insert(
                contentsOf: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init), at: place)
            return (lines.joined(separator: "\n"), place + 1)
        }

        /// Functions, parameters and locals have other names, documentation other words or none, and lines another
        /// indent.
        mutating func disguised(_ text: String) -> String {
            var text = withoutDocumentation(text)
            var names: [String: String] = [:]
            for (index, name) in Self.definedNames(in: text).sorted().enumerated() {
                names[name] = "\(["val", "tmp", "item", "cur", "out"].randomElement(using: &random) ?? "v")_\(index)x"
            }
            // But for attributes, what is quoted, and `name=` of a call.
            text = text.replacing(/([.'"]?)\b([A-Za-z_]\w*)(['"]?)(=?=?)/) { match in
                guard match.1.isEmpty, match.3.isEmpty, match.4 != "=", let name = names[String(match.2)] else {
                    return String(match.0)
                }
                return name + match.4
            }
            let unit = ["  ", "\t", "      "].randomElement(using: &random) ?? "  "
            return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
                !line.isEmpty || Bool.random(using: &random)
            }.map { line in
                let spaces = line.prefix { $0 == " " }.count
                return String(repeating: unit, count: spaces / 4) + line.dropFirst(spaces)
            }.joined(separator: "\n")
        }

        private mutating func withoutDocumentation(_ text: String) -> String {
            let isDropped = Bool.random(using: &random)
            let new = isDropped ? "" : "\"\"\" \(words.sentence(8)) \(words.sentence(14)) \"\"\""
            return text.replacing(/"""(?s:.*?)"""|'''(?s:.*?)'''/, with: new)
        }

        /// Names that are bound somewhere: by `def`, as parameters, by `for`, `lambda` and `=`.
        private static func definedNames(in text: String) -> Set<String> {
            var names: Set<String> = []
            func add(_ list: Substring) {
                for part in list.split(separator: ",") {
                    let name = part.prefix { $0 != ":" && $0 != "=" }.trimmingCharacters(in: .whitespaces)
                    if name.wholeMatch(of: /[A-Za-z_]\w*/) != nil { names.insert(name) }
                }
            }
            for match in text.matches(of: /def (\w+)\(([^)]*)\)/) {
                add(match.1)
                add(match.2)
            }
            for match in text.matches(of: /\bfor ([\w, ]+) in\b/) { add(match.1) }
            for match in text.matches(of: /\blambda ([\w, ]+):/) { add(match.1) }
            for match in text.matches(of: /(?:^|\n)\s*([\w, ]+?) (?:=|\+=|-=)[ ]/) { add(match.output.1) }
            return names.subtracting(["self", "list", "dict", "str", "int", "sum", "max", "min", "_"])
        }
    }
#endif
