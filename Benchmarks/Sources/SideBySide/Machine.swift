import Foundation

/// The facts of a machine that explain its speed; nothing that names it.
package struct Machine: Codable, Sendable {
    package var processor: String
    package var cores: Int
    package var vectorFeatures: [String]
    package var memoryGiB: Double
    package var system: String
    /// One-minute load average before the first measurement.
    package var loadBefore: Double?

    package static func current() -> Machine {
        let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        let process = ProcessInfo.processInfo
        return Machine(
            processor: field("model name", of: information) ?? "unknown",
            cores: process.activeProcessorCount,
            vectorFeatures: vectorFeatures(field("flags", of: information) ?? field("Features", of: information) ?? ""),
            memoryGiB: (Double(process.physicalMemory) / 1_073_741_824 * 10).rounded() / 10,
            system: process.operatingSystemVersionString,
            loadBefore: load.split(separator: " ").first.flatMap { Double($0) })
    }

    private static func field(_ name: String, of information: String) -> String? {
        for line in information.split(separator: "\n") where line.hasPrefix(name) {
            return line.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    static func vectorFeatures(_ flags: String) -> [String] {
        let exact: Set<String> = [
            "fma", "f16c", "avx", "avx2", "avx_vnni", "asimd", "asimddp", "i8mm", "bf16", "sve", "sve2",
        ]
        return flags.split(separator: " ").map(String.init).filter {
            exact.contains($0) || $0.hasPrefix("avx512") || $0.hasPrefix("amx")
        }
    }
}
