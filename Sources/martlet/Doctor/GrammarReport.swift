import GrammarFiles

extension MachineReport {
    /// The grammars of programming languages, as `martlet doctor` finds them.
    struct Grammars: Encodable {
        var folder: String
        /// That can be used.
        var usable = 0
        var damaged: [String] = []
        var findings: [Finding] = []

        enum CodingKeys: CodingKey { case folder, usable, damaged }

        /// Hashes all libraries, which takes about as long as reading them.
        init(_ store: GrammarStore) {
            folder = store.root
            let pull = "martlet grammar pull"
            switch store.bundleState() {
            case .absent:
                findings.append(.note("the grammars of programming languages are not on this machine", remedy: pull))
            case .installed: break
            case .broken(let error):
                // A pull would put these in the place of the other machine's.
                if case .otherPlatform = error {
                    findings.append(.problem("\(error)", remedy: "export MARTLET_GRAMMARS=FOLDER, then \(pull)"))
                } else {
                    findings.append(.problem("\(error)", remedy: pull))
                }
            }
            for grammar in store.status() {
                switch grammar.problem {
                case nil: usable += 1
                case let problem?:
                    damaged.append(grammar.name)
                    let remedy = grammar.origin == .own ? "compile \(grammar.path) again, or remove it" : pull
                    findings.append(.problem("the grammar of \(grammar.name) \(problem)", remedy: remedy))
                }
            }
        }

        var summary: String {
            damaged.isEmpty ? "\(usable) usable" : "\(usable) usable, \(damaged.count) not"
        }
    }
}

extension GrammarStatus {
    /// What is wrong with it, as a sentence goes on after its name; nil when nothing is.
    var problem: String? {
        switch condition {
        case .ok: nil
        case .missing: "has lost its file \(path)"
        case .damaged(let reason): "is damaged (\(path): \(reason))"
        }
    }
}
