import CodeGraph
import Testing

@Suite("Names of local variables")
struct LocalNameTests {
    @Test("a parameter that is handed on is no use of a member of its name")
    func parameters() async throws {
        let repository = try await SampleRepository([
            "Headers.kt": """
            class Headers {
                fun name(): String = ""
                fun get(name: String) { find(name) }
                fun all() { find(::name) }
            }
            """
        ])
        let uses = try repository.graph.uses(of: repository.symbols("Headers.name"))
        #expect(uses.map(\.line) == [4])
    }
}
