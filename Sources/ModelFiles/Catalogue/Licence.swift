internal import HTTP

/// A model's licence and what kind of permission it is.
package struct Licence: Codable, Hashable, Sendable {
    package enum Class: String, Codable, Hashable, Sendable {
        /// Free to use, change and pass on: Apache-2.0, MIT, BSD ...
        case openSource = "open source"
        /// The weights are public, the use is restricted: read the conditions first.
        case openWeights = "open weights with conditions"
        case unknown
    }

    /// An SPDX identifier where there is one, else the licence's own name.
    package let name: String
    package let `class`: Class

    package init(name: String, class: Class) {
        self.name = name
        self.class = `class`
    }

    package static let unknown = Licence(name: "unknown", class: .unknown)

    /// Classifies what model cards and GGUF files write into `license`.
    package init(declared name: String) {
        let key = name.lowercased().trimmingWhitespace()
        if let spdx = Self.openSourceIdentifiers.first(where: { $0.lowercased() == key }) {
            self.init(name: spdx, class: .openSource)
        } else if let known = Self.conditional.first(where: { key.contains($0.key) }) {
            self.init(name: known.name, class: .openWeights)
        } else {
            self.init(name: key.isEmpty || key == "other" ? "unknown" : name, class: .unknown)
        }
    }

    /// Approved by the Open Source Initiative, or a public-domain dedication; met on models.
    private static let openSourceIdentifiers = [
        "Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "LGPL-3.0", "GPL-2.0", "GPL-3.0",
        "AGPL-3.0", "EPL-2.0", "Artistic-2.0", "BSL-1.0", "Zlib", "Unlicense", "CC0-1.0", "WTFPL", "ECL-2.0", "AFL-3.0",
        "NCSA", "PostgreSQL", "EUPL-1.2",
    ]

    /// Parts of names by which community licences are known, and how to call them.
    private static let conditional: [(key: String, name: String)] = [
        ("llama3.3", "Llama 3.3 Community License"), ("llama3.2", "Llama 3.2 Community License"),
        ("llama3.1", "Llama 3.1 Community License"), ("llama3", "Llama 3 Community License"),
        ("llama4", "Llama 4 Community License"), ("llama2", "Llama 2 Community License"),
        ("qwen-research", "Qwen Research License"), ("qwen", "Qwen License"), ("gemma", "Gemma Terms of Use"),
        ("openrail", "BigCode OpenRAIL-M v1"), ("mnpl", "MNPL-0.1"), ("mrl", "Mistral Research License"),
        ("deepseek", "DeepSeek License"), ("cc-by-nc", "CC-BY-NC"), ("health-ai", "Health AI Developer Foundations"),
        ("falcon", "Falcon License"), ("grok", "Grok Community License"), ("kimi", "Kimi K2 Modified MIT License"),
    ]
}
