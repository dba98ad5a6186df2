import Foundation
import Generation
import Tensors

extension MachineReport.Processor {
    /// The processor that this process runs on.
    static var current: Self {
        var averages = [0.0, 0.0, 0.0]
        let count = getloadavg(&averages, 3)
        let facts = ProcessorFacts()
        return Self(
            name: facts.name ?? "unknown", coresUsable: Machine.usableCores,
            coresOnline: ProcessInfo.processInfo.activeProcessorCount, load: count > 0 ? averages[0] : 0,
            features: facts.features, levels: KernelLevel.allCases.filter(\.isAvailable).map(\.name))
    }
}

/// What the system says about its first processor.
private struct ProcessorFacts {
    var name: String?
    var features: [String] = []

    #if os(Linux)
        /// The instructions that kernels are, or could be, written with.
        private static let interesting: Set<Substring> = [
            "avx2", "fma", "f16c", "avx_vnni", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16",
            "amx_int8",
            "amx_bf16", "asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2",
        ]

        init() {
            guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return }
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let value = parts[1].trimmingCharacters(in: .whitespaces)
                switch parts[0].trimmingCharacters(in: .whitespaces) {
                case "model name", "CPU part": name = name ?? value
                case "flags" where features.isEmpty, "Features" where features.isEmpty:
                    features = value.split(separator: " ").filter(Self.interesting.contains).map(String.init)
                default: break
                }
            }
        }
    #elseif canImport(Darwin)
        init() {
            var size = 0
            sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
            var bytes = [UInt8](repeating: 0, count: size)
            sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0)
            name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    #else
        init() {}
    #endif
}
