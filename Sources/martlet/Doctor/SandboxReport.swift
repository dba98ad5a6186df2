import Workspaces

extension MachineReport {
    /// Whether programs that nobody knows can be run here, as `martlet doctor` finds it.
    struct SandboxReport: Encodable {
        /// From the start of a program that does nothing to its end; absent where nothing can be run.
        var milliseconds: Double?
        /// Why not.
        var reason: String?

        init() async {
            do {
                let outcome = try await Sandbox().run(SandboxedProgram(["/usr/bin/true"]))
                milliseconds = outcome.seconds * 1000
            } catch {
                reason = "\(error)"
            }
        }

        var summary: String {
            milliseconds.map { "works, a program takes \(format($0, places: 0)) ms more" } ?? "none: \(reason ?? "")"
        }
    }
}
