import ModelFiles
import Testing

@Suite("The catalogue")
struct CatalogueTests {
    @Test("holds sound entries: references parse, digests are whole, names have a family and a tag")
    func entries() throws {
        let entries = Catalogue.builtIn.entries
        #expect(Set(entries.map(\.name)).count == entries.count)
        for entry in entries {
            #expect(entry.name.split(separator: ":").count == 2)
            #expect(entry.name == entry.name.lowercased())
            #expect(!entry.sources.isEmpty)
            #expect(entry.byteCount > 1_000_000)
            if let model = entry.model {
                // Four to six bits a weight, or what the name says, so that a misplaced digit is noticed.
                let bits = Double(entry.byteCount) * 8 / Double(model.parameters)
                let expected = entry.quantisation == "F32" ? 32...32.6 : 4.2...8.1
                #expect(expected.contains(bits), "\(entry.name): \(bits) bits per weight")
                #expect(model.heads % model.keyValueHeads == 0)
            }
            #expect(entry.licence.class != .unknown)
            for source in entry.sources {
                switch try ModelReference(source.reference) {
                case .hub, .wheels: break
                case .name, .path: Issue.record("\(entry.name): \(source.reference)")
                }
                #expect(source.files.map { $0.count == entry.files?.count } ?? true, "\(entry.name)")
                if let hash = source.sha256 { #expect(ContentHash(hexadecimal: hash) != nil) }
            }
        }
        for family in Set(entries.map(\.family)) {
            #expect(entries.count { $0.family == family && $0.isDefault == true } == 1)
        }
    }

    @Test(
        "finds the models of the issue by name and by family",
        arguments: [
            ("qwen2.5-coder", "qwen2.5-coder:1.5b"), ("Qwen2.5-Coder:7B", "qwen2.5-coder:7b"),
            ("qwen3-coder", "qwen3-coder:30b"), ("qwen3-coder-next", "qwen3-coder-next:80b"),
            ("deepseek-coder-v2:lite", "deepseek-coder-v2:lite"), ("deepseek-coder-v2:16b", "deepseek-coder-v2:lite"),
            ("codestral", "codestral:22b"),
            ("starcoder2:latest", "starcoder2:3b"), ("smollm2", "smollm2:135m"), ("all-minilm", "all-minilm:l6"),
            ("wordllama", "wordllama:256"),
        ])
    func names(name: String, expected: String) {
        #expect(Catalogue.builtIn.entry(named: name)?.name == expected)
    }

    @Test(
        "suggests what was meant",
        arguments: [
            ("codestrl", "codestral:22b"), ("qwen2.5coder:7b", "qwen2.5-coder:7b"),
            ("qwen2.5-coder:8b", "qwen2.5-coder:7b"),
            ("starcodr2", "starcoder2:3b"), ("smolm2:135m", "smollm2:135m"), ("qwen-3-coder", "qwen3-coder:30b"),
        ])
    func suggestions(name: String, expected: String) {
        #expect(Catalogue.builtIn.suggestions(for: name).contains(expected))
    }

    @Test("suggests nothing for what resembles nothing")
    func noSuggestions() {
        #expect(Catalogue.builtIn.suggestions(for: "xylophone").isEmpty)
    }
}

@Suite("Licences")
struct LicenceTests {
    @Test(
        "are classified by what they allow",
        arguments: [
            ("apache-2.0", "Apache-2.0", Licence.Class.openSource), ("MIT", "MIT", .openSource),
            ("llama3.1", "Llama 3.1 Community License", .openWeights),
            ("qwen-research", "Qwen Research License", .openWeights),
            ("bigcode-openrail-m", "BigCode OpenRAIL-M v1", .openWeights), ("mnpl", "MNPL-0.1", .openWeights),
            ("deepseek", "DeepSeek License", .openWeights), ("other", "unknown", .unknown), ("", "unknown", .unknown),
            ("my-own", "my-own", .unknown),
        ])
    func classes(declared: String, name: String, expected: Licence.Class) {
        let licence = Licence(declared: declared)
        #expect(licence.name == name)
        #expect(licence.class == expected)
    }
}
