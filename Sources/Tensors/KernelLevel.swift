internal import CKernels

/// The instruction sets that kernels are written for.
package enum KernelLevel: Int32, Sendable, CaseIterable {
    case scalar = 0
    case avx2 = 1
    case avx512 = 2
    case neon = 3
    /// AVX2 with 256-bit VNNI: recent client processors without AVX-512.
    case avxvnni = 4

    package var name: String { "\(self)" }

    package var isAvailable: Bool { unsafe mk_kernels_at(rawValue) != nil }

    /// The fastest level of this machine.
    package static var best: Self { Self(rawValue: mk_best_level()) ?? .scalar }

    /// The level that `name` asks for (the value of `MARTLET_CPU`), or the best one for nil.
    package static func named(_ name: String?) throws(KernelLevelError) -> Self {
        guard let name, !name.isEmpty else { return best }
        guard let level = allCases.first(where: { $0.name == name }) else { throw .unknown(name) }
        guard level.isAvailable else { throw .unavailable(level, best: best) }
        return level
    }
}

package enum KernelLevelError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknown(String)
    case unavailable(KernelLevel, best: KernelLevel)

    package var description: String {
        switch self {
        case .unknown(let name):
            "'\(name)' is not a kernel level. MARTLET_CPU takes \(KernelLevel.allCases.map(\.name).joined(separator: ", "))."
        case .unavailable(let level, let best):
            "this processor has no \(level.name) (or lacks a part of it). Unset MARTLET_CPU to use \(best.name)."
        }
    }
}
