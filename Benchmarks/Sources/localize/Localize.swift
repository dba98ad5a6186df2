import Foundation
import Localization
import SideBySide

/// How well questions in words lead to the files that answer them: a table on standard output, progress on standard error.
@main
struct Localize {
    private static let usage = """
        localize REPOSITORY... [--count N] [--form full|subject|hard] [--without SETTING=VALUE,...]... [--peers]

        REPOSITORY is a clone with its history, bare or not. N commits of each become questions (25). --without adds a run of
        martlet with other weights of ranking. --peers adds BM25 over words and, where MARTLET_AIDER and MARTLET_SEMBLE name
        Pythons with aider-chat and with semble and wordllama, these. MARTLET is the binary (.build/release/martlet), --work the
        folder for clones (.bench/localization), --runs where results go (Benchmarks/Runs).
        """

    private static let references = "Benchmarks/References"

    private struct Plan {
        var repositories: [String] = []
        var count = 25
        var form = TaskRules.Form.full
        var variants: [String] = []
        var hasPeers = false
        var work = ".bench/localization"
        var runs = "Benchmarks/Runs"
    }

    static func main() {
        do {
            guard let plan = plan(Array(CommandLine.arguments.dropFirst())) else {
                note(usage)
                exit(2)
            }
            // Hours later would be late to say so.
            guard !plan.hasPeers || FileManager.default.fileExists(atPath: references) else {
                note(
                    "localize: \(references) is not here, where the peers' programs are: run it from the project's root."
                )
                exit(2)
            }
            try run(plan)
        } catch {
            note("localize: \(error)")
            exit(2)
        }
    }

    private static func plan(_ arguments: [String]) -> Plan? {
        var plan = Plan()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--peers": plan.hasPeers = true
            case "--count":
                guard let count = rest.popFirst().flatMap(Int.init), count > 0 else { return nil }
                plan.count = count
            case "--form":
                guard let form = rest.popFirst().flatMap(TaskRules.Form.init) else { return nil }
                plan.form = form
            case "--without", "--work", "--runs":
                guard let value = rest.popFirst() else { return nil }
                if argument == "--work" { plan.work = value }
                if argument == "--runs" { plan.runs = value }
                if argument == "--without" { plan.variants.append(value) }
            default:
                if argument.hasPrefix("-") { return nil }
                plan.repositories.append(argument)
            }
        }
        return plan.repositories.isEmpty ? nil : plan
    }

    private static func run(_ plan: Plan) throws {
        let clones = URL(fileURLWithPath: plan.work).path
        try FileManager.default.createDirectory(atPath: clones, withIntermediateDirectories: true)
        var tasks: [LocalizationTask] = []
        for repository in plan.repositories {
            let folder = URL(fileURLWithPath: repository)
            let name = folder.lastPathComponent == "repo" ? folder.deletingLastPathComponent() : folder
            let clone = clones + "/" + name.lastPathComponent
            let maker = TaskMaker(count: plan.count, form: plan.form)
            let made = try maker.tasks(of: CommitHistory(folder: folder.path), clone: clone)
            note("\(name.lastPathComponent): \(made.count) tasks")
            tasks += made
        }
        let date = Date.now.formatted(.iso8601.year().month().day())
        let results = Report.freshFolder(in: URL(fileURLWithPath: plan.runs), date: date)
        var report = LocalizationReport(date: date, form: plan.form.rawValue, tasks: tasks)
        for ranker in rankers(plan) {
            let start = ContinuousClock.now
            let rankings = try ranker.rankings(of: tasks, clones: clones) { index in
                if index % 25 == 0 { note("\(ranker.name): \(index) of \(tasks.count)") }
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            report.rankers.append(LocalizationReport.Entry(name: ranker.name, rankings: rankings, seconds: seconds))
            try report.write(to: results)
        }
        print(report.markdown)
        note("Raw results: \(results.path)")
    }

    private static func rankers(_ plan: Plan) -> [any Ranker] {
        let environment = ProcessInfo.processInfo.environment
        let binary = URL(fileURLWithPath: environment["MARTLET"] ?? ".build/release/martlet").path
        var rankers: [any Ranker] = [MartletRanker(binary: binary)]
        for variant in plan.variants {
            rankers.append(MartletRanker(name: variant, binary: binary, options: ["--weights", variant]))
        }
        guard plan.hasPeers else { return rankers }
        rankers.append(WordRanker())
        let peers = [
            ("aider's map", "MARTLET_AIDER", "aider_files.py"),
            ("semble, wordllama's vectors", "MARTLET_SEMBLE", "semble_files.py"),
        ]
        for (name, variable, script) in peers {
            guard let python = environment[variable] else { continue }
            let path = URL(fileURLWithPath: references + "/" + script).path
            rankers.append(ScriptRanker(name: name, program: python, arguments: [path]))
        }
        return rankers
    }

    private static func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
