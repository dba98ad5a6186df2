#if os(Linux)
    import Evaluation
    import Foundation
    import Statistics
    import Testing

    /// What a seed finds of planted leaks, and what it finds where nothing was planted.
    struct ContaminationExperiment {
        let items: [ContaminationItem]
        /// Unrelated files.
        let hosts: [(name: String, text: String)]

        struct Outcome: CustomStringConvertible {
            /// Items that were found where they are, of all, when they were planted as they are, and in disguise.
            var verbatim: Proportion
            var renamed: Proportion
            /// Items that were found in the hosts alone.
            var falseAlarms: Proportion

            var description: String {
                "verbatim \(verbatim.successes) of \(verbatim.trials), "
                    + "renamed \(renamed.successes) of \(renamed.trials), "
                    + "false alarms \(falseAlarms.successes) of \(falseAlarms.trials)"
            }
        }

        /// - Parameter seeds: of the plants; each has every item once as it is and once in disguise.
        func run(seeds: ClosedRange<UInt64>) -> Outcome {
            var (verbatim, renamed) = (0, 0)
            for seed in seeds {
                verbatim += found(seed) { planter, text in
                    text
                } atLeast: {
                    $0 == .verbatim
                }
                renamed += found(seed) { planter, text in
                    planter.disguised(text)
                } atLeast: {
                    $0 != .clean
                }
            }
            var scan = ContaminationScan(items)
            for host in hosts { scan.scan(Array(host.text.utf8), document: host.name) }
            let trials = items.count * seeds.count
            return Outcome(
                verbatim: Proportion(verbatim, of: trials), renamed: Proportion(renamed, of: trials),
                falseAlarms: Proportion(items.count - scan.report.count(.clean), of: items.count))
        }

        private func found(
            _ seed: UInt64, _ disguise: (inout LeakPlanter, String) -> String,
            atLeast isFound: (ContaminationVerdict) -> Bool
        ) -> Int {
            var random = RandomStream(seed: seed)
            var planter = LeakPlanter(seed: seed)
            var scan = ContaminationScan(items)
            for item in items {
                guard let host = hosts.randomElement(using: &random) else { continue }
                let text = disguise(&planter, item.text)
                scan.scan(Array(planter.planted(text, in: host.text).file.utf8), document: "plant of " + item.id)
            }
            return scan.report.items.count { item in
                let passage = item.verdict == .verbatim ? item.verbatim.passage : item.renamed.passage
                return isFound(item.verdict) && passage?.document == "plant of " + item.id
            }
        }

        /// Functions that are made of a seed, in files that are made of another.
        static func synthetic(items: Int, hosts: Int) -> Self {
            var functions = SyntheticPython(seed: 11)
            var files = SyntheticPython(seed: 12)
            return Self(
                items: (0..<items).map { ContaminationItem(id: "made/\($0)", text: functions.function()) },
                hosts: (0..<hosts).map { ("host_\($0).py", files.file(12)) })
        }

        /// HumanEval among the files of Python's own library, which every sandbox has too.
        static func humanEval() throws -> Self {
            let problems = try HumanEvalFile.dataSet().problems
            let files = FileManager.default
            let libraries = try files.contentsOfDirectory(atPath: "/usr/lib").filter { $0.hasPrefix("python3.") }
            let library = "/usr/lib/" + (try #require(libraries.max()))
            let names = (files.enumerator(atPath: library)?.compactMap { $0 as? String } ?? []).sorted()
            let hosts = names.filter { $0.hasSuffix(".py") }.compactMap { name in
                (try? String(contentsOfFile: library + "/" + name, encoding: .utf8)).map { (name, $0) }
            }
            try #require(hosts.count > 100)
            return Self(
                items: problems.map { ContaminationItem(id: $0.id, text: $0.prompt + $0.solution) }, hosts: hosts)
        }
    }
#endif
