import TestSupport
import Testing

#if os(Linux) && arch(x86_64)
    @Suite("NEON kernels")
    struct NeonTests {
        @Test("agree with their scalar twins on an emulated arm64 machine")
        func twins() async throws {
            let run = try await CommandRun.run(Repository.root + "/Scripts/test-neon", [])
            #expect(run.status == 0, "\(run.text)\(run.errors)")
        }
    }
#endif
