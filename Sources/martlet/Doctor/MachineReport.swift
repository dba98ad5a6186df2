import Foundation
import Generation
import GrammarFiles
import ModelFiles
import Settings
import Tensors

/// What `martlet doctor` finds out about this machine.
struct MachineReport: Encodable {
    struct Processor: Encodable {
        var name: String
        var coresUsable: Int
        var coresOnline: Int
        /// Runnable processes on average over the last minute.
        var load: Double
        /// Instructions that matter here and that this processor has, as the system names them.
        var features: [String]
        /// Instruction sets that there are kernels for, and the one in use.
        var levels: [String]
        var level: String?
    }

    struct Memory: Encodable {
        var totalBytes: Int
        var availableBytes: Int?
        var readBytesPerSecond: Double?
    }

    struct Store: Encodable {
        var folder: String
        var freeBytes: Int?
        var models: [Model] = []
    }

    struct Model: Encodable {
        var name: String
        var bytes: Int
        /// The memory's speed over the model's size. Nil for models that read only a part of themselves for a token.
        var tokensPerSecondAtMost: Double?
    }

    var processor: Processor
    var memory: Memory
    var store: Store
    var grammars: Grammars
    var search: SearchVectorReport
    var languageServers: [LanguageServerFound]
    var sandbox: SandboxReport
    var findings: [Finding] = []

    /// Looks at everything; takes about a second, most of it measuring the memory.
    init(plan: SettingsPlan, settingsProblem: SettingsError?, environment: [String: String]) async {
        processor = Processor.current
        memory = Memory(
            totalBytes: Int(ProcessInfo.processInfo.physicalMemory), availableBytes: Machine.availableMemory)
        store = Store(
            folder: plan.modelsFolder, freeBytes: DiskSpace.free(at: plan.modelsFolder).map(Int.init(clamping:)))
        grammars = Grammars(GrammarStore(root: plan.grammarsFolder))
        search = SearchVectorReport(plan)
        var serverProblem: Finding?
        languageServers = LanguageServerFound.all(plan.precise, environment: environment, problem: &serverProblem)
        sandbox = await SandboxReport()
        memory.readBytesPerSecond = MemoryBandwidth.measure(threads: plan.threads ?? processor.coresUsable)
        if let settingsProblem { findings.append(.problem("\(settingsProblem)", remedy: "martlet config show")) }
        inspectProcessor(forced: environment["MARTLET_CPU"])
        inspectModels(plan)
        inspectRoom(plan)
        findings += grammars.findings + search.findings
        if let serverProblem { findings.append(serverProblem) }
        inspect(environment)
    }

    private mutating func inspectProcessor(forced: String?) {
        do {
            let level = try KernelLevel.named(forced)
            processor.level = level.name
            if level == .scalar {
                findings.append(
                    .warning(
                        "the kernels for any processor are in use, which are slow",
                        remedy: forced == nil ? "use a processor with AVX2, AVX-512 or NEON" : "unset MARTLET_CPU"))
            } else if level != .best {
                findings.append(
                    .warning(
                        "MARTLET_CPU forces \(level.name); this processor can do \(KernelLevel.best.name)",
                        remedy: "unset MARTLET_CPU"))
            }
        } catch {
            findings.append(.problem("\(error)", remedy: "unset MARTLET_CPU"))
        }
        if processor.load > Double(processor.coresUsable) * 0.75 {
            findings.append(
                .warning(
                    "other programs keep \(format(processor.load, places: 1)) cores busy, and this process may use \(processor.coresUsable)",
                    remedy: "expect less speed, or stop them"))
        }
    }

    private mutating func inspectModels(_ plan: SettingsPlan) {
        let models = ModelStore(root: plan.modelsFolder)
        do {
            let (stored, problems) = try models.list()
            store.models = stored.map { model in
                Model(
                    name: model.manifest.name, bytes: model.byteCount,
                    tokensPerSecondAtMost: WordVectorFolder.isOne(model.folder)
                        ? nil : memory.readBytesPerSecond.map { $0 / Double(max(1, model.byteCount)) })
            }
            for problem in problems {
                findings.append(.problem("\(problem)", remedy: "martlet model pull NAME --force"))
            }
        } catch {
            findings.append(.problem("\(error)", remedy: "check the folder \(plan.modelsFolder)"))
        }
        do {
            let path = try models.resolve(plan.model, home: NSHomeDirectory()).path
            let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            if let available = memory.availableBytes, bytes > available {
                findings.append(
                    .warning(
                        "\(plan.model) has \(ByteCount(bytes)) and \(ByteCount(available)) of memory are free: it will be read from disk for every token",
                        remedy: "close other programs, or use a smaller model (martlet model list --available)"))
            }
        } catch {
            findings.append(.warning("\(error)", remedy: "martlet model pull \(plan.model)"))
        }
    }

    private mutating func inspectRoom(_ plan: SettingsPlan) {
        guard let free = store.freeBytes, free < 2_000_000_000 else { return }
        findings.append(
            .warning(
                "only \(ByteCount(free)) are free for models in \(plan.modelsFolder)",
                remedy: "make room, or choose another disk with MARTLET_MODELS"))
    }

    private mutating func inspect(_ environment: [String: String]) {
        let known = Set(SettingKey.allCases.map(\.environmentName) + ["MARTLET_CPU"])
        for name in environment.keys.sorted() where name.hasPrefix("MARTLET_") && !known.contains(name) {
            let nearest = nearestName(to: name, among: known.sorted())
            findings.append(
                .warning(
                    "the variable \(name) is set, but nothing reads it",
                    remedy: nearest.map { "did you mean \($0)?" } ?? "unset \(name)"))
        }
    }
}

/// Something that could be better, and what to do about it.
struct Finding: Encodable, Equatable {
    enum Severity: String, Encodable {
        /// Something does not work.
        case problem
        /// It works, but not as well as it could.
        case warning
        /// Nothing is wrong; there could be more.
        case note
    }

    var severity: Severity
    var message: String
    var remedy: String

    static func problem(_ message: String, remedy: String) -> Self {
        Finding(.problem, message, remedy: remedy)
    }

    static func warning(_ message: String, remedy: String) -> Self {
        Finding(.warning, message, remedy: remedy)
    }

    static func note(_ message: String, remedy: String) -> Self {
        Finding(.note, message, remedy: remedy)
    }

    private init(_ severity: Severity, _ message: String, remedy: String) {
        self.severity = severity
        // Errors of other modules end with advice of their own; here it stands apart.
        let facts = message.components(separatedBy: " Try: ")[0]
        self.message = ErrorReport.continued(facts.trimmingCharacters(in: ["."]))
        self.remedy = remedy
    }
}
