import Foundation
import SideBySide

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Side-by-side measurement of martlet and llama.cpp: results on standard output, progress on standard error.
@main
struct Compare {
    static func main() async {
        do {
            switch try Plan.parse(
                Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
            {
            case .help: print(Plan.usage)
            case .spin: spin()
            case .compare(let plan): try await compare(plan)
            }
        } catch {
            note("compare: \(error)")
            exit(2)
        }
    }

    private static func compare(_ plan: Plan) async throws {
        let date = Date.now.formatted(.iso8601.year().month().day())
        let folder = Report.freshFolder(in: URL(fileURLWithPath: plan.runsFolder), date: date)
        var comparison = try Comparison(
            plan, date: date, quick: CommandLine.arguments.contains("--quick"),
            ownProgram: Bundle.main.executablePath ?? CommandLine.arguments[0], progress: note)
        if let load = comparison.report.machine.loadBefore, load > 0.5 {
            note("The load average is \(load): something else is running, and the figures will show it.")
        }
        try await comparison.run { try $0.write(to: folder) }
        print(comparison.report.markdown)
        note("Raw results: \(folder.path)")
    }

    /// Occupies one core for as long as the parent lives.
    private static func spin() {
        let parent = getppid()
        var state: UInt64 = 1
        while getppid() == parent {
            for _ in 0..<50_000_000 { state = state &* 6_364_136_223_846_793_005 &+ 1 }
        }
        // Using the result keeps the loop.
        if state == 0 { note("spun") }
    }

    private static func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
