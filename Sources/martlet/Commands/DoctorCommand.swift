import ArgumentParser
import Foundation
import ModelFiles
import Settings

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: """
            Look at processor, memory, disk, models, grammars, language servers, the sandbox and settings: what is wrong, and \
            how to mend it.
            """,
        discussion: "Exits with status 1 when something does not work.")
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        var problem: SettingsError?
        let plan: SettingsPlan
        do throws(SettingsError) {
            plan = try ResolvedSettings().plan
        } catch {
            problem = error
            plan = ResolvedSettings(layers: [], folders: StandardFolders(environment: environment)).plan
        }
        let result = await MachineReport(plan: plan, settingsProblem: problem, environment: environment)
        if report.json {
            try TextOutput.results.print(json: result)
        } else {
            try TextOutput.results.write(text(result))
        }
        if result.findings.contains(where: { $0.severity == .problem }) { throw ExitCode(1) }
    }

    private func text(_ result: MachineReport) -> String {
        var table = Table()
        let processor = result.processor
        table.add("processor", processor.name)
        table.add(
            "cores",
            "\(processor.coresUsable) usable of \(processor.coresOnline), load \(format(processor.load, places: 1))")
        if !processor.features.isEmpty { table.add("features", processor.features.joined(separator: " ")) }
        table.add(
            "kernels",
            "\(processor.level ?? "none") (this processor can do \(processor.levels.joined(separator: ", ")))")
        let memory = result.memory
        let available = memory.availableBytes.map { ", \(ByteCount($0)) available" } ?? ""
        table.add("memory", "\(ByteCount(memory.totalBytes))\(available)")
        if let rate = memory.readBytesPerSecond {
            table.add("memory speed", "\(format(rate / 1e9, places: 1)) GB/s read")
        }
        let free = result.store.freeBytes.map { ", \(ByteCount($0)) free" } ?? ""
        table.add("models", "\(result.store.folder)\(free)")
        for model in result.store.models {
            let limit = model.tokensPerSecondAtMost.map { ", at most about \(format($0, places: 0)) tokens/s" } ?? ""
            table.add("", "\(model.name), \(ByteCount(model.bytes))\(limit)")
        }
        table.add("grammars", "\(result.grammars.folder), \(result.grammars.summary)")
        table.add("search", result.search.summary)
        let servers = result.languageServers.map(\.summary).joined(separator: ", ")
        table.add("language servers", servers.isEmpty ? "none, so that --precise checks nothing" : servers)
        table.add("sandbox", result.sandbox.summary)
        var text = table.text + "\n"
        for finding in result.findings {
            text += "\(finding.severity.rawValue): \(finding.message).\n  mend: \(finding.remedy)\n"
        }
        return text + (result.findings.allSatisfy { $0.severity == .note } ? "Everything is in order.\n" : "")
    }
}
