import Foundation
import TestSupport
import Testing

@Suite("Documents made by scripts")
struct GeneratedDocumentsTests {
    @Test("the manual page is current: Scripts/make-manual.py .build/release/martlet >Docs/martlet.1")
    func manualPage() async throws {
        let run = try await CommandRun.run(
            "/usr/bin/env", ["python3", Repository.root + "/Scripts/make-manual.py", Repository.martlet])
        #expect(run.status == 0)
        let kept = try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/Docs/martlet.1"))
        #expect(run.output == kept)
    }
}
