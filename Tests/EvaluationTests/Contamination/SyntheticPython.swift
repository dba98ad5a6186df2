#if os(Linux)
    import Statistics

    /// Python functions made of a seed: no two are alike, and none is anybody's.
    struct SyntheticPython {
        private var random: RandomStream
        private var names: [String] = []
        private static let words = """
            amber basin cedar delta ember flint grove harbour island jasper kettle lantern meadow nectar orchard pebble
            quarry ripple saddle timber umber valley willow yonder zephyr anchor beacon copper dapple engine fathom
            """.split { $0 == " " || $0 == "\n" }.map(String.init)

        init(seed: UInt64) { random = RandomStream(seed: seed) }

        private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
        private mutating func word() -> String { Self.words[below(Self.words.count)] }
        private mutating func name() -> String { names[below(names.count)] }
        private mutating func newName() -> String {
            let name = word() + "_" + String(below(90) + 10)
            names.append(name)
            return name
        }

        mutating func sentence(_ count: Int) -> String { (0..<count).map { _ in word() }.joined(separator: " ") + "." }

        private mutating func value(_ depth: Int) -> String {
            switch depth <= 0 ? below(3) : below(9) {
            case 0, 1: name()
            case 2: String(below(100))
            case 3: "len(\(name()))"
            case 4: "\(value(depth - 1)) \(["+", "-", "*", "//", "%"][below(5)]) \(value(depth - 1))"
            case 5: "\(name())[\(value(depth - 1))]"
            case 6: "\(["abs", "max", "min", "sum", "sorted"][below(5)])(\(value(depth - 1)), \(value(depth - 1)))"
            case 7: "\(name()).\(["get", "index", "count", "find"][below(4)])(\(value(depth - 1)))"
            default: "[\(value(depth - 1)) for \(newName()) in \(name())]"
            }
        }

        private mutating func test() -> String {
            "\(value(1)) \(["<", ">", "==", "!=", "in"][below(5)]) \(value(1))"
        }

        private mutating func statements(_ count: Int, _ indent: String, _ depth: Int) -> [String] {
            var lines: [String] = []
            for _ in 0..<count {
                let inner = indent + "    "
                switch depth <= 0 ? below(3) : below(7) {
                case 0:
                    let value = value(2)
                    lines.append("\(indent)\(newName()) = \(value)")
                case 1: lines.append("\(indent)\(name()) \(["+=", "-="][below(2)]) \(value(1))")
                case 2: lines.append("\(indent)\(name()).append(\(value(2)))")
                case 3: lines += ["\(indent)if \(test()):"] + statements(1 + below(2), inner, depth - 1)
                case 4:
                    lines += ["\(indent)if \(test()):"] + statements(1, inner, depth - 1)
                    lines += ["\(indent)else:"] + statements(1, inner, depth - 1)
                case 5:
                    let list = value(1)
                    lines += ["\(indent)for \(newName()) in \(list):"] + statements(1 + below(2), inner, depth - 1)
                default: lines += ["\(indent)while \(test()):"] + statements(1 + below(2), inner, depth - 1)
                }
            }
            return lines
        }

        /// A function with documentation and some statements.
        mutating func function() -> String {
            names = []
            let entry = word() + "_" + word() + "_" + String(below(900) + 100)
            let parameters = (0...below(3)).map { _ in newName() }.joined(separator: ", ")
            let text = "    \"\"\"\(sentence(9))\n    \(sentence(12))\n    \"\"\""
            return
                (["def \(entry)(\(parameters)):", text] + statements(4 + below(4), "    ", 2) + [
                    "    return \(value(2))"
                ])
                .joined(separator: "\n") + "\n"
        }

        /// A file of functions.
        mutating func file(_ count: Int) -> String {
            (0..<count).map { _ in function() }.joined(separator: "\n\n")
        }
    }
#endif
