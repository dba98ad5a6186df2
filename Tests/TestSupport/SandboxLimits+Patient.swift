package import Workspaces

extension SandboxLimits {
    /// All tests run at once on few cores: these limits end nothing that gets on.
    package static var patient: SandboxLimits {
        var limits = SandboxLimits()
        (limits.wallSeconds, limits.cpuSeconds) = (900, 300)
        return limits
    }
}
