import CodeGraph
import Testing

struct RepositoryMapTests {
    private let sources = [
        "core.py": """
        class Engine:
            limit = 3

            def start_engine(self):
                def helper():
                    pass

            def unused_method(self):
                pass

        def make_engine():
            return Engine()
        """,
        "one.py": "from core import make_engine\n\ndef run_one():\n    make_engine().start_engine()\n",
        "two.py": "from core import make_engine, Engine\n\ndef run_two(engine: Engine):\n    make_engine()\n",
        "lonely.py": "def nobody_calls_this():\n    pass\n",
    ]

    private func map(budget: Int, focus: String? = nil) async throws -> Packet {
        let reader = try await IndexedSources(sources).graph.reader
        let files = try focus.map { Set(try reader.fileIDs(pathEnding: $0)) } ?? []
        return try RepositoryMap(reader).packet(budget: budget, focus: files, counter: .characters)
    }

    @Test("shows all signatures, nested, where there is room, and neither fields nor locals")
    func whole() async throws {
        #expect(
            try await map(budget: 10_000).text == """
                core.py
                1: class Engine:
                4:   def start_engine(self):
                8:   def unused_method(self):
                11: def make_engine():
                lonely.py
                1: def nobody_calls_this():
                one.py
                3: def run_one():
                two.py
                3: def run_two(engine: Engine):

                """)
    }

    @Test("begins with what is used most, and marks what is left out")
    func small() async throws {
        let text = try await map(budget: 40).text
        #expect(text == "core.py\n⋮\n11: def make_engine():\n")
    }

    @Test("goes to the files in focus, and then to what they use")
    func focus() async throws {
        #expect(try await map(budget: 60, focus: "lonely.py").items.map(\.symbol).contains("nobody_calls_this"))
        #expect(try await !map(budget: 60).items.map(\.symbol).contains("nobody_calls_this"))
    }

    @Test("shows what is in a folder, by what all files use")
    func folder() async throws {
        let sources = [
            "lib/used.py": "def used_function():\n    pass\n", "lib/spare.py": "def spare_function():\n    pass\n",
            "library.py": "def other_function():\n    pass\n",
            "main.py": "from lib.used import used_function\nfrom library import other_function\n\n"
                + "used_function()\nother_function()\n",
        ]
        let map = try await RepositoryMap(IndexedSources(sources).graph.reader)
        #expect(
            try map.packet(budget: 10_000, folder: "lib", counter: .characters).text
                == "lib/spare.py\n1: def spare_function():\nlib/used.py\n1: def used_function():\n")
        #expect(
            try map.packet(budget: 45, folder: "lib", counter: .characters).items.map(\.symbol) == ["used_function"])
    }

    @Test("is empty where nothing fits")
    func nothing() async throws {
        #expect(try await map(budget: 5).items.isEmpty)
        #expect(try await map(budget: 5).text.isEmpty)
    }
}
